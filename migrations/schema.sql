-- The schema as it should be: what the revisions give together.

CREATE TABLE users (
    id INTEGER NOT NULL PRIMARY KEY,
    user_name VARCHAR(50) NOT NULL UNIQUE,
    password_hash VARCHAR(256) NOT NULL,
    email VARCHAR(100),
    git_info JSON,
    is_active BOOLEAN NOT NULL DEFAULT 1,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    role VARCHAR(20) NOT NULL DEFAULT 'user' CHECK (role IN ('admin', 'user'))
);

CREATE TABLE kinds (
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
CREATE INDEX ix_kinds_kind ON kinds (kind);

CREATE TABLE subtasks (
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

CREATE TABLE shared_teams (
    id INTEGER NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL,
    original_user_id INTEGER NOT NULL,
    team_id INTEGER NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT 1,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT uq_shared_teams_user_team UNIQUE (user_id, team_id)
);
CREATE INDEX ix_shared_teams_user_id ON shared_teams (user_id);
CREATE INDEX ix_shared_teams_original_user_id ON shared_teams (original_user_id);
CREATE INDEX ix_shared_teams_team_id ON shared_teams (team_id);

CREATE TABLE public_models (
    id INTEGER NOT NULL PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    namespace VARCHAR(100) NOT NULL DEFAULT 'default',
    json JSON NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT 1,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT uq_public_models_name_namespace UNIQUE (name, namespace)
);

CREATE TABLE public_shells (
    id INTEGER NOT NULL PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    namespace VARCHAR(100) NOT NULL DEFAULT 'default',
    json JSON NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT 1,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT uq_public_shells_name_namespace UNIQUE (name, namespace)
);
