-- Whose a file of reference data is to replace, and for whom a component was uploaded: there its name finds it.

-- Of a file that was there before nobody knows it: only whoever reaches all divisions replaces it.
ALTER TABLE reference_data ADD COLUMN keeper TEXT;

CREATE TABLE plugin_divisions (
    digest   TEXT NOT NULL REFERENCES components (digest),
    division TEXT NOT NULL,
    PRIMARY KEY (digest, division)
) STRICT, WITHOUT ROWID;

-- A component that was there before was everybody's, and stays so: it was uploaded for every province that there can be.
INSERT INTO plugin_divisions (digest, division)
WITH RECURSIVE provinces (number) AS (
    SELECT 1 UNION ALL SELECT number + 1 FROM provinces WHERE number < 99
)
SELECT digest, printf('%02d0000000000', number) FROM plugins, provinces;
