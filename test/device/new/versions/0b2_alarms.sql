-- alarms, for whoever looks at the device
--
-- Revision: 0b2
-- Revises: 0b1
-- Created: 2026-03-09 12:00:00+00:00
-- Branch-Labels: alarms

-- migrate:up
CREATE TABLE alarm(
    id INTEGER PRIMARY KEY,
    reading INTEGER NOT NULL REFERENCES reading(id) ON DELETE CASCADE
);
CREATE TRIGGER reading_alarm AFTER INSERT ON reading WHEN NEW.tenths > 400
BEGIN
    INSERT INTO alarm(reading) VALUES (NEW.id);
END;
INSERT INTO alarm(reading) SELECT id FROM reading WHERE tenths > 400;

-- migrate:down
DROP TRIGGER reading_alarm;
DROP TABLE alarm;
