/*
** What an application asks for when it starts.  See startup.h.
*/
#include "startup.h"

#include "../base/file.h"
#include "operation.h"
#include "transaction.h"

MIG_FUNC int startup_upgrades(void)
{
    const char *environment = file_env("ENVIRONMENT");
    const char *migrate = file_env("DB_AUTO_MIGRATE");

    return environment && migrate && strcmp(environment, "development") == 0
        && text_word(text_of(migrate), "true 1 yes on") >= 0;
}

/* SQLite cuts what it logs after some two hundred bytes: so what to do comes
** first. */
static void startupWarn(Arena *a, Session *session, const Project *project, int n)
{
    Names rows = history_rows(a, session->db, settings_text(
                              &project->source.settings, SETTING_VERSION_TABLE));
    Nodes heads = graph_heads(a, project->graph, 0);
    Names latest;
    const char *file = sqlite3_db_filename(session->db, "main");

    nodes_sort(a, project->graph, &heads);
    latest = nodes_ids(a, project->graph, &heads);
    if (ok(a))
        sqlite3_log(SQLITE_WARNING, "migrate: %d pending, run \"migrate upgrade%s\": "
                    "the database is at %s, the latest revision is %s: %s", n,
                    heads.n > 1 ? " heads" : "",
                    rows.n ? names_join(a, &rows, ", ") : "base",
                    names_join(a, &latest, ", "), file && *file ? file : ":memory:");
}

/* What is pending.  Who writes to the database meanwhile is waited for, as long as an
** upgrade waits. */
static Plan startupPending(Arena *a, Session *session, Project *project)
{
    Transaction t = {0};
    Wait wait = {0, 0, 0};
    Plan pending;

    t.db = session->db;
    t.session = session;
    do {
        pending = operation_plan(a, session, project, text_of("upgrade"),
                                 text_of("heads"));
        if (a->err->code == ERR_LOCKED)
            t.timeout = settings_int(&project->source.settings,
                                     SETTING_LOCK_TIMEOUT);
    } while (transaction_again(a, &t, &wait));
    return pending;
}

MIG_FUNC i64 startup_run(Arena *a, Session *session)
{
    Project project;
    Plan pending;

    if (startup_upgrades())
        operation_run(a, session, OPERATION_UPGRADE, text_of("heads"));
    if (!ok(a))
        return 0;
    pending = startupPending(a, session, &project);
    if (ok(a) && pending.n)
        startupWarn(a, session, &project, pending.n);
    return pending.n;
}
