/*
** Looking at a database: status, log, verify.
*/
#include "shell.h"

#include <string.h>

enum { STATUS_NPENDING = 10 };  /* how many pending revisions are listed */

/* Prints the rows of stmt, and finalizes it.  Returns how many there were. */
static int inspect_print(Shell *shell, sqlite3_stmt *stmt)
{
    int is_json = option_is_given(shell, OPT_JSON);
    int n = is_json ? json_print(shell, stmt) : table_print(shell, stmt);

    sqlite3_finalize(stmt);
    return n;
}

/* ---- status */

/* "Name        first, second" for each row of sql; the name stands before the
** first one only.  Returns the number of rows. */
static int status_print(Shell *shell, const char *name, const char *sql)
{
    sqlite3_stmt *stmt = query(shell, sql);
    int n;

    for (n = 0; query_next(shell, stmt); n++) {
        const char *first = query_column(shell, stmt, 0);
        const char *second = query_column(shell, stmt, 1);
        printf("%-10s  %s%s%s\n",
            n ? "" : name, first, *second ? ", " : "", second);
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

/* What can be wrong, as a rule nothing, and what to do about it. */
static const struct { const char *name, *sql, *hint; } WRONGS[] = {
    {"Unfinished",
        "SELECT revision, operation FROM migrate_history"
        " WHERE status = 'started'",
        "\"migrate stamp REV\" says which revision the database is at"},
    {"Modified",
        "SELECT revision, path FROM migrate_revisions WHERE state = 'modified'",
        "\"migrate verify --accept\" takes changed files as they are"},
    {"Missing",
        "SELECT revision, message FROM migrate_revisions"
        " WHERE state = 'missing'",
        "\"migrate sync\" undoes, \"migrate stamp --purge REV\" forgets what has no"
        " file"},
};

static void status_print_wrong(Shell *shell)
{
    size_t i;

    for (i = 0; i < sizeof WRONGS / sizeof *WRONGS; i++)
        if (status_print(shell, WRONGS[i].name, WRONGS[i].sql))
            printf("%-10s  %s\n", "", WRONGS[i].hint);
}

static void status_print_page(Shell *shell)
{
    sqlite3_int64 nhead = query_int(shell, "SELECT count(*)"
        " FROM migrate_revisions WHERE is_head");
    sqlite3_int64 npending = query_int(shell,
        "SELECT count(*) FROM migrate_revisions WHERE NOT is_applied");
    sqlite3_int64 napplied = query_int(shell,
        "SELECT count(*) FROM migrate_revisions WHERE is_applied");

    if (!shell->error)
        printf("Database    %s\n", shell->database);
    status_print(shell, "Source", "SELECT migrate_source(), ''");
    if (!status_print(shell, "Current", "SELECT revision, message"
            " FROM migrate_revisions WHERE is_current") && !shell->error)
        puts("Current     nothing is applied");
    status_print(shell, nhead > 1 ? "Heads" : "Head", "SELECT revision, message"
        " FROM migrate_revisions WHERE is_head");
    if (!shell->error)
        printf("Revisions   %lld applied, %lld pending\n",
            (long long)napplied, (long long)npending);
    status_print_wrong(shell);
    status_print_pending(shell);
    if (npending && !shell->error)
        printf("\n\"migrate upgrade%s\" applies what is pending.\n",
            nhead > 1 ? " heads" : "");
}

/* The rows of sql as JSON, from sqlite3_malloc(); NULL after a failure. */
static char *status_rows(Shell *shell, const char *sql)
{
    sqlite3_stmt *stmt = query(shell, sql);
    int n;
    char *rows = json_rows(shell, stmt, &n);

    sqlite3_finalize(stmt);
    return rows;
}

/* What the page shows, as one object. */
static void status_print_json(Shell *shell)
{
    char *head = query_text(shell,
        "SELECT json_object('database', ?, 'source', migrate_source(),"
        " 'current', json(migrate_current()), 'heads', json(migrate_heads()),"
        " 'applied', count(*) FILTER (WHERE is_applied),"
        " 'pending', count(*) FILTER (WHERE NOT is_applied))"
        " FROM migrate_revisions", shell->database);
    char *plan = status_rows(shell,
        "SELECT * FROM migrate_plan('upgrade', 'heads')");
    char *changed = status_rows(shell, "SELECT * FROM migrate_revisions"
        " WHERE state IN ('modified', 'missing')");
    char *all = shell->error ? NULL
        : sqlite3_mprintf("%.*s,\"plan\":%s,\"changed\":%s}",
            (int)strlen(head) - 1, head, plan, changed);    /* but for its brace */

    if (all)
        json_put(all);
    else
        fail(shell, "no-memory: out of memory");
    sqlite3_free(head);
    sqlite3_free(plan);
    sqlite3_free(changed);
    sqlite3_free(all);
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

/* Takes the files of the revisions named, or all, as they are. */
static void verify_accept(Shell *shell)
{
    char *revisions = line_words(shell);
    sqlite3_int64 n = query_int(shell, "SELECT migrate_accept(?)", revisions);

    if (!shell->error && !option_is_given(shell, OPT_QUIET))
        fprintf(stderr, "Accepted %lld changed %s\n",
            (long long)n, n == 1 ? "file" : "files");
    sqlite3_free(revisions);
}

void command_verify(Shell *shell)
{
    int is_json = option_is_given(shell, OPT_JSON);
    sqlite3_stmt *stmt;

    if (option_is_given(shell, OPT_ACCEPT))
        verify_accept(shell);
    stmt = query(shell, is_json
        ? "SELECT * FROM migrate_revisions"
          " WHERE state IN ('modified', 'missing')"
        : "SELECT state, revision, path, message FROM migrate_revisions"
          " WHERE state IN ('modified', 'missing')");

    if (inspect_print(shell, stmt) && !shell->error)
        shell->status = EXIT_FOUND;
}
