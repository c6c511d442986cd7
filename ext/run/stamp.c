/*
** Saying where a database is.  See stamp.h.
*/
#include "stamp.h"

#include "backup.h"

/* Whether one of the version rows, as ids, means the node. */
static int stampHasRow(const Graph *g, const Names *rows, int node)
{
    int i;

    for (i = 0; i < rows->n; i++)
        if (graph_find(g, rows->v[i]) == node)
            return 1;
    return 0;
}

/* Takes from each list what is in the other: what is left is to be deleted and to
** be inserted. */
static void stampDifference(Arena *a, const Graph *g, const Names *before,
                             const Nodes *after, Names *gone, Nodes *added)
{
    int i;

    for (i = 0; i < before->n; i++) {
        int node = graph_find(g, before->v[i]);
        if (node < 0 || nodes_find(after, node) < 0)
            names_push(a, gone, before->v[i]);
    }
    for (i = 0; i < after->n; i++)
        if (!stampHasRow(g, before, after->v[i]))
            nodes_push(a, added, after->v[i]);
}

/* The log row of a stamp: of one revision, or, with node -1, of base.  One that
** only takes a changed file as it is leaves the version rows as they are. */
static void stampLog(Runner *r, int node)
{
    LogEntry e = {0};

    if (node >= 0) {
        Body body = project_body(r->a, r->project, node);
        e = runner_entry(r, r->a, node, "stamp");
        e.downgrade = runner_downgrade(r, r->a, &body);
    } else {
        e.operation = "stamp";
        e.status = "done";
        e.backup = r->backup;
    }
    e.started = runner_clock(r);
    if (ok(r->a))
        runner_row(r, history_insert_log(r->a, &e));
}

/* The rows before and after, as ids; purge forgets those before. */
static StampPlan stampPlan(Runner *r, const Names *targets, int purge,
                                 Names *before)
{
    StampPlan plan = {{0}, {0}, {0}};
    Nodes rows = {0};

    *before = purge ? history_any_rows(r->a, r->db, r->table)
                    : history_rows(r->a, r->db, r->table);
    /* only by a stamp can it be decided what became of a downgrade that was kept */
    if (ok(r->a) && history_started(r->a, r->db).revision.z)
        project_unite(r->a, r->project, r->db, before);
    if (!purge && ok(r->a))
        rows = project_rows(r->a, r->project, r->db, before);
    if (ok(r->a))
        project_check_logged(r->a, r->project, &rows);
    if (ok(r->a))
        plan = plan_stamp(r->a, r->project->graph, &rows, targets);
    return plan;
}

/* Tells the listener that the rows that are gone became this revision, or base. */
static void stampTell(Runner *r, const Names *gone, Text id)
{
    migrate_event event = {MIGRATE_EVENT_STEP, "stamp", NULL, NULL, "", NULL, NULL,
                           0, 0, 0};

    if (!r->session->progress || r->script || !ok(r->a))
        return;
    event.zRevision = text_copy(r->a, id);
    event.zDownRevisions = names_join(r->a, gone, ", ");
    session_event(r->a, r->session, &event);
}

/* Takes away the rows that are gone; with purge whatever the table holds, and what
** stays is put back. */
static void stampDelete(Runner *r, const Names *gone, const Nodes *added,
                        const Nodes *after, int purge)
{
    int i;

    if (purge)
        runner_sql(r, history_delete_rows(r->a, r->table));
    for (i = 0; !purge && i < gone->n && ok(r->a); i++)
        runner_sql(r, history_delete_row(r->a, r->table, gone->v[i]));
    for (i = 0; purge && i < after->n && ok(r->a); i++)
        if (nodes_find(added, after->v[i]) < 0)
            runner_row(r, history_insert_row(r->a, r->table, graph_id(
                       r->project->graph, after->v[i])));
}

/* Writes and logs the rows that are new. */
static void stampInsert(Runner *r, const Names *gone, const Nodes *added)
{
    int i;

    for (i = 0; i < added->n && ok(r->a); i++) {
        Text id = graph_id(r->project->graph, added->v[i]);
        stampTell(r, gone, id);
        runner_row(r, history_insert_row(r->a, r->table, id));
        stampLog(r, added->v[i]);
    }
    if (added->n == 0 && gone->n && ok(r->a)) {
        stampTell(r, gone, text_of(""));
        stampLog(r, -1);
    }
}

/* What a stamp changes. */
typedef struct StampChange {
    StampPlan plan;
    Names gone;
    Nodes added;
    int is_decided;         /* of a section outside of a transaction */
} StampChange;

/* False if there is nothing to do. */
static int stampLook(Runner *r, const Names *targets, int purge, StampChange *c)
{
    static const StampChange none = {{{0}, {0}, {0}}, {0}, {0}, 0};
    Names before;

    *c = none;
    c->plan = stampPlan(r, targets, purge, &before);
    c->is_decided = runner_started(r).revision.z != NULL;
    if (ok(r->a))
        stampDifference(r->a, r->project->graph, &before, &c->plan.after, &c->gone,
                        &c->added);
    return ok(r->a) && (c->gone.n || c->added.n || c->is_decided);
}

/* Looked at again under the lock; before that, so as to wait for whoever is at work,
** and to copy nothing where nothing is to do. */
MIG_FUNC i64 stamp_run(Runner *r, const Names *targets, int purge)
{
    int host = transaction_hasten(r->a, &r->t), is_needed;
    StampChange c;
    Wait wait = {0, 0, 0};

    do
        is_needed = stampLook(r, targets, purge, &c);
    while (transaction_again(r->a, &r->t, &wait));
    transaction_resume(&r->t, host);
    if (is_needed) {
        backup_make(r);
        runner_begin(r);
        is_needed = stampLook(r, targets, purge, &c);
    }
    if (!is_needed) {
        transaction_rollback(&r->t);
        if (r->script)
            script_clear(r->script);
        backup_unmake(r);
        return 0;
    }
    runner_tables(r);
    runner_expect(r);
    if (c.is_decided)
        runner_sql(r, history_log_decided());
    stampDelete(r, &c.gone, &c.added, &c.plan.after, purge);
    stampInsert(r, &c.gone, &c.added);
    runner_commit(r);
    transaction_rollback(&r->t);
    return c.gone.n > c.added.n ? c.gone.n : c.added.n;
}

MIG_FUNC i64 stamp_accept(Runner *r, const Nodes *nodes)
{
    Nodes rows, modified = {0};
    i64 n = 0;
    int i;

    runner_begin(r);
    rows = runner_rows(r);
    if (ok(r->a))
        project_check_logged(r->a, r->project, &rows);
    if (ok(r->a))
        modified = runner_modified(r, &rows);
    for (i = 0; i < modified.n && ok(r->a); i++) {
        int node = graph_place(r->project->graph, modified.v[i]);
        if (!nodes || nodes_find(nodes, node) >= 0) {
            stampLog(r, modified.v[i]);
            n++;
        }
    }
    runner_commit(r);
    return ok(r->a) ? n : 0;
}
