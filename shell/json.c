/*
** Rows as JSON.
*/
#include "shell.h"

#include <string.h>

/* How a character of several bytes begins, as Unicode's table of well-formed UTF-8
** has it: its first byte is between, its second is between; n bytes in all. */
static const struct { unsigned char first[2], second[2], n; } CHARACTERS[] = {
    {{0xc2, 0xdf}, {0x80, 0xbf}, 2},
    {{0xe0, 0xe0}, {0xa0, 0xbf}, 3},
    {{0xe1, 0xec}, {0x80, 0xbf}, 3},
    {{0xed, 0xed}, {0x80, 0x9f}, 3},
    {{0xee, 0xef}, {0x80, 0xbf}, 3},
    {{0xf0, 0xf0}, {0x90, 0xbf}, 4},
    {{0xf1, 0xf3}, {0x80, 0xbf}, 4},
    {{0xf4, 0xf4}, {0x80, 0x8f}, 4},
};

/* How many bytes the character at text has; 0 if it is no UTF-8. */
static int json_width(const char *text)
{
    const unsigned char *z = (const unsigned char *)text;
    size_t i;
    int n;

    if (*z < 0x80)
        return 1;
    for (i = 0; i < sizeof CHARACTERS / sizeof *CHARACTERS; i++)
        if (z[0] >= CHARACTERS[i].first[0] && z[0] <= CHARACTERS[i].first[1]
                && z[1] >= CHARACTERS[i].second[0]
                && z[1] <= CHARACTERS[i].second[1]) {
            for (n = 2; n < CHARACTERS[i].n && (z[n] & 0xc0) == 0x80; n++)
                ;
            return n == CHARACTERS[i].n ? n : 0;
        }
    return 0;
}

void json_put(const char *text)
{
    while (*text) {
        int n = json_width(text);
        fwrite(n ? text : "\xef\xbf\xbd", 1, n ? (size_t)n : 3, stdout);
        text += n ? n : 1;
    }
    putchar('\n');
}

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

/* Appends what is JSON already; as a string what a database only says is. */
static void json_embed(Shell *shell, sqlite3_str *out, const char *text)
{
    if (query_int(shell, "SELECT json_valid(?)", text))
        sqlite3_str_appendall(out, text);
    else
        json_string(out, text);
}

static void json_value(Shell *shell, sqlite3_str *out, sqlite3_stmt *stmt, int i)
{
    const char *declared = sqlite3_column_decltype(stmt, i);

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
        if (declared && sqlite3_stricmp(declared, "JSON") == 0)
            json_embed(shell, out, query_column(shell, stmt, i));
        else
            json_string(out, query_column(shell, stmt, i));
    }
}

static void json_row(Shell *shell, sqlite3_str *out, sqlite3_stmt *stmt)
{
    int i, n = sqlite3_column_count(stmt);

    for (i = 0; i < n; i++) {
        sqlite3_str_appendchar(out, 1, i ? ',' : '{');
        json_string(out, sqlite3_column_name(stmt, i));
        sqlite3_str_appendchar(out, 1, ':');
        json_value(shell, out, stmt, i);
    }
    sqlite3_str_appendchar(out, 1, '}');
}

char *json_rows(Shell *shell, sqlite3_stmt *stmt, int *nrow)
{
    sqlite3_str *out = sqlite3_str_new(NULL);
    char *rows;
    int n;

    for (n = 0; query_next(shell, stmt); n++) {
        sqlite3_str_appendall(out, n ? ",\n" : "[\n");
        json_row(shell, out, stmt);
    }
    sqlite3_str_appendall(out, n ? "\n]" : "[]");
    rows = sqlite3_str_finish(out);
    if (!rows)
        fail(shell, "no-memory: out of memory");
    *nrow = n;
    if (!shell->error)
        return rows;
    sqlite3_free(rows);
    return NULL;
}

int json_print(Shell *shell, sqlite3_stmt *stmt)
{
    int n;
    char *rows = json_rows(shell, stmt, &n);

    if (rows)
        json_put(rows);
    sqlite3_free(rows);
    return n;
}
