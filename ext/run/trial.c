/*
** Trying revisions.  See trial.h.
*/
#include "trial.h"

#include "../base/json.h"
#include "../schema/diff.h"
#include "../schema/scratch.h"
#include "foreign.h"
#include "seed.h"
#include "step.h"

typedef struct Trial {
    Arena *a;
    Session session;            /* the caller's, but nobody listens */
    Project project;
    const char *owned;          /* what of a schema is the user's */
    int foreign_keys;           /* as the settings have them */
    int is_denied;              /* a section reached for another file */
    Seed seed;
    sqlite3 *line;              /* the scratch database that goes up */
    unsigned char *is_wanted;   /* by node: it is to be reported */
    unsigned char *is_stuck;    /* by node: it did not go up */
} Trial;

/* What became of one revision.  The texts live in the trial's arena. */
typedef struct TrialResult {
    const char *up, *down, *again;
    const char *error, *difference;
} TrialResult;

/* ---- schemas, compared ---- */

static void trialRow(sqlite3_str *out, const DiffRow *row)
{
    static const char words[][2][12] = {
        {"add", "is too much"}, {"drop", "is gone"}, {"change", "differs"},
        {"move", "has moved"},
    };
    const char *what = row->change;
    size_t i;

    for (i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(row->change, words[i][0]) == 0)
            what = words[i][1];
    text_append(out, "%s%s %Ts", sqlite3_str_length(out) ? ", " : "",
                row->kind, row->name);
    if (row->table.n && !text_eq_nocase(row->table, row->name))
        text_append(out, " of %Ts", row->table);
    text_append(out, " %s", what);
    if (row->detail && *row->detail)
        text_append(out, " (%s)", row->detail);
}

/* What differs, or NULL. */
static const char *trialDifference(Arena *a, const Model *want, const Model *have)
{
    DiffOptions options = {NULL, 1};
    Diff diff = diff_build(a, want, have, &options);
    sqlite3_str *out;
    DiffRows rows;
    int i;

    if (!ok(a) || diff_is_empty(&diff))
        return NULL;
    out = text_begin();
    rows = diff_rows(a, &diff);
    for (i = 0; i < rows.n; i++)
        trialRow(out, &rows.v[i]);
    return text_finish(a, out);
}

/* ---- scratch databases ---- */

/* Lets a section do everything but reach for another file. */
static int trialAuthorize(void *context, int action, const char *first,
                          const char *second, const char *schema,
                          const char *trigger)
{
    Trial *t = context;

    (void)second;
    (void)schema;
    (void)trigger;
    if (action != SQLITE_ATTACH || !first || !*first
        || strcmp(first, ":memory:") == 0)
        return SQLITE_OK;
    t->is_denied = 1;
    return SQLITE_DENY;
}

static sqlite3 *trialOpen(Trial *t, Arena *a, sqlite3 *from, ScratchRows rows)
{
    sqlite3 *scratch = scratch_open(a, from, rows);

    if (scratch) {
        db_follow(scratch, t->session.db);
        foreign_switch(scratch, t->foreign_keys);
        sqlite3_set_authorizer(scratch, trialAuthorize, t);
    }
    return scratch;
}

/* Runs one step on a scratch database.  What fails is in a's Err. */
static void trialStep(Trial *t, Arena *a, sqlite3 *db, const Step *step)
{
    Runner r;
    Body body;

    runner_init(a, &r, &t->session, &t->project, db, NULL);
    step_check(&r, a, step);
    body = project_body(a, &t->project, step->node);
    if (ok(a))
        runner_begin(&r);
    if (ok(a))
        runner_tables(&r);
    if (ok(a) && step_section(step, &body)->no_transaction)
        step_run_alone(&r, a, step, &body);
    else if (ok(a))
        step_run(&r, a, step, &body);
    runner_commit(&r);
    runner_release(&r);
    if (t->is_denied && !ok(a))
        err_append(a->err, "; what uses another file cannot be tried");
    t->is_denied = 0;
}

