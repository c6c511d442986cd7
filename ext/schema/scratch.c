/*
** A scratch database.  See scratch.h.
*/
#include "scratch.h"

#include "../base/map.h"

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

/* Stands in for a function of the host. */
static void scratchFunction(sqlite3_context *context, int argc, sqlite3_value **argv)
{
    (void)argc;
    (void)argv;
    sqlite3_result_null(context);
}

static int scratchStub(sqlite3 *scratch, const char *name)
{
    return sqlite3_create_function_v2(scratch, name, -1, SQLITE_UTF8
        | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, scratchFunction, NULL, NULL,
        NULL);
}

/* Stand-ins for all functions of the host, but ours. */
static void scratchFunctions(Arena *a, sqlite3 *from, sqlite3 *scratch)
{
    static const char *const list = "SELECT DISTINCT name FROM pragma_function_list "
        "WHERE substr(name, 1, 8) <> 'migrate_'";
    sqlite3_stmt *stmt = db_prepare(a, scratch, "%s", list);
    Map known;

    map_init(a, &known, 512);
    while (db_step(a, stmt))
        map_add(a, &known, db_text(a, stmt, 0), 1);
    db_finish(stmt);
    stmt = db_prepare(a, from, "%s", list);
    while (db_step(a, stmt)) {
        Text name = db_text(a, stmt, 0);
        if (ok(a) && map_find(&known, name) < 0)
            scratchStub(scratch, name.z);
    }
    db_finish(stmt);
}

MIG_FUNC int scratch_define(sqlite3 *scratch)
{
    static const char *const missing = "no such function: ";
    const char *said = strstr(sqlite3_errmsg(scratch), missing);
    char *name = said ? sqlite3_mprintf("%s", said + strlen(missing)) : NULL;
    char *known = name ? sqlite3_mprintf("SELECT 1 FROM pragma_function_list "
                                         "WHERE name = %Q", name) : NULL;
    sqlite3_stmt *stmt = NULL;
    int rc = SQLITE_ERROR;

    /* a function that is there and is not found would be asked for again for ever */
    if (known && sqlite3_prepare_v2(scratch, known, -1, &stmt, NULL) == SQLITE_OK
        && sqlite3_step(stmt) == SQLITE_DONE)
        rc = scratchStub(scratch, name);
    sqlite3_finalize(stmt);
    sqlite3_free(known);
    sqlite3_free(name);
    return rc == SQLITE_OK;
}

/* Runs one CREATE statement of a schema. */
static void scratchCreate(Arena *a, sqlite3 *scratch, const char *sql)
{
    int rc;

    if (!ok(a))
        return;
    do
        rc = sqlite3_exec(scratch, sql, NULL, NULL, NULL);
    while (rc == SQLITE_ERROR && scratch_define(scratch));
    if (rc != SQLITE_OK)
        db_fail(a, scratch, rc, ERR_SQL);
}

/* Settings that decide what SQL means, and that are off by default. */
static const char *const scratchPragma =
    "recursive_triggers ignore_check_constraints legacy_alter_table "
    "reverse_unordered_selects";

MIG_FUNC const char *scratch_pragmas(Arena *a, sqlite3 *db)
{
    sqlite3_str *str = text_begin();
    Text rest = text_of(scratchPragma);

    while (rest.z) {
        Text pragma = text_cut(&rest, ' ');
        if (db_value(a, db, "PRAGMA %Ts", pragma))
            text_append(str, "PRAGMA %Ts = ON;\n", pragma);
    }
    return text_finish(a, str);
}

/* Makes the scratch connection understand SQL as the other does. */
static void scratchConfigure(Arena *a, sqlite3 *from, sqlite3 *scratch)
{
    static const int op[] = {
        SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL,
        SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW
    };
    size_t i;
    int on;

    for (i = 0; i < sizeof op / sizeof *op; i++)
        if (sqlite3_db_config(from, op[i], -1, &on) == SQLITE_OK)
            sqlite3_db_config(scratch, op[i], on, &on);
    scratchFunctions(a, from, scratch);
    db_exec(a, scratch, "%s", scratch_pragmas(a, from));
    sqlite3_db_config(scratch, SQLITE_DBCONFIG_ENABLE_FKEY, 0, &on);
}

