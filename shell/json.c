/*
** Rows as JSON.
*/
#include "shell.h"

#include <string.h>

void json_string(sqlite3_str *out, const char *text)
{
    static const char ESCAPED[] = "\"\\\b\f\n\r\t";
    static const char LETTERS[] = "\"\\bfnrt";

    if (!text) {
        sqlite3_str_appendall(out, "null");
        return;
    }
    sqlite3_str_appendchar(out, 1, '"');
    for (; *text; text++) {
        const char *escaped = strchr(ESCAPED, *text);
        if (escaped)
            sqlite3_str_appendf(out, "\\%c", LETTERS[escaped - ESCAPED]);
        else if ((unsigned char)*text < 0x20)
            sqlite3_str_appendf(out, "\\u%04x", *text);
        else
            sqlite3_str_appendchar(out, 1, *text);
    }
    sqlite3_str_appendchar(out, 1, '"');
}

static void json_value(sqlite3_str *out, sqlite3_stmt *stmt, int i)
{
    const char *declared = sqlite3_column_decltype(stmt, i);
    const char *text;

    switch (sqlite3_column_type(stmt, i)) {
    case SQLITE_NULL:
        sqlite3_str_appendall(out, "null");
        break;
    case SQLITE_INTEGER:
        sqlite3_str_appendf(out, "%lld", sqlite3_column_int64(stmt, i));
        break;
    case SQLITE_FLOAT:
        sqlite3_str_appendf(out, "%!.15g", sqlite3_column_double(stmt, i));
        break;
    default:
        text = (const char *)sqlite3_column_text(stmt, i);
        if (declared && sqlite3_stricmp(declared, "JSON") == 0)
            sqlite3_str_appendall(out, text ? text : "null");
        else
            json_string(out, text);
    }
}

static void json_row(sqlite3_str *out, sqlite3_stmt *stmt)
{
    int i, n = sqlite3_column_count(stmt);

    for (i = 0; i < n; i++) {
        sqlite3_str_appendchar(out, 1, i ? ',' : '{');
        json_string(out, sqlite3_column_name(stmt, i));
        sqlite3_str_appendchar(out, 1, ':');
        json_value(out, stmt, i);
    }
    sqlite3_str_appendchar(out, 1, '}');
}

int json_print(Shell *shell, sqlite3_stmt *stmt)
{
    int n;

    for (n = 0; query_next(shell, stmt); n++) {
        sqlite3_str *out = sqlite3_str_new(NULL);
        char *row;
        json_row(out, stmt);
        row = sqlite3_str_finish(out);
        if (row)
            printf("%s\n%s", n ? "," : "[", row);
        else
            fail(shell, "no-memory: out of memory");
        sqlite3_free(row);
    }
    if (!shell->error)
        puts(n ? "\n]" : "[]");
    return n;
}
