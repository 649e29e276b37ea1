-- Whose a file of reference data is to replace, and for whom a component was uploaded: there its name finds it.

ALTER TABLE reference_data ADD COLUMN keeper TEXT;

CREATE TABLE plugin_divisions (
    digest   TEXT NOT NULL REFERENCES components (digest),
    division TEXT NOT NULL,
    PRIMARY KEY (digest, division)
) STRICT, WITHOUT ROWID;
