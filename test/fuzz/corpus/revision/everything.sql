-- everything there is

-- Prose.
--
-- Revision: d.1_x
-- Revises: a1, b2
-- Created: 2026-01-05 12:00:00+00:00
-- Depends-On: c3
-- Branch-Labels: api, web-2
-- Replaces: x1:x9

-- migrate:up transaction:false foreign_keys:off
CREATE TRIGGER t AFTER INSERT ON p BEGIN
  -- migrate:down
  UPDATE p SET x = 'new; ' WHERE id = new.id; SELECT CASE WHEN 1 THEN 2 END;
END;
-- migrate:if (SELECT count(*) FROM p) = 2 -- why
ALTER TABLE IF EXISTS main."p" ADD COLUMN IF NOT EXISTS x TEXT DEFAULT (1,2), DROP COLUMN IF EXISTS [y];
ALTER TABLE p RENAME COLUMN a TO b;
-- migrate:if 1
UPDATE p SET n = :value, m = @m, o = $o::x(y);
-- migrate:endif
-- migrate:else
/* ; */ INSERT INTO p VALUES (x'00ff', 1e5, 0x1F, 'it''s', "a""b", `c`, 1->>'$.a');
-- migrate:endif
-- migrate:verify
SELECT 1; VALUES (1); WITH a AS (SELECT 1) SELECT * FROM a; PRAGMA foreign_keys
-- migrate:down
SAVEPOINT s; RELEASE s; DROP TABLE p
