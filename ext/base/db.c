/*
** SQLite calls that report.  See db.h.
*/
#include "db.h"

MIG_FUNC ErrCode db_code(int rc, ErrCode otherwise)
{
    switch (rc & 0xff) {
    case SQLITE_BUSY:      return ERR_LOCKED;
    case SQLITE_LOCKED:    return ERR_BUSY_STATEMENT;
    case SQLITE_READONLY:  return ERR_READ_ONLY;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:   return ERR_NOT_A_DATABASE;
    case SQLITE_CANTOPEN:
    case SQLITE_FULL:
    case SQLITE_IOERR:     return ERR_IO;
    case SQLITE_NOMEM:     return ERR_NO_MEMORY;
    case SQLITE_INTERRUPT: return ERR_INTERRUPTED;
    default:               return otherwise;
    }
}

MIG_FUNC void db_fail(Arena *a, sqlite3 *db, int rc, ErrCode code)
{
    code = db_code(rc, code);
    if (code == ERR_BUSY_STATEMENT)
        err_set(a->err, code, "%s: another statement of this connection is "
                "still reading; finish or reset it first", sqlite3_errmsg(db));
    else if (code == ERR_LOCKED)
        err_set(a->err, code, "%s: another connection is writing",
                sqlite3_errmsg(db));
    else
        err_set(a->err, code, "%s", sqlite3_errmsg(db));
}

static sqlite3_stmt *dbVprepare(Arena *a, sqlite3 *db, const char *format,
                                va_list args)
{
    sqlite3_stmt *stmt = NULL;
    char *sql;

    if (!ok(a))
        return NULL;
    sql = format_vnew(format, args);
    if (!sql) {
        err_set(a->err, ERR_NO_MEMORY, "out of memory");
        return NULL;
    }
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (rc != SQLITE_OK)
        db_fail(a, db, rc, ERR_SQL);
    sqlite3_free(sql);
    return stmt;
}

MIG_FUNC sqlite3_stmt *db_prepare(Arena *a, sqlite3 *db, const char *format, ...)
{
    sqlite3_stmt *stmt;
    va_list args;

    va_start(args, format);
    stmt = dbVprepare(a, db, format, args);
    va_end(args);
    return stmt;
}

MIG_FUNC int db_step(Arena *a, sqlite3_stmt *stmt)
{
    int rc;

    if (!stmt || !ok(a))
        return 0;
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        return 1;
    if (rc != SQLITE_DONE)
        db_fail(a, sqlite3_db_handle(stmt), rc, ERR_SQL);
    return 0;
}

MIG_FUNC int db_run(sqlite3_stmt *stmt)
{
    int rc;

    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {}
    return rc;
}

MIG_FUNC void db_finish(sqlite3_stmt *stmt)
{
    sqlite3_finalize(stmt);
}

MIG_FUNC Text db_text(Arena *a, sqlite3_stmt *stmt, int column)
{
    const char *z = (const char *)sqlite3_column_text(stmt, column);
    Text t = {z, z ? sqlite3_column_bytes(stmt, column) : 0};

    if (!z && sqlite3_column_type(stmt, column) != SQLITE_NULL)
        err_set(a->err, ERR_NO_MEMORY, "out of memory");
    if (z)
        t.z = text_copy(a, t);
    return t;
}

MIG_FUNC i64 db_int(sqlite3_stmt *stmt, int column)
{
    return sqlite3_column_int64(stmt, column);
}

MIG_FUNC void db_exec(Arena *a, sqlite3 *db, const char *format, ...)
{
    va_list args;
    char *sql;
    int rc;

    if (!ok(a))
        return;
    va_start(args, format);
    sql = format_vnew(format, args);
    va_end(args);
    if (!sql) {
        err_set(a->err, ERR_NO_MEMORY, "out of memory");
        return;
    }
    rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        db_fail(a, db, rc, ERR_SQL);
    sqlite3_free(sql);
}

MIG_FUNC i64 db_value(Arena *a, sqlite3 *db, const char *format, ...)
{
    sqlite3_stmt *stmt;
    va_list args;
    i64 value = 0;

    va_start(args, format);
    stmt = dbVprepare(a, db, format, args);
    va_end(args);
    if (db_step(a, stmt))
        value = db_int(stmt, 0);
    db_finish(stmt);
    return value;
}

/* Steps of SQLite's machine between two looks at the host. */
#define DB_FOLLOW 10000

/* After sqlite3_interrupt() a connection runs no statement until its outermost one
** has ended: so one that does nothing tells.  (SQLite 3.41 could be asked.) */
static int dbIsInterrupted(void *host)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(host, "SELECT 1", -1, &stmt, NULL);

    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    sqlite3_finalize(stmt);
    return rc == SQLITE_INTERRUPT;
}

MIG_FUNC void db_follow(sqlite3 *db, sqlite3 *host)
{
    sqlite3_progress_handler(db, DB_FOLLOW, dbIsInterrupted, host);
}

MIG_FUNC i64 db_clock(sqlite3 *db)
{
    sqlite3_vfs *vfs = NULL;
    sqlite3_int64 now = 0;

    sqlite3_file_control(db, "main", SQLITE_FCNTL_VFS_POINTER, &vfs);
    if (vfs && vfs->iVersion >= 2 && vfs->xCurrentTimeInt64)
        vfs->xCurrentTimeInt64(vfs, &now);
    return now - (i64)210866760000000;      /* from julian days to 1970 */
}

MIG_FUNC int db_has_table(Arena *a, sqlite3 *db, const char *name)
{
    return db_value(a, db, "SELECT 1 FROM main.sqlite_schema WHERE type IN "
        "('table', 'view') AND name = %Q COLLATE NOCASE", name) != 0;
}

MIG_FUNC int db_error_offset(sqlite3 *db)
{
#if SQLITE_VERSION_NUMBER >= 3038000
    if (sqlite3_libversion_number() >= 3038000)
        return sqlite3_error_offset(db);
#endif
    (void)db;
    return -1;
}
