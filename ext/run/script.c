/*
** A script.  See script.h.
*/
#include "script.h"

MIG_FUNC void script_init(Script *script, i64 clock)
{
    memset(script, 0, sizeof *script);
    script->out = sqlite3_str_new(NULL);
    script->clock = clock;
}

MIG_FUNC void script_statement(Script *script, Text sql)
{
    if (script->is_muted)
        return;
    sqlite3_str_appendf(script->out, "%.*s;\n", TEXT_ARG(sql));
    script->nstatement++;
}

MIG_FUNC void script_comment(Script *script, const char *z)
{
    if (!script->is_muted)
        sqlite3_str_appendf(script->out, "\n-- %s\n", z);
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
    str = sqlite3_str_new(NULL);
    sqlite3_str_appendall(str, "INSERT INTO temp._migrate_check\nWITH _check(ok");
    for (i = 1; i < ncolumn; i++)
        sqlite3_str_appendf(str, ", c%d", i);
    sqlite3_str_appendf(str, ") AS (\n%.*s\n) SELECT (SELECT ok FROM _check LIMIT 1)",
                        TEXT_ARG(select));
    script_statement(script, text_of(text_finish(a, str)));
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

/* The authorizer of the scratch connection, which is ours alone. */
static int scriptAuthorize(void *context, int action, const char *table,
                           const char *column, const char *schema,
                           const char *trigger)
{
    Script *script = context;

    (void)column;
    (void)trigger;
    if (action == SQLITE_READ && schema && table && *table
        && strncmp(table, "sqlite_", 7) != 0 && strncmp(table, "pragma_", 7) != 0)
        script->saw_rows = 1;
    return SQLITE_OK;
}

MIG_FUNC void script_watch(Script *script, sqlite3 *scratch, int on)
{
    sqlite3_set_authorizer(scratch, on && !script->is_exact ? scriptAuthorize
                                                           : NULL, script);
}