/* ---- one revision ---- */

/* Notes what failed.  Memory that ran out, and somebody who wants to stop, are the
** trial's own failure. */
static void trialError(Trial *t, TrialResult *result, Err *err)
{
    if (err->code == ERR_NO_MEMORY || err->code == ERR_INTERRUPTED)
        err_join(t->a->err, err);
    else if (err->code && !result->error)
        result->error = text_copy(t->a, text_of(err_message(err)));
    err_release(err);
}

static void trialCompare(Trial *t, TrialResult *result, const char **what,
                         const char *after, const char *difference)
{
    if (!difference)
        return;
    *what = "differs";
    result->difference = text_format(t->a, "%s%safter %s: %s",
        result->difference ? result->difference : "",
        result->difference ? "; " : "", after, difference);
}

/* Down, or up again, on the copy. */
static void trialBack(Trial *t, Arena *a, TrialResult *result, sqlite3 *copy,
                      const Step *step, const Model *want)
{
    const char **what = step->kind == STEP_DOWN ? &result->down : &result->again;
    Model have;

    *what = "failed";
    trialStep(t, a, copy, step);
    have = model_of(a, copy, t->owned);
    if (!ok(a))
        return;
    *what = "ok";
    trialCompare(t, result, what, step->kind == STEP_DOWN ? "down" : "up again",
                 trialDifference(a, want, &have));
}

/* From what up has made. */
static void trialReturn(Trial *t, Arena *a, TrialResult *result, const Step *up,
                        const Model *before, const Model *after)
{
    Step down = *up;
    Body body = project_body(a, &t->project, up->node);
    sqlite3 *copy;

    if (!ok(a))
        return;
    if (!body.v[SECTION_DOWN].is_given) {
        result->down = "irreversible";
        return;
    }
    down.kind = STEP_DOWN;
    down.remove = up->add;
    down.add = up->remove;
    copy = trialOpen(t, a, t->line, SCRATCH_ROWS);
    if (ok(a))
        trialBack(t, a, result, copy, &down, before);
    if (ok(a))
        trialBack(t, a, result, copy, up, after);
    scratch_close(copy);
}

/* Does it stand on one that did not go up? */
static int trialIsStuck(const Trial *t, int node)
{
    Nodes below = graph_edges(t->project.graph, node, WAY_BELOW);
    int i;

    for (i = 0; i < below.n; i++)
        if (t->is_stuck[below.v[i]])
            return 1;
    return 0;
}

static TrialResult trialRevision(Trial *t, const Step *up, int is_last)
{
    TrialResult result = {"skipped", NULL, NULL, NULL, NULL};
    Model before, after;
    Err err = {0};
    Arena a;

    if (trialIsStuck(t, up->node)) {
        t->is_stuck[up->node] = 1;
        result.error = "it stands on a revision that failed";
        return result;
    }
    arena_init(&a, &err);
    t->is_stuck[up->node] = 1;
    db_exec(&a, t->session.db, "SELECT 1");     /* does somebody want to stop? */
    before = model_of(&a, t->line, t->owned);
    result.up = "failed";
    trialStep(t, &a, t->line, up);
    after = model_of(&a, t->line, t->owned);
    if (ok(&a)) {
        result.up = "ok";
        t->is_stuck[up->node] = 0;
        seed_run(&a, &t->seed, t->line);
        if (is_last)
            seed_check(&a, &t->seed, t->line);
        trialError(t, &result, &err);
        if (t->is_wanted[up->node])
            trialReturn(t, &a, &result, up, &before, &after);
    }
    trialError(t, &result, &err);
    arena_release(&a);
    return result;
}

/* ---- all of them ---- */

static void trialMember(sqlite3_str *out, const char *key, const char *value)
{
    text_append(out, ",\"%s\":", key);
    if (value)
        json_string(out, text_of(value));
    else
        text_append(out, "null");
}

