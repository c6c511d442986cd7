-- tenths of a degree, as whole numbers
--
-- The table is made anew: its column goes from REAL to INTEGER.
--
-- Revision: 0b1
-- Revises: 0a2
-- Created: 2026-03-02 12:00:00+00:00

-- migrate:up foreign_keys:off
CREATE TABLE reading_new(
    id INTEGER PRIMARY KEY,
    sensor INTEGER NOT NULL REFERENCES sensor(id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    tenths INTEGER NOT NULL
);
INSERT INTO reading_new SELECT id, sensor, at, round(celsius * 10) FROM reading;
DROP TABLE reading;
ALTER TABLE reading_new RENAME TO reading;
CREATE INDEX reading_at ON reading(at);

-- migrate:verify
SELECT count(*) = 0 FROM reading WHERE typeof(tenths) <> 'integer';

-- migrate:down foreign_keys:off
CREATE TABLE reading_old(
    id INTEGER PRIMARY KEY,
    sensor INTEGER NOT NULL REFERENCES sensor(id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    celsius REAL NOT NULL
);
INSERT INTO reading_old SELECT id, sensor, at, tenths / 10.0 FROM reading;
DROP TABLE reading;
ALTER TABLE reading_old RENAME TO reading;
CREATE INDEX reading_at ON reading(at);
