-- Times are milliseconds since 1970, UTC. A subject is a case, a unit or a division; its events are numbered from 1 on
-- without a gap. Every row of cases, case_units, dockets, clocks and desk follows from the events and can be rebuilt.

CREATE TABLE events (
    subject_kind TEXT    NOT NULL CHECK (subject_kind IN ('case', 'unit', 'division')),
    subject      TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    name         TEXT    NOT NULL,
    actor        TEXT    NOT NULL,
    event        TEXT    NOT NULL,
    PRIMARY KEY (subject_kind, subject, version)
) STRICT;

-- The optimistic lock: whoever decided on an older version, or skips one, is refused by the table itself.
CREATE TRIGGER events_follow BEFORE INSERT ON events
WHEN NEW.version <> 1 + coalesce(
    (SELECT max(version) FROM events WHERE subject_kind = NEW.subject_kind AND subject = NEW.subject), 0)
BEGIN
    SELECT raise(ABORT, 'version-conflict');
END;

-- Inserting here changes nothing; it fails where the subject has moved on.
CREATE VIEW expected_versions AS
SELECT subject_kind, subject, max(version) AS version FROM events GROUP BY subject_kind, subject;

CREATE TRIGGER expected_versions_hold INSTEAD OF INSERT ON expected_versions
WHEN NEW.version <> coalesce(
    (SELECT max(version) FROM events WHERE subject_kind = NEW.subject_kind AND subject = NEW.subject), 0)
BEGIN
    SELECT raise(ABORT, 'version-conflict');
END;

-- REPLACE deletes without firing a delete trigger; a row number that is taken would be its way in.
CREATE TRIGGER events_never_replace BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE rowid = NEW.rowid)
BEGIN
    SELECT raise(ABORT, 'events are append-only');
END;

CREATE TRIGGER events_never_change BEFORE UPDATE ON events
BEGIN
    SELECT raise(ABORT, 'events are append-only');
END;

CREATE TRIGGER events_never_go BEFORE DELETE ON events
BEGIN
    SELECT raise(ABORT, 'events are append-only');
END;

CREATE TABLE cases (
    id            TEXT    NOT NULL PRIMARY KEY,
    version       INTEGER NOT NULL,
    stage         TEXT    NOT NULL,
    division      TEXT    NOT NULL,
    place         TEXT    NOT NULL,
    category      TEXT,
    kind          TEXT    NOT NULL,
    solved        TEXT,
    registered_at INTEGER NOT NULL,
    state         TEXT    NOT NULL
) STRICT;

CREATE INDEX cases_by_time     ON cases (registered_at, id);
CREATE INDEX cases_by_division ON cases (division, registered_at, id);
CREATE INDEX cases_by_place    ON cases (place, registered_at, id);
CREATE INDEX cases_by_category ON cases (category, registered_at, id);

-- Active assignments.
CREATE TABLE case_units (
    case_id TEXT NOT NULL REFERENCES cases (id),
    unit    TEXT NOT NULL,
    role    TEXT NOT NULL,
    PRIMARY KEY (case_id, unit, role)
) STRICT, WITHOUT ROWID;

CREATE INDEX case_units_by_unit ON case_units (unit, case_id);

-- A case carries its docket in its own row; these are the dockets of units and divisions.
CREATE TABLE dockets (
    subject_kind TEXT    NOT NULL CHECK (subject_kind IN ('unit', 'division')),
    subject      TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    state        TEXT    NOT NULL,
    PRIMARY KEY (subject_kind, subject)
) STRICT, WITHOUT ROWID;

-- Live clocks.
CREATE TABLE clocks (
    subject_kind TEXT    NOT NULL,
    subject      TEXT    NOT NULL,
    clock        INTEGER NOT NULL,
    name         TEXT    NOT NULL,
    owner        TEXT,
    due          INTEGER NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('running', 'paused')),
    PRIMARY KEY (subject_kind, subject, clock)
) STRICT, WITHOUT ROWID;

CREATE INDEX clocks_due ON clocks (due) WHERE state = 'running';

-- Open tasks and approvals.
CREATE TABLE desk (
    subject_kind TEXT    NOT NULL,
    subject      TEXT    NOT NULL,
    id           INTEGER NOT NULL,
    kind         TEXT    NOT NULL CHECK (kind IN ('task', 'approval')),
    division     TEXT    NOT NULL,
    role         TEXT    NOT NULL,
    code         TEXT    NOT NULL,
    since        INTEGER NOT NULL,
    PRIMARY KEY (subject_kind, subject, id, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX desk_by_division ON desk (division, since);
