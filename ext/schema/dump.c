/*
** A database's schema as the text of a model.  See dump.h.
*/
#include "dump.h"

MIG_FUNC const char *dump_schema(Arena *a, sqlite3 *db, const char *version_table)
{
    sqlite3_str *out = sqlite3_str_new(NULL);
    sqlite3_stmt *stmt = db_prepare(a, db,
        "SELECT sql FROM main.sqlite_schema AS s WHERE sql IS NOT NULL "
        "AND substr(tbl_name, 1, 7) <> 'sqlite_' AND tbl_name COLLATE NOCASE "
        "NOT IN ('_migrate_log', 'alembic_version', %Q) AND NOT EXISTS (SELECT 1 "
        "FROM pragma_table_list AS l WHERE l.schema = 'main' "
        "AND l.type = 'shadow' AND l.name = s.tbl_name) "
        "ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 "
        "WHEN 'view' THEN 3 ELSE 4 END, rowid", version_table);
    const char *between = "";

    while (db_step(a, stmt)) {
        sqlite3_str_appendf(out, "%s%s;\n", between, sqlite3_column_text(stmt, 0));
        between = "\n";
    }
    db_finish(stmt);
    return text_finish(a, out);
}
