-- both, and a view of them
--
-- Revision: 0b4
-- Revises: 0b2, 0b3
-- Created: 2026-03-16 12:00:00+00:00

-- migrate:up
CREATE VIEW latest AS
    SELECT s.name, s.place, r.tenths, max(r.at) AS at
    FROM sensor AS s JOIN reading AS r ON r.sensor = s.id
    GROUP BY s.id;

-- migrate:down
-- migrate:if EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'latest')
DROP VIEW latest;
-- migrate:endif
