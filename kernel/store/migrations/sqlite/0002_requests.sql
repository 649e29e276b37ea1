-- What surrounds a command: its answer under its key, what is to be told, what plugins said, what was refused.

CREATE TABLE answers (
    principal TEXT    NOT NULL,
    key       TEXT    NOT NULL,
    request   TEXT    NOT NULL,
    status    INTEGER NOT NULL,
    body      TEXT    NOT NULL,
    version   INTEGER,
    at        INTEGER NOT NULL,
    PRIMARY KEY (principal, key)
) STRICT;

CREATE INDEX answers_by_age ON answers (at);

CREATE TABLE outbox (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    effect        TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    dispatched_at INTEGER
) STRICT;

CREATE INDEX outbox_waiting ON outbox (id) WHERE dispatched_at IS NULL;

CREATE TABLE consultations (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    subject_kind TEXT    NOT NULL,
    subject      TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    consultation TEXT    NOT NULL
) STRICT;

CREATE INDEX consultations_by_subject ON consultations (subject_kind, subject, id);

CREATE TRIGGER consultations_never_replace BEFORE INSERT ON consultations
WHEN EXISTS (SELECT 1 FROM consultations WHERE id = NEW.id)
BEGIN
    SELECT raise(ABORT, 'consultations are append-only');
END;

CREATE TRIGGER consultations_never_change BEFORE UPDATE ON consultations
BEGIN
    SELECT raise(ABORT, 'consultations are append-only');
END;

CREATE TRIGGER consultations_never_go BEFORE DELETE ON consultations
BEGIN
    SELECT raise(ABORT, 'consultations are append-only');
END;

CREATE TABLE refusals (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    subject_kind TEXT,
    subject      TEXT,
    at           INTEGER NOT NULL,
    refusal      TEXT    NOT NULL
) STRICT;

CREATE INDEX refusals_by_subject ON refusals (subject_kind, subject, id);

CREATE TRIGGER refusals_never_replace BEFORE INSERT ON refusals
WHEN EXISTS (SELECT 1 FROM refusals WHERE id = NEW.id)
BEGIN
    SELECT raise(ABORT, 'refusals are append-only');
END;

CREATE TRIGGER refusals_never_change BEFORE UPDATE ON refusals
BEGIN
    SELECT raise(ABORT, 'refusals are append-only');
END;

CREATE TRIGGER refusals_never_go BEFORE DELETE ON refusals
BEGIN
    SELECT raise(ABORT, 'refusals are append-only');
END;
