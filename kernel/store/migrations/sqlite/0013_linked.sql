-- What goes out to linked platforms: the numbers of one platform follow each other without a gap, so that it sees when it
-- missed one. What the case says isn't here: it is told as it stands when the platform asks.
CREATE TABLE linked_outbox (
    platform        TEXT    NOT NULL,
    seq             INTEGER NOT NULL,
    number          TEXT    NOT NULL,
    case_id         TEXT    NOT NULL,
    assignment      INTEGER NOT NULL,
    unit            TEXT    NOT NULL,
    change          TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    acknowledged_at INTEGER,
    PRIMARY KEY (platform, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX linked_outbox_by_number ON linked_outbox (platform, number, seq);

-- What linked platforms said: one row a status, by the platform's own number of it, with what became of it.
CREATE TABLE linked_statuses (
    seq      INTEGER PRIMARY KEY,
    platform TEXT    NOT NULL,
    id       TEXT    NOT NULL,
    digest   TEXT    NOT NULL,
    number   TEXT    NOT NULL,
    theirs   TEXT,
    state    TEXT    NOT NULL,
    outcome  TEXT    NOT NULL,
    refusal  TEXT,
    at       INTEGER NOT NULL,
    UNIQUE (platform, id)
) STRICT;

CREATE INDEX linked_statuses_by_number ON linked_statuses (platform, number, seq);
CREATE INDEX linked_statuses_unknown ON linked_statuses (platform, seq) WHERE outcome = 'unknown';

-- A platform's own full list of open numbers, as it said it last.
CREATE TABLE linked_open (
    platform TEXT    NOT NULL PRIMARY KEY,
    at       INTEGER NOT NULL,
    numbers  TEXT    NOT NULL
) STRICT;
