/*
** One step of a plan.  See step.h.
*/
#include "step.h"

#include "../base/file.h"
#include "../graph/replace.h"
#include "execute.h"
#include "foreign.h"
#include "refusal.h"
#include "unkeyed.h"
#include "worker.h"

/* ---- what the log and the listener are told ---- */

static LogEntry stepEntry(Runner *r, Arena *a, const Step *step, const Body *body)
{
    LogEntry e = runner_entry(r, a, step->node, step->kind == STEP_UP
                              ? "upgrade" : "downgrade");

    e.started = r->started;
    if (step->kind == STEP_UP)
        e.downgrade = runner_downgrade(r, a, body);
    return e;
}

static void stepTell(Runner *r, Arena *a, const Step *step,
                       migrate_event_type type)
{
    const Revision *revision = project_revision(r->project, step->node);
    migrate_event event = {type, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0};

    if (!r->session->progress || r->script)
        return;
    event.zOperation = step->kind == STEP_UP ? "upgrade" : "downgrade";
    event.zRevision = text_copy(a, revision->id);
    event.zDownRevisions = project_parents(a, r->project, step->node);
    event.zMessage = text_copy(a, revision->message);
    event.nDone = r->nstep;
    event.nTotal = r->ntotal;
    session_event(a, r->session, &event);
}

/* ---- one step ---- */

MIG_FUNC const Section *step_section(const Step *step, const Body *body)
{
    return &body->v[step->kind == STEP_UP ? SECTION_UP : SECTION_DOWN];
}

/* Refuses to go on where a section changed the version rows, as a trigger or a
** DROP TABLE in it may; a statement that says so is refused before. */
static void stepCheckRows(Runner *r, Arena *a, const Body *body, const Names *rows)
{
    int i, is_same = db_has_table(a, r->db, r->table);
    Names now = {0};

    if (is_same)
        now = history_rows_again(a, r->db, r->table);
    is_same = is_same && now.n == rows->n;
    for (i = 0; i < now.n && is_same; i++)
        is_same = text_eq(now.v[i], rows->v[i]);
    if (!is_same && ok(a))
        err_set(a->err, ERR_UNSUPPORTED, "%s: the section changes %s, which migrate "
                "keeps itself; take out what does", body->name, r->table);
}

/* A row may bear the id of what a squashed revision replaced. */
static void stepDeleteRow(Runner *r, Arena *a, const Names *rows, int node)
{
    Names ids = replace_ids(a, r->project->graph, node);
    int i;

    for (i = 0; i < ids.n && ok(a); i++)
        if (names_find(rows, ids.v[i]) >= 0)
            runner_row(r, history_delete_row(a, r->table, ids.v[i]));
}

/* The version rows and the log row of a step. */
static void stepRecord(Runner *r, Arena *a, const Step *step, const Body *body,
                       const Names *rows, int is_started)
{
    const Graph *g = r->project->graph;
    LogEntry e = stepEntry(r, a, step, body);
    int i;

    e.duration = runner_clock(r) - r->started;
    for (i = 0; i < step->remove.n && ok(a); i++)
        stepDeleteRow(r, a, rows, step->remove.v[i]);
    for (i = 0; i < step->add.n && ok(a); i++)
        runner_row(r, history_insert_row(a, r->table,
                                        graph_id(g, step->add.v[i])));
    if (ok(a) && is_started)
        runner_sql(r, history_log_done(a, &e));
    else if (ok(a))
        runner_row(r, history_insert_log(a, &e));
}

static void stepAnnounce(Runner *r, Arena *a, const Step *step)
{
    const Revision *revision = project_revision(r->project, step->node);
    const char *parents = project_parents(a, r->project, step->node);
    const char *id = text_copy(a, revision->id);

    r->attempt = step->node;
    r->kind = step->kind;
    r->started = runner_clock(r);
    if (r->script)
        script_comment(r->script, step->kind == STEP_UP
            ? text_format(a, "upgrade %s -> %s, %Ts", parents, id,
                          revision->message)
            : text_format(a, "downgrade %s -> %s, %Ts", id, parents,
                          revision->message));
    stepTell(r, a, step, MIGRATE_EVENT_STEP);
}

MIG_FUNC void step_run(Runner *r, Arena *a, const Step *step, const Body *body)
{
    SectionKind kind = step->kind == STEP_UP ? SECTION_UP : SECTION_DOWN;
    int is_unkeyed = unkeyed_is(r, &body->v[kind]);
    Names rows = history_rows_again(a, r->db, r->table);

    stepAnnounce(r, a, step);
    if (is_unkeyed && r->script)
        unkeyed_begin(r);
    if (is_unkeyed)
        unkeyed_run(r, a, body, kind);
    else
        execute_section(a, r, body, kind, NULL);
    if (step->kind == STEP_UP)
        execute_verify(a, r, body);
    stepCheckRows(r, a, body, &rows);
    stepRecord(r, a, step, body, &rows, 0);
    if (is_unkeyed && r->script)
        unkeyed_commit(r);
    if (ok(a))
        r->nstep++;
    stepTell(r, a, step, MIGRATE_EVENT_STEP_DONE);
}

