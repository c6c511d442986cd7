-- give back the room that old readings left
--
-- Revision: 0b5
-- Revises: 0b4
-- Created: 2026-03-17 12:00:00+00:00

-- migrate:up
PRAGMA user_version = 5;

-- migrate:down transaction:false
PRAGMA user_version = 0;
VACUUM;
