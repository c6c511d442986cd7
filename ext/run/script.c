/*
** A script.  See script.h.
*/
#include "script.h"

#include <stdlib.h>

MIG_FUNC void script_init(Script *script, i64 clock)
{
    memset(script, 0, sizeof *script);
    script->out = text_begin();
    script->clock = clock;
}

/* The shell takes a line of "/" or "go" for the end of a statement, as Oracle's and
** SQL Server's do: true if the token, the first of its line, is all of it. */
static int scriptEndsForShell(Text sql, Token token, int offset)
{
    if (!text_is(token.text, "/") && !token_is(token, "go"))
        return 0;
    token = token_next(sql, &offset);
    if (token.kind == TOKEN_SPACE && text_find(token.text, '\n') < 0)
        token = token_next(sql, &offset);
    return token.kind == TOKEN_SPACE || token.kind == TOKEN_COMMENT
        || token.kind == TOKEN_END;
}

/* Writes the statement; an empty comment keeps the shell from ending it early. */
static void scriptWrite(Script *script, Text sql)
{
    int offset = 0, written = 0, is_first = 0;

    for (;;) {
        Token token = token_next(sql, &offset);
        if (token.kind == TOKEN_END)
            break;
        if (is_first && scriptEndsForShell(sql, token, offset)) {
            text_append(script->out, "%.*s/**/ ", token.offset - written,
                        sql.z + written);
            written = token.offset;
        }
        is_first = token.kind == TOKEN_SPACE
                 && (is_first || text_find(token.text, '\n') >= 0);
    }
    text_append(script->out, "%.*s;\n", sql.n - written, sql.z + written);
}

MIG_FUNC void script_statement(Script *script, Text sql)
{
    if (script->is_muted)
        return;
    scriptWrite(script, sql);
    script->nstatement++;
}

MIG_FUNC void script_foreign_keys(Script *script, int on)
{
    script_statement(script, text_of(on ? "PRAGMA foreign_keys = ON"
                                        : "PRAGMA foreign_keys = OFF"));
}

MIG_FUNC void script_comment(Script *script, const char *z)
{
    if (script->is_muted)
        return;
    text_append(script->out, "\n-- ");
    for (; *z; z++)     /* a name may have a line of its own */
        sqlite3_str_appendchar(script->out, 1, *z == '\n' ? ' ' : *z);
    text_append(script->out, "\n");
}

MIG_FUNC void script_check(Arena *a, Script *script, Text select, int ncolumn)
{
    sqlite3_str *str;
    int i;

    if (script->is_muted)
        return;
    if (!script->has_check)
        script_statement(script, text_of("CREATE TEMP TABLE _migrate_check "
                         "(ok NOT NULL CHECK (ok))"));
    script->has_check = 1;
    str = text_begin();
    text_append(str, "INSERT INTO temp._migrate_check\nWITH _check(ok");
    for (i = 1; i < ncolumn; i++)
        text_append(str, ", c%d", i);
    text_append(str, ") AS (\n%Ts\n) SELECT (SELECT ok FROM _check "
                "LIMIT 1)", select);
    script_statement(script, text_of(text_finish(a, str)));
}

MIG_FUNC void script_clear(Script *script)
{
    sqlite3_str_reset(script->out);
    script->nstatement = 0;
    script->has_check = 0;
}

MIG_FUNC const char *script_finish(Arena *a, Script *script, const char *head)
{
    const char *body;

    if (script->has_check)
        script_statement(script, text_of("DROP TABLE temp._migrate_check"));
    body = text_finish(a, script->out);
    script->out = NULL;
    return script->nstatement ? text_format(a, "%s%s", head, body) : "";
}

/* ---- values ---- */

static const char *scriptReal(Arena *a, double r)
{
    char *z;

    if (r > 1.7976931348623157e308 || r < -1.7976931348623157e308)
        return r > 0 ? "9.0e+999" : "(-9.0e+999)";
    if (r == 0 && 1 / r < 0)
        return "(-0.0)";
    z = text_format(a, "%!.15g", r);
    if (strtod(z, NULL) != r)
        z = text_format(a, "%!.20e", r);
    return r < 0 ? text_format(a, "(%s)", z) : z;
}

static const char *scriptBlob(Arena *a, const unsigned char *bytes, int n)
{
    static const char hex[] = "0123456789abcdef";
    char *z = ARENA_NEW(a, char, 2 * n + 4), *to = z;
    int i;

    if (!z)
        return "NULL";
    *to++ = 'x';
    *to++ = '\'';
    for (i = 0; i < n; i++) {
        *to++ = hex[bytes[i] >> 4];
        *to++ = hex[bytes[i] & 15];
    }
    *to = '\'';
    return z;
}

MIG_FUNC const char *script_literal(Arena *a, sqlite3_value *value)
{
    const char *z;
    int n;
    i64 i;

    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        i = sqlite3_value_int64(value);
        /* "5 - -1" is one thing, "5 --1" another */
        return text_format(a, i < 0 ? "(%lld)" : "%lld", i);
    case SQLITE_FLOAT:
        return scriptReal(a, sqlite3_value_double(value));
    case SQLITE_TEXT:
        z = (const char *)sqlite3_value_text(value);
        n = sqlite3_value_bytes(value);
        if (z && strlen(z) == (size_t)n)
            return text_format(a, "%Q", z);
        /* a NUL within */
        return text_format(a, "CAST(%s AS TEXT)",
                           scriptBlob(a, (const unsigned char *)z, z ? n : 0));
    case SQLITE_BLOB:
        z = sqlite3_value_blob(value);
        return scriptBlob(a, (const unsigned char *)z, sqlite3_value_bytes(value));
    default:
        return "NULL";
    }
}

/* ---- what a condition reads ---- */

/* What a copy of the schema answers as the database would. */
static int scriptIsSchema(const char *table)
{
    return text_word(text_of(table),
        "sqlite_master sqlite_schema sqlite_temp_master sqlite_temp_schema "
        "pragma_table_info pragma_table_xinfo pragma_table_list pragma_index_list "
        "pragma_index_info pragma_index_xinfo pragma_foreign_key_list pragma_encoding "
        "pragma_function_list pragma_module_list pragma_collation_list "
        "pragma_compile_options") >= 0;
}

/* What depends on the rows that statements before it found. */
static int scriptIsMemory(const char *function)
{
    return sqlite3_stricmp(function, "changes") == 0
        || sqlite3_stricmp(function, "total_changes") == 0
        || sqlite3_stricmp(function, "last_insert_rowid") == 0;
}

/* The authorizer of the scratch connection, which is ours alone. */
static int scriptAuthorize(void *context, int action, const char *first,
                           const char *second, const char *schema,
                           const char *trigger)
{
    Script *script = context;

    (void)schema;
    (void)trigger;
    if (action == SQLITE_READ && first && *first && !scriptIsSchema(first))
        script->saw_rows = 1;
    if (action == SQLITE_FUNCTION && second && scriptIsMemory(second))
        script->saw_rows = 1;
    return SQLITE_OK;
}

MIG_FUNC void script_watch(Script *script, sqlite3 *scratch, int on)
{
    sqlite3_set_authorizer(scratch, on && !script->is_exact ? scriptAuthorize
                                                           : NULL, script);
}
