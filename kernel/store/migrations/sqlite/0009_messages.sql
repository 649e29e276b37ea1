-- What channels sent: one row a message, however often it came. A message that nobody could read keeps its bytes in
-- `texts` under its own number, as UTF-8 or as hexadecimal digits; of one that was read only the digest stays.
CREATE TABLE messages (
    id          TEXT    NOT NULL PRIMARY KEY,
    division    TEXT    NOT NULL,
    channel     TEXT    NOT NULL,
    number      TEXT,
    digest      TEXT    NOT NULL,
    media       TEXT    NOT NULL,
    encoding    TEXT    NOT NULL CHECK (encoding IN ('utf-8', 'hex')),
    state       TEXT    NOT NULL CHECK (state IN ('registered', 'unread', 'dismissed')),
    case_id     TEXT,
    reason      TEXT,
    received_at INTEGER NOT NULL,
    received_by TEXT    NOT NULL,
    repeats     INTEGER NOT NULL,
    repeated_at INTEGER,
    settled_at  INTEGER,
    settled_by  TEXT
) STRICT;

-- The same message twice is one: by the sender's number, and by what it says.
CREATE UNIQUE INDEX messages_by_number ON messages (division, channel, number) WHERE number IS NOT NULL;
CREATE UNIQUE INDEX messages_by_digest ON messages (division, channel, digest);

CREATE INDEX messages_by_time ON messages (received_at, id);
CREATE INDEX messages_by_case ON messages (case_id);

-- Who reported before, by their telephone. The row goes with the person.
CREATE INDEX persons_by_phone ON persons (json_extract(person, '$.phone'));
