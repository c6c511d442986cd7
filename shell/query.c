/*
** A statement: texts in, rows out.
*/
#include "shell.h"

#include <stdarg.h>

static sqlite3_stmt *query_bind(Shell *shell, const char *sql, va_list texts)
{
    sqlite3_stmt *stmt = NULL;
    int i, n;

    if (platform_is_interrupted())
        fail(shell, "interrupted: stopped by a signal");
    if (!sql)
        fail(shell, "no-memory: out of memory");
    if (shell->error)
        return NULL;
    if (sqlite3_prepare_v2(shell->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_sqlite(shell, shell->db, NULL);
    n = stmt ? sqlite3_bind_parameter_count(stmt) : 0;
    for (i = 1; i <= n; i++) {
        const char *text = va_arg(texts, const char *);
        if (sqlite3_bind_text(stmt, i, text, -1, SQLITE_TRANSIENT) != SQLITE_OK)
            fail_sqlite(shell, shell->db, NULL);
    }
    return stmt;
}

sqlite3_stmt *query(Shell *shell, const char *sql, ...)
{
    va_list texts;
    sqlite3_stmt *stmt;

    va_start(texts, sql);
    stmt = query_bind(shell, sql, texts);
    va_end(texts);
    return stmt;
}

int query_next(Shell *shell, sqlite3_stmt *stmt)
{
    int result;

    if (shell->error)
        return 0;
    result = sqlite3_step(stmt);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        fail_sqlite(shell, shell->db, NULL);
    return result == SQLITE_ROW;
}

const char *query_column(Shell *shell, sqlite3_stmt *stmt, int column)
{
    int is_null = sqlite3_column_type(stmt, column) == SQLITE_NULL;
    const char *text = (const char *)sqlite3_column_text(stmt, column);

    if (!text && !is_null)
        fail(shell, "no-memory: out of memory");
    return text ? text : "";
}

char *query_text(Shell *shell, const char *sql, ...)
{
    va_list texts;
    sqlite3_stmt *stmt;
    char *text = NULL;

    va_start(texts, sql);
    stmt = query_bind(shell, sql, texts);
    va_end(texts);
    if (query_next(shell, stmt)
            && sqlite3_column_type(stmt, 0) != SQLITE_NULL) {
        text = sqlite3_mprintf("%s", query_column(shell, stmt, 0));
        if (!text)
            fail(shell, "no-memory: out of memory");
    }
    sqlite3_finalize(stmt);
    return text;
}

sqlite3_int64 query_int(Shell *shell, const char *sql, ...)
{
    va_list texts;
    sqlite3_stmt *stmt;
    sqlite3_int64 value = 0;

    va_start(texts, sql);
    stmt = query_bind(shell, sql, texts);
    va_end(texts);
    if (query_next(shell, stmt))
        value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return value;
}
