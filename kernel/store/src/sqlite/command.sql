-- How a command is written: one row put into this view, whose columns are JSON arrays, is written in one statement, all
-- or nothing. Made for the writer's connection alone each time it opens the file, so it isn't part of the schema.

CREATE TEMP VIEW command
    (answers, held, events, cases, case_units, dockets, changed, clocks, desk,
     texts, persons, query_hashes, consultations, refusals, outbox)
AS VALUES (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

CREATE TEMP TRIGGER command_is_written INSTEAD OF INSERT ON command
BEGIN
    -- First, so that a repeated request hears that it is repeated, whatever has happened to its case since.
    INSERT INTO answers (principal, key, request, status, body, version, at)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
    FROM json_each(NEW.answers);

    INSERT INTO expected_versions (subject_kind, subject, version)
    SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(NEW.held);

    INSERT INTO events (subject_kind, subject, version, at, name, actor, event)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
    FROM json_each(NEW.events);

    INSERT INTO cases
        (id, version, stage, solved, state, division, place, category, kind, registered_at)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4,
        value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9
    FROM json_each(NEW.cases) WHERE TRUE
    ON CONFLICT (id) DO UPDATE SET
        version = excluded.version, stage = excluded.stage, solved = excluded.solved, state = excluded.state;

    -- The columns that stand in indexes hardly ever change, and are left alone when they don't.
    UPDATE cases SET
        division = value ->> 5, place = value ->> 6, category = value ->> 7, kind = value ->> 8,
        registered_at = value ->> 9
    FROM json_each(NEW.cases)
    WHERE cases.id = value ->> 0
        AND (division, place, category, kind, registered_at)
            IS NOT (value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9);

    -- Of the lists that follow from a state, only the rows that differ are touched.
    DELETE FROM case_units
    WHERE case_id IN (SELECT value ->> 0 FROM json_each(NEW.cases))
        AND json_array(case_id, unit, role) NOT IN (SELECT value FROM json_each(NEW.case_units));

    INSERT INTO case_units (case_id, unit, role)
    SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(NEW.case_units) WHERE TRUE
    ON CONFLICT DO NOTHING;

    INSERT INTO dockets (subject_kind, subject, version, state)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(NEW.dockets) WHERE TRUE
    ON CONFLICT DO UPDATE SET version = excluded.version, state = excluded.state;

    DELETE FROM clocks
    WHERE (subject_kind, subject) IN (SELECT value ->> 0, value ->> 1 FROM json_each(NEW.changed))
        AND json_array(subject_kind, subject, clock, name, owner, due, state)
            NOT IN (SELECT value FROM json_each(NEW.clocks));

    INSERT INTO clocks (subject_kind, subject, clock, name, owner, due, state)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
    FROM json_each(NEW.clocks) WHERE TRUE
    ON CONFLICT DO NOTHING;

    DELETE FROM desk
    WHERE (subject_kind, subject) IN (SELECT value ->> 0, value ->> 1 FROM json_each(NEW.changed))
        AND json_array(subject_kind, subject, id, kind, division, role, code, since)
            NOT IN (SELECT value FROM json_each(NEW.desk));

    INSERT INTO desk (subject_kind, subject, id, kind, division, role, code, since)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7
    FROM json_each(NEW.desk) WHERE TRUE
    ON CONFLICT DO NOTHING;

    INSERT INTO texts (id, subject_kind, subject, words)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(NEW.texts);

    INSERT INTO persons (id, subject_kind, subject, person)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(NEW.persons);

    INSERT INTO query_hashes (case_id, hash)
    SELECT value ->> 0, value ->> 1 FROM json_each(NEW.query_hashes);

    INSERT INTO consultations (subject_kind, subject, at, consultation)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(NEW.consultations);

    INSERT INTO refusals (subject_kind, subject, at, refusal)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(NEW.refusals);

    INSERT INTO outbox (effect, at)
    SELECT value ->> 0, value ->> 1 FROM json_each(NEW.outbox);
END;
