-- Which versions of which files, read on which day, made up each edition of the reference data that was ever in force.

CREATE TABLE editions (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    version TEXT    NOT NULL UNIQUE,
    edition TEXT    NOT NULL
) STRICT;

CREATE TRIGGER editions_never_replace BEFORE INSERT ON editions
WHEN EXISTS (SELECT 1 FROM editions WHERE version = NEW.version OR seq = NEW.seq)
BEGIN
    SELECT raise(ABORT, 'editions are append-only');
END;

CREATE TRIGGER editions_never_change BEFORE UPDATE ON editions
BEGIN
    SELECT raise(ABORT, 'editions are append-only');
END;

CREATE TRIGGER editions_never_go BEFORE DELETE ON editions
BEGIN
    SELECT raise(ABORT, 'editions are append-only');
END;
