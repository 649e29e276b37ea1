-- What is counted: a row for each case and each unit's docket, which follows from the events, and cases of old systems,
-- which were imported as facts; and what assessments recorded: appeals, bulletins, sheets.

CREATE TABLE facts (
    case_id  TEXT    NOT NULL PRIMARY KEY,
    place    TEXT    NOT NULL,
    -- The first and the last instant at which anything of it can count.
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    imported INTEGER NOT NULL CHECK (imported IN (0, 1)),
    facts    TEXT    NOT NULL
) STRICT;

-- Whatever a window has to look at is found without reading a row.
CREATE INDEX facts_by_time ON facts (last_at, first_at, place, case_id);

CREATE TABLE unit_facts (
    unit  TEXT NOT NULL PRIMARY KEY,
    facts TEXT NOT NULL
) STRICT;

CREATE TABLE assessments (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    kind     TEXT    NOT NULL,
    -- What tells it from all others of its kind.
    name     TEXT    NOT NULL,
    division TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    record   TEXT    NOT NULL,
    UNIQUE (kind, name)
) STRICT;

CREATE INDEX assessments_by_division ON assessments (kind, division, seq);

CREATE TRIGGER assessments_never_replace BEFORE INSERT ON assessments
WHEN EXISTS (SELECT 1 FROM assessments WHERE (kind = NEW.kind AND name = NEW.name) OR seq = NEW.seq)
BEGIN
    SELECT raise(ABORT, 'assessments are append-only');
END;

CREATE TRIGGER assessments_never_change BEFORE UPDATE ON assessments
BEGIN
    SELECT raise(ABORT, 'assessments are append-only');
END;

CREATE TRIGGER assessments_never_go BEFORE DELETE ON assessments
BEGIN
    SELECT raise(ABORT, 'assessments are append-only');
END;
