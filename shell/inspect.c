/*
** Looking at a database: status, log, verify.
*/
#include "shell.h"

#include <string.h>

enum { STATUS_NPENDING = 10 };  /* how many pending revisions are listed */

/* Prints the rows of stmt, and finalizes it. */
static void inspect_print(Shell *shell, sqlite3_stmt *stmt)
{
    if (option_is_given(shell, OPT_JSON)) {
        json_print(shell, stmt);
        putchar('\n');
    } else {
        table_print(shell, stmt);
    }
    sqlite3_finalize(stmt);
}

/* ---- status */

/* "Name       id, message", a line for each row of sql; the name stands before
** the first.  Returns the number of rows. */
static int status_print(Shell *shell, const char *name, const char *sql)
{
    sqlite3_stmt *stmt = query(shell, sql);
    int n;

    for (n = 0; query_next(shell, stmt); n++) {
        const char *message = query_column(shell, stmt, 1);
        printf("%-10s  %s%s%s\n", n ? "" : name, query_column(shell, stmt, 0),
            *message ? ", " : "", message);
    }
    sqlite3_finalize(stmt);
    return n;
}

static void status_print_pending(Shell *shell)
{
    sqlite3_stmt *stmt = query(shell,
        "SELECT revision, message FROM migrate_plan('upgrade', 'heads')");
    sqlite3_int64 n = 0;

    while (query_next(shell, stmt))
        if (n++ < STATUS_NPENDING)
            printf("%-10s  %s, %s\n", n == 1 ? "Pending" : "",
                query_column(shell, stmt, 0), query_column(shell, stmt, 1));
    if (n > STATUS_NPENDING)
        printf("%-10s  and %lld more\n", "", (long long)n - STATUS_NPENDING);
    sqlite3_finalize(stmt);
}

static void status_print_page(Shell *shell)
{
    char *source = query_text(shell, "SELECT migrate_source()");
    sqlite3_int64 nhead = query_int(shell, "SELECT count(*)"
        " FROM migrate_revisions WHERE is_head AND state <> 'missing'");
    sqlite3_int64 npending = query_int(shell,
        "SELECT count(*) FROM migrate_revisions WHERE state = 'pending'");
    sqlite3_int64 napplied = query_int(shell,
        "SELECT count(*) FROM migrate_revisions WHERE is_applied");

    if (shell->error)
        return;
    printf("Database    %s\n", shell->database);
    printf("Source      %s\n", source ? source : "");
    if (!status_print(shell, "Current", "SELECT revision, message"
            " FROM migrate_revisions WHERE is_current"))
        puts("Current     nothing is applied");
    status_print(shell, nhead > 1 ? "Heads" : "Head", "SELECT revision, message"
        " FROM migrate_revisions WHERE is_head AND state <> 'missing'");
    printf("Revisions   %lld applied, %lld pending\n",
        (long long)napplied, (long long)npending);
    status_print(shell, "Unfinished", "SELECT revision, operation"
        " FROM migrate_history WHERE status = 'started'");
    status_print(shell, "Modified", "SELECT revision, path"
        " FROM migrate_revisions WHERE state = 'modified'");
    status_print(shell, "Missing", "SELECT revision, message"
        " FROM migrate_revisions WHERE state = 'missing'");
    status_print_pending(shell);
    if (npending && !shell->error)
        printf("\n\"migrate upgrade%s\" applies what is pending.\n",
            nhead > 1 ? " heads" : "");
    sqlite3_free(source);
}

/* Prints the rows of sql as the last member of an object so far. */
static void status_print_rows(Shell *shell, const char *name, const char *sql)
{
    sqlite3_stmt *stmt = query(shell, sql);

    printf(",\n\"%s\":", name);
    json_print(shell, stmt);
    sqlite3_finalize(stmt);
}

/* What the page shows, as one object. */
static void status_print_json(Shell *shell)
{
    char *head = query_text(shell,
        "SELECT json_object('database', ?, 'source', migrate_source(),"
        " 'current', json(migrate_current()), 'heads', json(migrate_heads()),"
        " 'applied', count(*) FILTER (WHERE is_applied),"
        " 'pending', count(*) FILTER (WHERE state = 'pending'))"
        " FROM migrate_revisions", shell->database);

    if (head) {
        printf("%.*s", (int)strlen(head) - 1, head);    /* but for its brace */
        status_print_rows(shell, "plan",
            "SELECT * FROM migrate_plan('upgrade', 'heads')");
        status_print_rows(shell, "changed", "SELECT * FROM migrate_revisions"
            " WHERE state IN ('modified', 'missing')");
        puts("}");
    }
    sqlite3_free(head);
}

void command_status(Shell *shell)
{
    if (option_is_given(shell, OPT_JSON))
        status_print_json(shell);
    else
        status_print_page(shell);
}

/* ---- log */

void command_log(Shell *shell)
{
    int is_json = option_is_given(shell, OPT_JSON);
    sqlite3_stmt *stmt = query(shell, is_json
        ? "SELECT * FROM migrate_history"
        : "SELECT id, started_at AS started, operation, revision, status,"
          " duration_ms AS ms, coalesce(error, message) AS message"
          " FROM migrate_history");

    inspect_print(shell, stmt);
}

/* ---- verify */

void command_verify(Shell *shell)
{
    int is_json = option_is_given(shell, OPT_JSON);
    sqlite3_stmt *stmt = query(shell, is_json
        ? "SELECT * FROM migrate_revisions"
          " WHERE state IN ('modified', 'missing')"
        : "SELECT state, revision, path, message FROM migrate_revisions"
          " WHERE state IN ('modified', 'missing')");

    inspect_print(shell, stmt);
    if (query_int(shell, "SELECT count(*) FROM migrate_revisions"
            " WHERE state IN ('modified', 'missing')"))
        shell->status = EXIT_FOUND;
}