/* ---- a section outside of a transaction ---- */

/* The section failed with the process alive.  If nothing of it has run it may be
** tried again; otherwise it stays "started", for somebody to decide. */
static void stepGiveUp(Runner *r, Arena *outer, LogEntry *e, int ndone)
{
    Err err = {0};
    Arena a;

    arena_init(&a, &err);
    if (!sqlite3_get_autocommit(r->db))
        sqlite3_exec(r->db, "ROLLBACK", NULL, NULL, NULL);
    e->status = ndone ? "started" : "failed";
    e->error = err_message(outer->err);
    transaction_begin(&a, &r->t);
    db_exec(&a, r->db, "%s", history_log_done(&a, e));
    transaction_commit(&a, &r->t);
    arena_release(&a);
    err_release(&err);
    if (ndone)
        err_append(outer->err, "; %d statements before it have run and cannot be "
                   "undone: look at the database, then decide with stamp", ndone);
    r->attempt = -1;
}

/* Runs the section, committed or not by itself. */
static void stepSection(Runner *r, Arena *a, const Body *body, SectionKind kind,
                        int *ndone)
{
    if (unkeyed_is(r, &body->v[kind]))
        unkeyed_run_alone(r, a, body, kind, ndone);
    else
        execute_section(a, r, body, kind, ndone);
    if (ok(a) && !sqlite3_get_autocommit(r->db))
        err_set(a->err, ERR_TRANSACTION_CONTROL, "%s: the section ends within a "
                "transaction that it began", body->name);
    foreign_switch(r->db, r->foreign_keys);     /* a PRAGMA may have changed it */
    if (r->script)
        script_foreign_keys(r->script, r->script->foreign_keys);
}

/* The section, once the log says that it has started. */
static void stepOutside(Runner *r, Arena *a, const Step *step, const Body *body,
                        const Names *rows, LogEntry *e)
{
    int ndone = 0;

    stepSection(r, a, body, step->kind == STEP_UP ? SECTION_UP : SECTION_DOWN, &ndone);
    if (ok(a))
        runner_begin(r);
    if (step->kind == STEP_UP)
        execute_verify(a, r, body);
    stepCheckRows(r, a, body, rows);
    stepRecord(r, a, step, body, rows, 1);
    runner_commit(r);
    if (ok(a))
        r->nstep++;
    else if (!r->script)
        stepGiveUp(r, a, e, ndone);
    stepTell(r, a, step, MIGRATE_EVENT_STEP_DONE);
}

MIG_FUNC void step_run_alone(Runner *r, Arena *a, const Step *step, const Body *body)
{
    Names rows = history_rows_again(a, r->db, r->table);
    LogEntry e;
    Worker worker;

    worker_begin(a, &worker, r->session);
    stepAnnounce(r, a, step);
    e = stepEntry(r, a, step, body);
    e.status = "started";
    e.owner = r->script ? NULL : worker.name;
    e.duration = -1;
    if (ok(a))
        runner_row(r, history_insert_log(a, &e));
    runner_commit(r);
    if (ok(a))
        stepOutside(r, a, step, body, &rows, &e);
    worker_end(&worker);
}

MIG_FUNC void step_check(Runner *r, Arena *a, const Step *step)
{
    const Revision *revision = project_revision(r->project, step->node);
    Body body = project_body(a, r->project, step->node);
    const Section *section = step_section(step, &body);

    if (!ok(a))
        return;
    if (!section->is_given && project_is_missing(r->project, step->node))
        err_set(a->err, ERR_IRREVERSIBLE, "%Ts cannot be undone: no file has it, and "
                "the log keeps no downgrade of it; bring back its file",
                revision->id);
    else if (!section->is_given)
        err_set(a->err, ERR_IRREVERSIBLE, "%Ts cannot be undone: %s has no "
                "section \"-- migrate:down\"", revision->id,
                revision->name);
    if (section->no_transaction && r->t.is_nested)
        err_set(a->err, ERR_IN_TRANSACTION, "%s has transaction:false and cannot "
                "run inside a transaction; commit yours first", revision->name);
    refusal_check(a, r, &body, step->kind == STEP_UP ? SECTION_UP : SECTION_DOWN);
    if (step->kind == STEP_UP)
        refusal_check(a, r, &body, SECTION_VERIFY);
}
