/*
** A scratch database.  See scratch.h.
*/
#include "scratch.h"

/* Stands in for a collation of the host: bytes, which is an order too. */
static int scratchCompare(void *unused, int n1, const void *z1, int n2,
                          const void *z2)
{
    int n = n1 < n2 ? n1 : n2;
    int c = n ? memcmp(z1, z2, (size_t)n) : 0;

    (void)unused;
    return c ? c : n1 - n2;
}

static void scratchCollation(void *unused, sqlite3 *db, int encoding,
                             const char *name)
{
    (void)unused;
    sqlite3_create_collation(db, name, encoding, NULL, scratchCompare);
}

/* Settings of a connection that decide how SQL is understood. */
static void scratchConfigure(sqlite3 *from, sqlite3 *scratch)
{
    static const int op[] = {
        SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL,
        SQLITE_DBCONFIG_LEGACY_ALTER_TABLE
    };
    size_t i;
    int on;

    for (i = 0; i < sizeof op / sizeof *op; i++)
        if (sqlite3_db_config(from, op[i], -1, &on) == SQLITE_OK)
            sqlite3_db_config(scratch, op[i], on, &on);
    sqlite3_db_config(scratch, SQLITE_DBCONFIG_ENABLE_FKEY, 0, &on);
}

/* Makes again what main of from has; shadow tables come with their owner. */
static void scratchCopySchema(Arena *a, sqlite3 *from, sqlite3 *scratch)
{
    sqlite3_stmt *stmt = db_prepare(a, from, "PRAGMA main.encoding");

    if (db_step(a, stmt))
        db_exec(a, scratch, "PRAGMA encoding = %Q", db_text(a, stmt, 0).z);
    db_finish(stmt);
    stmt = db_prepare(a, from,
        "SELECT sql FROM main.sqlite_schema AS s WHERE sql IS NOT NULL "
        "AND substr(name, 1, 7) <> 'sqlite_' AND NOT EXISTS (SELECT 1 "
        "FROM pragma_table_list AS l WHERE l.schema = 'main' "
        "AND l.type = 'shadow' AND l.name = s.name) "
        "ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 "
        "WHEN 'view' THEN 3 ELSE 4 END, rowid");
    while (db_step(a, stmt))
        db_exec(a, scratch, "%s", (const char *)sqlite3_column_text(stmt, 0));
    db_finish(stmt);
    if (!ok(a))
        err_append(a->err, " (while the schema was copied)");
}

static void scratchCopyAll(Arena *a, sqlite3 *from, sqlite3 *scratch)
{
    sqlite3_backup *backup = sqlite3_backup_init(scratch, "main", from, "main");
    int rc = SQLITE_NOMEM;

    if (backup) {
        sqlite3_backup_step(backup, -1);
        rc = sqlite3_backup_finish(backup);
    }
    if (rc != SQLITE_OK)
        db_fail(a, scratch, rc, ERR_IO);
}

MIG_FUNC sqlite3 *scratch_open(Arena *a, sqlite3 *from, ScratchRows rows)
{
    sqlite3 *scratch = NULL;
    int rc;

    if (!ok(a))
        return NULL;
    rc = sqlite3_open_v2(rows == SCRATCH_ROWS ? "" : ":memory:", &scratch,
                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_collation_needed(scratch, NULL, scratchCollation);
    if (rc != SQLITE_OK) {
        if (scratch)
            db_fail(a, scratch, rc, ERR_IO);
        else
            err_set(a->err, ERR_NO_MEMORY, "out of memory");
    } else {
        if (rows == SCRATCH_ROWS)
            scratchCopyAll(a, from, scratch);
        scratchConfigure(from, scratch);
        if (rows == SCRATCH_SCHEMA)
            scratchCopySchema(a, from, scratch);
    }
    if (!ok(a)) {
        scratch_close(scratch);
        scratch = NULL;
    }
    return scratch;
}

MIG_FUNC void scratch_close(sqlite3 *scratch)
{
    sqlite3_close(scratch);
}
