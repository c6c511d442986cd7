/*
** Checks of a source: test, lint.
*/
#include "shell.h"

/* ---- test */

static void test_print_line(Shell *shell, sqlite3_stmt *stmt, int is_ok)
{
    const char *error = query_column(shell, stmt, 4);
    const char *difference = query_column(shell, stmt, 5);

    printf("%-6s  %s, %s%s\n", is_ok ? "ok" : "failed",
        query_column(shell, stmt, 1), query_column(shell, stmt, 2),
        query_column(shell, stmt, 3));
    if (*error)
        printf("        %s\n", error);
    if (*difference)
        printf("        %s\n", difference);
}

/* The results, an array.  Returns how many of them are not as they should be. */
static int test_print(Shell *shell, const char *results)
{
    sqlite3_stmt *stmt = query(shell,
        "SELECT json_extract(value, '$.ok'),"
        " json_extract(value, '$.revision'), json_extract(value, '$.message'),"
        " iif(json_extract(value, '$.down') = 'irreversible',"
        " ' (irreversible)', ''),"
        " json_extract(value, '$.error'), json_extract(value, '$.difference')"
        " FROM json_each(?)", results);
    int n = 0, nfailed = 0;

    for (; query_next(shell, stmt); n++) {
        int is_ok = sqlite3_column_int(stmt, 0);
        test_print_line(shell, stmt, is_ok);
        nfailed += !is_ok;
    }
    sqlite3_finalize(stmt);
    if (!shell->error && !option_is_given(shell, OPT_QUIET))
        fprintf(stderr, "%d %s, %d failed\n",
            n, n == 1 ? "revision" : "revisions", nfailed);
    return nfailed;
}

/* An object a line, as json_print() does it. */
static int test_print_json(Shell *shell, const char *results)
{
    sqlite3_stmt *stmt = query(shell,
        "SELECT value, json_extract(value, '$.ok') FROM json_each(?)", results);
    int n = 0, nfailed = 0;

    for (; query_next(shell, stmt); n++) {
        printf("%s\n%s", n ? "," : "[", query_column(shell, stmt, 0));
        nfailed += !sqlite3_column_int(stmt, 1);
    }
    sqlite3_finalize(stmt);
    if (!shell->error)
        puts(n ? "\n]" : "[]");
    return nfailed;
}

void command_test(Shell *shell)
{
    char *results = query_text(shell, "SELECT migrate_test(?)",
        line_word(shell, 0, NULL));
    int nfailed = option_is_given(shell, OPT_JSON)
        ? test_print_json(shell, results) : test_print(shell, results);

    if (nfailed && !shell->error)
        shell->status = EXIT_FOUND;
    sqlite3_free(results);
}


/* ---- lint */

/* "FILE:LINE: CODE: MESSAGE", as compilers print it.  Returns how many. */
static int lint_print(Shell *shell)
{
    sqlite3_stmt *stmt = query(shell,
        "SELECT file, line, code, message FROM migrate_lint");
    int n;

    for (n = 0; query_next(shell, stmt); n++)
        printf("%s:%d: %s: %s\n", query_column(shell, stmt, 0),
            sqlite3_column_int(stmt, 1), query_column(shell, stmt, 2),
            query_column(shell, stmt, 3));
    sqlite3_finalize(stmt);
    return n;
}

static int lint_print_json(Shell *shell)
{
    sqlite3_stmt *stmt = query(shell, "SELECT * FROM migrate_lint");
    int n = json_print(shell, stmt);

    sqlite3_finalize(stmt);
    return n;
}

void command_lint(Shell *shell)
{
    int n = option_is_given(shell, OPT_JSON)
        ? lint_print_json(shell) : lint_print(shell);

    if (n && !shell->error)
        shell->status = EXIT_FOUND;
}
