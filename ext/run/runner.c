/*
** The runner.  See runner.h.
*/
#include "runner.h"

#include "applied.h"
#include "../base/json.h"
#include "connection.h"
#include "foreign.h"
#include "worker.h"

#include <stdlib.h>

MIG_FUNC void runner_sql(Runner *r, const char *sql)
{
    db_exec(r->a, r->db, "%s", sql);
    if (r->script && ok(r->a))
        script_statement(r->script, text_of(sql));
}

MIG_FUNC void runner_row(Runner *r, const char *sql)
{
    runner_sql(r, sql);
    if (ok(r->a) && sqlite3_changes(r->db) == 0)
        err_set(r->a->err, ERR_UNSUPPORTED, "a trigger on %s or _migrate_log keeps "
                "migrate from writing there; drop it", r->table);
}

MIG_FUNC void runner_tables(Runner *r)
{
    if (!history_has_version(r->a, r->db, r->table) && ok(r->a))
        runner_sql(r, history_create_version(r->a, r->table));
    /* a script for a range may meet a database that Alembic managed till now */
    if ((!history_has_log(r->a, r->db)
         || (r->script && r->script->is_range && !r->script->has_check)) && ok(r->a))
        runner_sql(r, history_create_log());
}

MIG_FUNC i64 runner_clock(const Runner *r)
{
    return r->script ? r->script->clock : db_clock(r->db);
}

MIG_FUNC void runner_init(Arena *a, Runner *r, Session *session,
                          Project *project, sqlite3 *db, Script *script)
{
    const Settings *settings = &project->source.settings;

    memset(r, 0, sizeof *r);
    r->a = a;
    r->session = session;
    r->project = project;
    r->db = db;
    r->script = script;
    r->attempt = -1;
    if (!ok(a))
        return;
    r->table = settings_text(settings, SETTING_VERSION_TABLE);
    r->is_each = strcmp(settings_text(settings, SETTING_TRANSACTION), "each") == 0;
    r->keep_downgrade = settings_is_on(settings, SETTING_KEEP_DOWNGRADE);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &r->foreign_keys);
    r->databases = connection_databases(a, db);
    transaction_init(a, &r->t, session, db,
                     settings_int(settings, SETTING_LOCK_TIMEOUT));
}

MIG_FUNC void runner_release(Runner *r)
{
    transaction_release(&r->t);
    /* a section outside of a transaction may have changed it */
    foreign_switch(r->db, r->foreign_keys);
    if (r->databases.n)
        connection_detach(r->db, &r->databases);
}

MIG_FUNC Nodes runner_rows(Runner *r)
{
    Names rows = history_rows(r->a, r->db, r->table);
    Nodes none = {0};

    if (r->is_united && ok(r->a))
        project_unite(r->a, r->project, r->db, &rows);
    return ok(r->a) ? project_rows(r->a, r->project, r->db, &rows) : none;
}

MIG_FUNC void runner_begin(Runner *r)
{
    transaction_begin(r->a, &r->t);
    if (r->script && ok(r->a))
        script_statement(r->script, text_of("BEGIN IMMEDIATE"));
}

MIG_FUNC void runner_commit(Runner *r)
{
    if (!r->t.is_open)
        return;
    transaction_commit(r->a, &r->t);
    if (r->script && ok(r->a))
        script_statement(r->script, text_of("COMMIT"));
}

MIG_FUNC void runner_expect(Runner *r)
{
    Names rows;
    sqlite3_str *sql;
    int i;

    if (!r->script || r->script->has_check)
        return;
    rows = history_rows(r->a, r->db, r->table);
    sql = text_begin();
    text_append(sql, "SELECT count(*) = %d AND total(version_num IN (", rows.n);
    for (i = 0; i < rows.n; i++)
        text_append(sql, "%s%TQ", i ? ", " : "", rows.v[i]);
    text_append(sql, ")) = %d FROM main.\"%w\"", rows.n, r->table);
    script_check(r->a, r->script, text_of(text_finish(r->a, sql)), 1);
}

MIG_FUNC sqlite3_value *runner_value(Arena *a, const Runner *r, Text parameter)
{
    return config_find(&r->session->config, text_format(a, "x.%.*s",
                       parameter.n - 1, parameter.z + 1));
}