static void trialWrite(const Trial *t, sqlite3_str *out, int node,
                       const TrialResult *result)
{
    const Revision *revision = project_revision(&t->project, node);

    text_append(out, "%s", sqlite3_str_length(out) > 1 ? ",{" : "{");
    text_append(out, "\"revision\":");
    json_string(out, revision->id);
    text_append(out, ",\"message\":");
    json_string(out, revision->message);
    trialMember(out, "up", result->up);
    trialMember(out, "down", result->down);
    trialMember(out, "again", result->again);
    text_append(out, ",\"ok\":%s", result->error || result->difference
                ? "false" : "true");
    trialMember(out, "error", result->error);
    trialMember(out, "difference", result->difference);
    sqlite3_str_appendchar(out, 1, '}');
}

/* The steps from base to target, and in is_wanted which of them are meant. */
static Plan trialPlan(Trial *t, Session *session, Text target)
{
    const Graph *g = t->project.graph;
    const char *table = settings_text(&t->project.source.settings,
                                      SETTING_VERSION_TABLE);
    Plan plan = {NULL, 0, {NULL, 0, 0}};
    Nodes base = {NULL, 0, 0}, rows = base, range = base;
    Names version = {NULL, 0, 0};
    Goal goal = {STEP_UP, {NULL, 0, 0}};
    int i;

    if (target.z)               /* it may be seen from where the database is */
        version = history_rows(t->a, session->db, table);
    if (ok(t->a) && target.z)
        rows = project_rows(t->a, &t->project, session->db, &version);
    if (!ok(t->a))
        return plan;
    if (target.z && text_find(target, ':') >= 0) {
        range = target_range(t->a, g, target, &rows);
        goal.nodes = range;
    } else {
        goal = goal_upgrade(t->a, g, &rows, target.z ? target : text_of("heads"));
    }
    if (ok(t->a))
        plan = plan_build(t->a, g, &base, &goal);
    for (i = 0; i < plan.n && t->is_wanted; i++)
        t->is_wanted[plan.v[i].node] = range.n == 0
            || nodes_find(&range, graph_place(g, plan.v[i].node)) >= 0;
    return plan;
}

static const char *trialAll(Trial *t, Session *session, Text target)
{
    int n = graph_count(t->project.graph), i;
    sqlite3_str *out = text_begin();
    Plan plan;

    t->is_wanted = ARENA_NEW(t->a, unsigned char, n);
    t->is_stuck = ARENA_NEW(t->a, unsigned char, n);
    plan = trialPlan(t, session, target);
    sqlite3_str_appendchar(out, 1, '[');
    for (i = 0; i < plan.n && ok(t->a); i++) {
        int node = plan.v[i].node;
        TrialResult result = trialRevision(t, &plan.v[i],
                                           !target.z && i + 1 == plan.n);
        if (t->is_wanted[node] && ok(t->a))
            trialWrite(t, out, node, &result);
    }
    sqlite3_str_appendchar(out, 1, ']');
    return text_finish(t->a, out);
}

MIG_FUNC const char *trial_run(Arena *a, Session *session, Text target)
{
    const Settings *settings;
    const char *results = "";
    Trial t;

    memset(&t, 0, sizeof t);
    t.a = a;
    t.session = *session;
    t.session.progress = NULL;
    project_open(a, &t.project, session);
    if (!ok(a))
        return "";
    settings = &t.project.source.settings;
    t.owned = owner_condition(a, settings_text(settings, SETTING_VERSION_TABLE),
                              NULL);
    t.foreign_keys = settings_is_on(settings, SETTING_FOREIGN_KEYS);
    t.seed = seed_read(a, &t.project.source.tree);
    t.line = trialOpen(&t, a, session->db, SCRATCH_EMPTY);
    if (ok(a))
        results = trialAll(&t, session, target);
    scratch_close(t.line);
    return results;
}
