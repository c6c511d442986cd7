-- find readings by time
--
-- Revision: 0a2
-- Revises: 0a1
-- Created: 2026-01-12 12:00:00+00:00

-- migrate:up
CREATE INDEX reading_at ON reading(at);

-- migrate:down
DROP INDEX reading_at;
