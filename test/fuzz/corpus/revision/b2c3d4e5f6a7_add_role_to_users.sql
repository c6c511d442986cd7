-- add role to users
--
-- A user is an admin or an ordinary user. Everybody begins as a user, but the one
-- who is called admin. A database that has the column already keeps it.
--
-- Revision: b2c3d4e5f6a7
-- Revises: 0c086b93f8b9
-- Created: 2026-01-05 12:00:00+00:00

-- migrate:up
ALTER TABLE users ADD COLUMN IF NOT EXISTS
    role VARCHAR(20) NOT NULL DEFAULT 'user' CHECK (role IN ('admin', 'user'));
UPDATE users SET role = 'admin' WHERE user_name = 'admin';

-- migrate:verify
SELECT count(*) = 1 FROM pragma_table_info('users') WHERE name = 'role';
SELECT count(*) = 0 FROM users WHERE user_name = 'admin' AND role <> 'admin';

-- migrate:down
ALTER TABLE users DROP COLUMN IF EXISTS role;
