-- sensors and what they measured
--
-- Revision: 0a1
-- Revises: base
-- Created: 2026-01-05 12:00:00+00:00

-- migrate:up
CREATE TABLE sensor(
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE reading(
    id INTEGER PRIMARY KEY,
    sensor INTEGER NOT NULL REFERENCES sensor(id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    celsius REAL NOT NULL
);
INSERT INTO sensor(name) VALUES ('inside'), ('outside');

-- migrate:down
DROP TABLE reading;
DROP TABLE sensor;
