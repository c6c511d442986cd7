/*
** Whose table it is.  See owner.h.
*/
#include "owner.h"

/* Names that no user gives a table of his own: one called "migrations" may well be
** the user's. */
static const char *const ownerTool =
    "_migrate_log _migrate_version "
    "alembic_version "                                      /* Alembic */
    "schema_migrations ar_internal_metadata "               /* Rails, dbmate */
    "django_migrations goose_db_version _sqlx_migrations _prisma_migrations "
    "__drizzle_migrations "
    "__EFMigrationsHistory __EFMigrationsLock "             /* EF Core */
    "__diesel_schema_migrations atlas_schema_revisions "
    "DATABASECHANGELOG DATABASECHANGELOGLOCK "              /* Liquibase */
    "doctrine_migration_versions flyway_schema_history "
    "gorp_migrations "                                      /* sql-migrate */
    "knex_migrations knex_migrations_lock kysely_migration kysely_migration_lock "
    "mikro_orm_migrations phinxlog refinery_schema_history seaql_migrations "
    "SequelizeMeta _yoyo_log _yoyo_migration _yoyo_version yoyo_lock";

static void ownerExclude(sqlite3_str *sql, Text patterns)
{
    while (patterns.z) {
        Text one = text_trim(text_cut(&patterns, ','));
        if (one.n)
            text_append(sql, " AND lower(s.tbl_name) NOT GLOB lower(%TQ)", one);
    }
}

MIG_FUNC const char *owner_condition(Arena *a, const char *version_table,
                                     const char *exclude)
{
    sqlite3_str *sql = text_begin();
    Text tools = text_of(ownerTool);

    text_append(sql, "(substr(s.tbl_name, 1, 7) <> 'sqlite_'"
        " AND s.tbl_name COLLATE NOCASE NOT IN (SELECT l.name FROM pragma_table_list AS l"
        " WHERE l.schema = 'main' AND l.type = 'shadow')"
        " AND s.tbl_name COLLATE NOCASE NOT IN (%Q", version_table);
    while (tools.z)
        text_append(sql, ", %TQ", text_cut(&tools, ' '));
    text_append(sql, ")");
    ownerExclude(sql, text_of(exclude));
    text_append(sql, ")");
    return text_finish(a, sql);
}
