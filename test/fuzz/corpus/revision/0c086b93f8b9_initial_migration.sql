-- initial migration
--
-- The tables of the application as they were before it had migrations. Each is
-- made only if it is missing, so a database that was set up by hand is safe.
--
-- Revision: 0c086b93f8b9
-- Revises: base
-- Created: 2025-12-01 12:00:00+00:00

-- migrate:up
CREATE TABLE IF NOT EXISTS users (
    id INTEGER NOT NULL PRIMARY KEY,
    user_name VARCHAR(50) NOT NULL UNIQUE,
    password_hash VARCHAR(256) NOT NULL,
    email VARCHAR(100),
    git_info JSON,
    is_active BOOLEAN NOT NULL DEFAULT 1,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE IF NOT EXISTS kinds (
    id INTEGER NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL,
    kind VARCHAR(50) NOT NULL,
    name VARCHAR(100) NOT NULL,
    namespace VARCHAR(100) NOT NULL DEFAULT 'default',
    json JSON NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT 1,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS ix_kinds_kind ON kinds (kind);

CREATE TABLE IF NOT EXISTS subtasks (
    id INTEGER NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL,
    task_id INTEGER NOT NULL,
    team_id INTEGER NOT NULL,
    title VARCHAR(256),
    bot_ids JSON,
    role VARCHAR(9) NOT NULL CHECK (role IN ('USER', 'ASSISTANT')),
    executor_namespace VARCHAR(100),
    executor_name VARCHAR(100),
    executor_deleted_at BOOLEAN NOT NULL DEFAULT 0,
    prompt TEXT,
    message_id INTEGER NOT NULL DEFAULT 1,
    parent_id INTEGER,
    status VARCHAR(9) NOT NULL DEFAULT 'PENDING' CHECK (
        status IN ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'DELETE')
    ),
    progress INTEGER NOT NULL DEFAULT 0,
    result JSON,
    error_message TEXT,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    completed_at DATETIME
);

CREATE TABLE IF NOT EXISTS shared_teams (
    id INTEGER NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL,
    original_user_id INTEGER NOT NULL,
    team_id INTEGER NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT 1,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT uq_shared_teams_user_team UNIQUE (user_id, team_id)
);
CREATE INDEX IF NOT EXISTS ix_shared_teams_user_id ON shared_teams (user_id);
CREATE INDEX IF NOT EXISTS ix_shared_teams_original_user_id ON shared_teams (original_user_id);
CREATE INDEX IF NOT EXISTS ix_shared_teams_team_id ON shared_teams (team_id);

CREATE TABLE IF NOT EXISTS public_models (
    id INTEGER NOT NULL PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    namespace VARCHAR(100) NOT NULL DEFAULT 'default',
    json JSON NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT 1,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT uq_public_models_name_namespace UNIQUE (name, namespace)
);

CREATE TABLE IF NOT EXISTS public_shells (
    id INTEGER NOT NULL PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    namespace VARCHAR(100) NOT NULL DEFAULT 'default',
    json JSON NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT 1,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT uq_public_shells_name_namespace UNIQUE (name, namespace)
);

-- migrate:verify
SELECT count(*) = 6 FROM sqlite_schema
WHERE type = 'table'
  AND name IN ('users', 'kinds', 'subtasks', 'shared_teams', 'public_models', 'public_shells');

-- migrate:down
DROP TABLE IF EXISTS public_shells;
DROP TABLE IF EXISTS public_models;
DROP TABLE IF EXISTS shared_teams;
DROP TABLE IF EXISTS subtasks;
DROP TABLE IF EXISTS kinds;
DROP TABLE IF EXISTS users;