/* Tables that SQLite makes itself stay when what they were made for is gone. */
static void scratchCopyOwn(Arena *a, sqlite3 *from, sqlite3 *scratch)
{
    if (db_has_table(a, from, "sqlite_stat1"))
        db_exec(a, scratch, "ANALYZE");
    if (db_has_table(a, from, "sqlite_sequence"))
        db_exec(a, scratch, "CREATE TABLE _migrate_sequence "
                "(id INTEGER PRIMARY KEY AUTOINCREMENT); "
                "DROP TABLE _migrate_sequence");
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
    db_exec(a, scratch, "BEGIN");
    while (db_step(a, stmt))
        scratchCreate(a, scratch, db_text(a, stmt, 0).z);
    db_exec(a, scratch, "COMMIT");
    db_finish(stmt);
    scratchCopyOwn(a, from, scratch);
    if (!ok(a))
        err_append(a->err, " (while the schema was copied)");
}

/* Where sqlite3_backup() does not help: an image in memory. */
static void scratchCopyImage(Arena *a, sqlite3 *from, sqlite3 *scratch,
                             const char *why)
{
#if SQLITE_VERSION_NUMBER >= 3039000
    sqlite3_int64 n = 0;
    unsigned char *image;

    if (sqlite3_libversion_number() >= 3039000) {
        image = sqlite3_serialize(from, "main", &n, 0);
        if (!image) {
            err_set(a->err, ERR_NO_MEMORY, "no room for a copy of the database");
            return;
        }
        if (n > 19)
            image[18] = image[19] = 1;      /* no WAL in memory */
        if (sqlite3_deserialize(scratch, "main", image, n, n,
                                SQLITE_DESERIALIZE_FREEONCLOSE
                                | SQLITE_DESERIALIZE_RESIZEABLE) != SQLITE_OK)
            db_fail(a, scratch, SQLITE_ERROR, ERR_IO);
        return;
    }
#endif
    (void)scratch;
    err_set(a->err, ERR_IN_TRANSACTION, "the rows cannot be copied %s", why);
}

static void scratchCopyAll(Arena *a, sqlite3 *from, sqlite3 *scratch)
{
    sqlite3_backup *backup;
    int rc = SQLITE_NOMEM;

    if (sqlite3_txn_state(from, "main") == SQLITE_TXN_WRITE) {
        scratchCopyImage(a, from, scratch, "inside a transaction that has written; "
                         "commit it first");
        return;
    }
    backup = sqlite3_backup_init(scratch, "main", from, "main");
    if (!backup && sqlite3_errcode(scratch) == SQLITE_ERROR) {
        scratchCopyImage(a, from, scratch, "from a database with a key by a SQLite "
                         "older than 3.39");
        return;
    }
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
        db_follow(scratch, from);
        if (rows == SCRATCH_ROWS)
            scratchCopyAll(a, from, scratch);
        scratchConfigure(a, from, scratch);
        if (rows == SCRATCH_SCHEMA)
            scratchCopySchema(a, from, scratch);
    }
    if (!ok(a)) {
        scratch_close(scratch);
        scratch = NULL;
    }
    return scratch;
}

MIG_FUNC void scratch_copy_rows(Arena *a, sqlite3 *from, sqlite3 *scratch,
                                const char *table)
{
    sqlite3_stmt *get = db_prepare(a, from, "SELECT * FROM main.\"%w\"", table);
    sqlite3_stmt *put = NULL;
    sqlite3_str *marks = text_begin();
    int i, n = get ? sqlite3_column_count(get) : 0;

    for (i = 0; i < n; i++)
        text_append(marks, "%s", i ? ", ?" : "?");
    put = db_prepare(a, scratch, "INSERT INTO main.\"%w\" VALUES (%s)", table,
                     text_finish(a, marks));
    while (db_step(a, get)) {
        for (i = 0; i < n; i++)
            sqlite3_bind_value(put, i + 1, sqlite3_column_value(get, i));
        db_step(a, put);
        sqlite3_reset(put);
    }
    db_finish(get);
    db_finish(put);
}

MIG_FUNC void scratch_close(sqlite3 *scratch)
{
    sqlite3_close(scratch);
}
