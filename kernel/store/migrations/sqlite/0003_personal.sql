-- The only tables that hold personal data. Rows are erased; everything else refers to them by handle.

CREATE TABLE texts (
    id           TEXT NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    subject      TEXT NOT NULL,
    words        TEXT NOT NULL
) STRICT;

CREATE INDEX texts_by_subject ON texts (subject_kind, subject);

CREATE TABLE persons (
    id           TEXT NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    subject      TEXT NOT NULL,
    person       TEXT NOT NULL
) STRICT;

CREATE INDEX persons_by_subject ON persons (subject_kind, subject);

-- The code itself is known to the reporter alone.
CREATE TABLE query_hashes (
    case_id TEXT NOT NULL PRIMARY KEY,
    hash    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
