-- Components, what they are bound to, the sets that cases are pinned to, and reference data by version.

CREATE TABLE components (
    digest TEXT NOT NULL PRIMARY KEY,
    bytes  BLOB NOT NULL
) STRICT;

CREATE TABLE plugins (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    digest      TEXT    NOT NULL UNIQUE REFERENCES components (digest),
    manifest    TEXT    NOT NULL,
    uploaded_by TEXT    NOT NULL,
    uploaded_at INTEGER NOT NULL
) STRICT;

-- A binding of the same id is a new revision; at most one of them is in force.
CREATE TABLE bindings (
    id        TEXT    NOT NULL,
    revision  INTEGER NOT NULL,
    division  TEXT    NOT NULL,
    rank      INTEGER NOT NULL,
    binding   TEXT    NOT NULL,
    put_at    INTEGER NOT NULL,
    ended_at  INTEGER,
    PRIMARY KEY (id, revision)
) STRICT;

CREATE UNIQUE INDEX bindings_in_force ON bindings (id) WHERE ended_at IS NULL;

CREATE TABLE binding_sets (
    id          TEXT NOT NULL PRIMARY KEY,
    binding_set TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER binding_sets_never_replace BEFORE INSERT ON binding_sets
WHEN EXISTS (SELECT 1 FROM binding_sets WHERE id = NEW.id)
BEGIN
    SELECT raise(ABORT, 'binding sets are append-only');
END;

CREATE TRIGGER binding_sets_never_change BEFORE UPDATE ON binding_sets
BEGIN
    SELECT raise(ABORT, 'binding sets are append-only');
END;

CREATE TRIGGER binding_sets_never_go BEFORE DELETE ON binding_sets
BEGIN
    SELECT raise(ABORT, 'binding sets are append-only');
END;

CREATE TABLE reference_data (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    name    TEXT    NOT NULL,
    version TEXT    NOT NULL,
    content TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

CREATE INDEX reference_data_by_name ON reference_data (name, seq);
