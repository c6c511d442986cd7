/*
** The model against the database: check, diff.
*/
#include "shell.h"

/* Prints the differences, and says so if there are none.  Returns how many. */
static int diff_print(Shell *shell, const char *model)
{
    int is_json = option_is_given(shell, OPT_JSON), n;
    char *sql = sqlite3_mprintf("SELECT %s FROM migrate_diff%s", is_json ? "*"
        : "change, kind, coalesce(name, '') AS name,"
          " iif(tbl_name IS NOT name, tbl_name, '') AS \"table\","
          " iif(destructive, '!', '') AS \" \", detail",
        model ? "(?)" : "");
    sqlite3_stmt *stmt = query(shell, sql, model);

    n = is_json ? json_print(shell, stmt) : table_print(shell, stmt);
    sqlite3_finalize(stmt);
    sqlite3_free(sql);
    if (n == 0 && !shell->error && !option_is_given(shell, OPT_QUIET))
        fprintf(stderr, "The database is as the model says\n");
    return n;
}

void command_check(Shell *shell)
{
    if (diff_print(shell, NULL) && !shell->error)
        shell->status = EXIT_FOUND;
}

void command_diff(Shell *shell)
{
    diff_print(shell, line_word(shell, 0, NULL));
}
