/*
** Commands that change a database: upgrade, downgrade, sync, startup, stamp.
*/
#include "shell.h"

#include <string.h>

static void change_print_script(
    Shell *shell, const char *operation, const char *target)
{
    char *script =
        query_text(shell, "SELECT migrate_sql(?, ?)", operation, target);
    size_t n = script ? strlen(script) : 0;

    if (n) {
        fputs(script, stdout);
        if (script[n - 1] != '\n')
            putchar('\n');
    }
    sqlite3_free(script);
}

/* Runs sql with its progress on standard error or, if is_dry, what it ran on
** standard output; says so if there was nothing to do. */
static void change_run(
    Shell *shell, const char *sql, const char *target, int is_dry)
{
    Progress *progress = progress_start(shell, is_dry);
    sqlite3_int64 n = query_int(shell, sql, target);

    progress_finish(shell, progress);
    if (!shell->error && !n && !option_is_given(shell, OPT_QUIET))
        fputs("Nothing to do\n", stderr);
}

/* The transaction that the error speaks of is that of the dry run. */
static void change_explain(Shell *shell)
{
    static const char CODE[] = "in-transaction:";
    const char *hint = shell->error ? strrchr(shell->error, ';') : NULL;
    char *error;

    if (!hint || strncmp(shell->error, CODE, sizeof CODE - 1) != 0)
        return;
    error = sqlite3_mprintf("%.*s, as a dry run is; \"--sql\" prints what would run",
        (int)(hint - shell->error), shell->error);
    if (!error)
        return;
    sqlite3_free(shell->error);
    shell->error = error;
}

static void change_rehearse(Shell *shell, const char *sql, const char *target)
{
    query_int(shell, "SELECT migrate_config('backup', 'off')");
    query_int(shell, "BEGIN IMMEDIATE");
    change_run(shell, sql, target, 1);
    change_explain(shell);
    if (!sqlite3_get_autocommit(shell->db))
        sqlite3_exec(shell->db, "ROLLBACK", NULL, NULL, NULL);
}

static void change(
    Shell *shell, const char *operation, const char *sql, const char *target)
{
    if (option_is_given(shell, OPT_SQL))
        change_print_script(shell, operation, target);
    else if (option_is_given(shell, OPT_DRY_RUN))
        change_rehearse(shell, sql, target);
    else
        change_run(shell, sql, target, 0);
}

void command_upgrade(Shell *shell)
{
    change(shell, "upgrade", "SELECT migrate_upgrade(?)",
        line_word(shell, 0, "head"));
}

void command_downgrade(Shell *shell)
{
    change(shell, "downgrade", "SELECT migrate_downgrade(?)",
        line_word(shell, 0, NULL));
}

void command_sync(Shell *shell)
{
    change(shell, "sync", "SELECT migrate_sync()", "");
}

/* The extension warns by way of SQLite's log: see main_log(). */
void command_startup(Shell *shell)
{
    Progress *progress = progress_start(shell, 0);

    query_int(shell, "SELECT migrate_startup()");
    progress_finish(shell, progress);
}

void command_stamp(Shell *shell)
{
    char *targets = line_words(shell);

    if (option_is_given(shell, OPT_PURGE))
        change(shell, "stamp purge", "SELECT migrate_stamp(?, 'purge')",
            targets);
    else
        change(shell, "stamp", "SELECT migrate_stamp(?)", targets);
    sqlite3_free(targets);
}
