-- Revision: a
-- Revises: base
-- migrate:up
SAVEPOINT a; ROLLBACK TO a; RELEASE SAVEPOINT a;
BEGIN; COMMIT;
