-- The kernel's tables and indexes, as far as one command writes to them, without the triggers that guard them.
CREATE TABLE events (
    subject TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL,
    name TEXT NOT NULL, actor TEXT NOT NULL, event TEXT NOT NULL,
    PRIMARY KEY (subject, version)
) STRICT;
CREATE TABLE cases (
    id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, stage TEXT NOT NULL, division TEXT NOT NULL,
    place TEXT NOT NULL, category TEXT NOT NULL, kind TEXT NOT NULL, registered_at INTEGER NOT NULL, state TEXT NOT NULL
) STRICT;
CREATE INDEX cases_by_time     ON cases (registered_at, id);
CREATE INDEX cases_by_division ON cases (division, registered_at, id);
CREATE INDEX cases_by_place    ON cases (place, registered_at, id);
CREATE INDEX cases_by_category ON cases (category, registered_at, id);
CREATE TABLE case_units (
    case_id TEXT NOT NULL, unit TEXT NOT NULL, role TEXT NOT NULL, PRIMARY KEY (case_id, unit, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_units_by_unit ON case_units (unit, case_id);
CREATE TABLE clocks (
    subject TEXT NOT NULL, clock INTEGER NOT NULL, name TEXT NOT NULL, owner TEXT,
    due INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY (subject, clock)
) STRICT, WITHOUT ROWID;
CREATE INDEX clocks_due ON clocks (due) WHERE state = 'running';
CREATE TABLE texts (id TEXT NOT NULL PRIMARY KEY, subject TEXT NOT NULL, words TEXT NOT NULL) STRICT;
CREATE INDEX texts_by_subject ON texts (subject, id);
CREATE TABLE answers (
    principal TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, status INTEGER NOT NULL,
    body TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (principal, key)
) STRICT;
CREATE INDEX answers_by_age ON answers (at);
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, effect TEXT NOT NULL, at INTEGER NOT NULL, dispatched_at INTEGER
) STRICT;
CREATE INDEX outbox_waiting ON outbox (id) WHERE dispatched_at IS NULL;
CREATE TABLE consultations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT NOT NULL, at INTEGER NOT NULL, consultation TEXT NOT NULL
) STRICT;
CREATE INDEX consultations_by_subject ON consultations (subject, id);
