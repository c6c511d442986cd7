-- where each sensor is
--
-- Revision: 0b3
-- Revises: 0b1
-- Created: 2026-03-10 12:00:00+00:00

-- migrate:up
ALTER TABLE sensor ADD COLUMN place TEXT NOT NULL DEFAULT '';
UPDATE sensor SET place = 'garden' WHERE name = 'outside';

-- migrate:down
ALTER TABLE sensor DROP COLUMN place;