MIG_FUNC void runner_mark(Arena *a, Runner *r, Text sql)
{
    const char *mark;

    if (r->script || r->attempt < 0 || !ok(a))
        return;
    mark = history_log_statement(a, project_revision(r->project, r->attempt)->id,
                                 sql);
    if (sqlite3_get_autocommit(r->db)) {
        transaction_begin(a, &r->t);
        db_exec(a, r->db, "%s", mark);
        transaction_commit(a, &r->t);
    } else {
        db_exec(a, r->db, "%s", mark);
    }
}

/* The files, in order, whose checksum is no longer the one that was applied. */
static Nodes runnerModified(Arena *a, const Applied *applied, const Project *project)
{
    Nodes modified = {0};
    int i;

    for (i = 0; ok(a) && i < graph_count(project->graph); i++) {
        const HistoryMark *mark = applied->mark[i];
        char hex[DIGEST_HEX];

        if (!mark || !mark->checksum.n || project_is_missing(project, i))
            continue;
        source_checksum(a, &project->source, i, hex);
        if (!text_is(mark->checksum, hex))
            nodes_push(a, &modified, i);
    }
    return modified;
}

MIG_FUNC Nodes runner_modified(Runner *r, const Nodes *rows)
{
    Arena *a = r->a;
    unsigned char *is_applied = graph_reach(a, r->project->graph, rows, WAY_BELOW);
    Applied applied = applied_read(a, r->db);
    Nodes none = {0};

    if (ok(a))
        applied_match(a, &applied, r->project->graph, is_applied);
    return ok(a) ? runnerModified(a, &applied, r->project) : none;
}

/* What a revision depends on, as ids: a label may go to another one day. */
static Names runnerDepends(const Runner *r, Arena *a, const Revision *revision)
{
    const Graph *g = r->project->graph;
    Names ids = {0};
    int i;

    for (i = 0; i < revision->depends.n; i++) {
        Text name = revision->depends.v[i];
        int node = graph_find(g, name) < 0 ? graph_find_label(g, name) : -1;
        names_push(a, &ids, node < 0 ? name : graph_id(g, node));
    }
    return ids;
}

MIG_FUNC LogEntry runner_entry(const Runner *r, Arena *a, int node,
                               const char *operation)
{
    const Revision *revision = project_revision(r->project, node);
    Names depends = runnerDepends(r, a, revision);
    LogEntry e = {0};
    char hex[DIGEST_HEX] = "";

    project_checksum(a, r->project, node, hex);
    e.operation = operation;
    e.status = "done";
    e.revision = revision->id;
    e.message = revision->message;
    e.down_revisions = json_names(a, &revision->down);
    e.depends_on = json_names(a, &depends);
    e.branch_labels = json_names(a, &revision->labels);
    e.checksum = *hex ? text_copy(a, text_of(hex)) : NULL;
    e.backup = r->backup;
    return e;
}

MIG_FUNC const char *runner_downgrade(const Runner *r, Arena *a, const Body *body)
{
    const Section *down = &body->v[SECTION_DOWN];

    if (!r->keep_downgrade || !down->is_given || !ok(a))
        return NULL;
    return text_format(a, "-- migrate:down%s%s\n%Ts",
                       down->no_transaction ? " transaction:false" : "",
                       down->no_foreign_keys ? " foreign_keys:off" : "",
                       text_trim(down->text));
}

/* True if both are the same section of the same worker. */
static int runnerIsSame(const Started *a, const Started *b)
{
    return text_eq(a->revision, b->revision) && text_eq(a->owner, b->owner);
}

/* A worker that is found gone may have ended well since its row was read: the row that
** is read after that tells. */
MIG_FUNC Started runner_started(Runner *r)
{
    Started started = history_started(r->a, r->db), again;

    while (started.revision.z && ok(r->a)) {
        if (worker_lives(r->a, started.owner)) {
            err_set(r->a->err, ERR_LOCKED, "process %d runs the %Ts of %Ts, which is "
                    "outside of a transaction%s%Ts",
                    atoi(text_copy(r->a, started.owner)), started.operation,
                    started.revision, started.statement.n ? ": " : "",
                    started.statement);
            break;
        }
        again = history_started(r->a, r->db);
        if (runnerIsSame(&again, &started))
            break;
        started = again;
    }
    return started;
}

MIG_FUNC void runner_check_started(Runner *r)
{
    Started started = runner_started(r);

    if (started.revision.z && ok(r->a))
        err_set(r->a->err, ERR_INTERRUPTED, "the %Ts of %Ts, which runs outside "
                "of a transaction, did not end%s%Ts; look at the database, then "
                "say with stamp which revision it is at",
                started.operation, started.revision,
                started.statement.n ? "; it was at: " : "",
                started.statement);
}
