-- subject
--
-- revision: a
-- REVISES: base

-- migrate:up
SELECT 1;
-- migrate:down
