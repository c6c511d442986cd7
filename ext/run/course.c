/*
** From where a database is to a target.  See course.h.
*/
#include "course.h"

#include "../base/json.h"
#include "backup.h"
#include "step.h"

/* ---- what is refused before anything runs ---- */

static void courseCheckPlan(Runner *r, const Course *course)
{
    const Plan *plan = &course->plan;
    int i, is_known = 1;

    for (i = 0; i < plan->n && is_known; i++)
        is_known = project_is_missing(r->project, plan->v[i].node);
    if (!is_known)
        project_check_logged(r->a, r->project, &course->rows);
    for (i = 0; i < plan->n && ok(r->a); i++) {
        Arena a;
        arena_init(&a, r->a->err);
        step_check(r, &a, &plan->v[i]);
        arena_release(&a);
    }
}

/* An upgrade does not go over applied revisions whose files were changed. */
static void courseCheckModified(Runner *r, const Nodes *rows)
{
    Nodes modified = runner_modified(r, rows);
    int i;

    if (!ok(r->a) || modified.n == 0)
        return;
    for (i = 0; i < modified.n; i++)
        err_add(r->a->err, ERR_MODIFIED, "%s was changed after it was applied",
                project_revision(r->project, modified.v[i])->name);
    err_append(r->a->err, "; put it back, or take it as it is with \"migrate "
               "verify --accept\" or migrate_accept()");
}

/* ---- to a goal ---- */

/* Runs the next steps of the plan that belong in one transaction; it is open, and
** is closed.  How many there were. */
static int courseGroup(Runner *r, const Plan *plan)
{
    Arena *outer = r->a;
    int i, is_over = 0;

    for (i = 0; i < plan->n && ok(outer) && !is_over; i++) {
        const Step *step = &plan->v[i];
        Arena a;
        Body body;

        arena_init(&a, outer->err);
        r->a = &a;              /* what a step needs goes with it */
        body = project_body(&a, r->project, step->node);
        is_over = r->is_each && !r->t.is_nested;
        if (ok(&a) && !step_section(step, &body)->no_transaction) {
            step_run(r, &a, step, &body);
            is_over |= !r->t.is_open;   /* a script had to commit it */
        } else if (ok(&a)) {
            is_over = 1;
            if (i == 0)
                step_run_alone(r, &a, step, &body);
            else
                i--;            /* in the next transaction */
        }
        arena_release(&a);
        r->a = outer;
    }
    runner_commit(r);
    if (ok(r->a))
        r->attempt = -1;
    return i;
}

/* Logs the attempt that failed, if that can be; nobody is told if it cannot. */
static void courseLogFailure(Runner *r)
{
    Runner own = *r;
    Err err = {0};
    Arena a;
    LogEntry e = {0};
    const Revision *revision;

    if (r->attempt < 0 || r->script || r->t.is_nested || ok(r->a)
        || r->a->err->code == ERR_LOCKED)
        return;
    revision = project_revision(r->project, r->attempt);
    arena_init(&a, &err);
    own.a = &a;
    e.operation = r->kind == STEP_UP ? "upgrade" : "downgrade";
    e.status = "failed";
    e.revision = revision->id;
    e.message = revision->message;
    e.down_revisions = json_names(&a, &revision->down);
    e.started = r->started;
    e.duration = db_clock(r->db) - r->started;
    e.error = err_message(r->a->err);
    transaction_begin(&a, &own.t);
    if (ok(&a) && !history_has_log(&a, r->db))
        runner_sql(&own, history_create_log());
    if (ok(&a))
        runner_sql(&own, history_insert_log(&a, &e));
    transaction_commit(&a, &own.t);
    transaction_rollback(&own.t);
    arena_release(&a);
    err_release(&err);
}

static void courseAim(Arena *a, const Project *project, Course *course)
{
    const Graph *g = project->graph;
    const Nodes *rows = &course->rows;
    int n = 0;

    switch (course->kind) {
    case COURSE_UP:
        course->goal[n++] = goal_upgrade(a, g, rows, course->target);
        break;
    case COURSE_DOWN:
        course->goal[n++] = goal_downgrade(a, g, rows, course->target);
        break;
    case COURSE_SYNC:
        project_check_missing(a, project, rows);
        course->goal[n++] = goal_missing(a, g);
        course->goal[n++] = goal_upgrade(a, g, rows, text_of("heads"));
        break;
    }
    course->ngoal = n;
}

static void coursePlan(Arena *a, const Project *project, Course *course)
{
    Plan none = {NULL, 0, {NULL, 0, 0}};

    course->plan = none;
    if (ok(a))
        course->plan = plan_build_all(a, project->graph, &course->rows,
                                      course->goal, course->ngoal);
}

MIG_FUNC void course_plot(Arena *a, const Project *project, Course *course)
{
    if (ok(a))
        courseAim(a, project, course);
    coursePlan(a, project, course);
}

/* Plots it from where the database is, and refuses what can be refused now. */
static void courseStart(Runner *r, Course *course)
{
    project_part(r->project);
    runner_check_started(r);
    course->rows = runner_rows(r);
    if (course->kind != COURSE_DOWN && ok(r->a))
        courseCheckModified(r, &course->rows);
    course_plot(r->a, r->project, course);
    courseCheckPlan(r, course);
    r->ntotal = course->plan.n;
}

static int courseIsSame(const Nodes *a, const Nodes *b)
{
    return a->n == b->n
        && (a->n == 0 || memcmp(a->v, b->v, (size_t)a->n * sizeof *a->v) == 0);
}

/* Whether the version rows are no longer was, whatever has failed. */
static int courseHasMoved(Runner *r, const Names *was)
{
    Err err = {0}, *outer = r->a->err;
    Names now;
    int i;

    r->a->err = &err;
    now = history_rows(r->a, r->db, r->table);
    for (i = 0; i < now.n && i < was->n && text_eq(now.v[i], was->v[i]); i++) {}
    r->a->err = outer;
    err_release(&err);
    return i < now.n || i < was->n;
}

/* Makes of what has failed something that is waited for. */
static void courseDefer(Runner *r)
{
    err_release(r->a->err);
    err_set(r->a->err, ERR_LOCKED, "another process changes the version");
}

/* Looks, before there is a lock, at what is to be done.  The rows may be of one
** moment and the log of a later one, when what was at the rows is undone and has no
** downgrade: then it is looked at again. */
static void courseLook(Runner *r, Course *course)
{
    int host = transaction_hasten(r->a, &r->t);
    Wait wait = {0, 0, 0};
    Names rows;

    do {
        rows = history_rows(r->a, r->db, r->table);
        courseStart(r, course);
        if ((r->a->err->code == ERR_IRREVERSIBLE
             || r->a->err->code == ERR_UNKNOWN_CURRENT) && courseHasMoved(r, &rows))
            courseDefer(r);
    } while (transaction_again(r->a, &r->t, &wait));
    transaction_resume(&r->t, host);
}

/* Under the lock: what the plan is now.  The first time another process may have
** changed everything since we looked; later only what is left counts. */
static void courseRenew(Runner *r, Course *course, int is_first)
{
    Nodes now = runner_rows(r);

    runner_check_started(r);
    if (!ok(r->a))
        return;
    if (is_first && r->project->kept.n == 0 && courseIsSame(&now, &course->rows))
        return;
    course->rows = now;
    if (is_first)
        courseStart(r, course);
    else if (course->kind == COURSE_SYNC)   /* wherever others have brought it */
        course_plot(r->a, r->project, course);
    else
        coursePlan(r->a, r->project, course);
}

/* Begins the next transaction, when no other process is at a section outside of
** one: that one is waited for like another writer, and without a lock, so as not to
** be in its way. */
static void courseBegin(Runner *r, Course *course, int is_first)
{
    Wait wait = {0, 0, 0};
    int host;

    do {
        transaction_rollback(&r->t);
        host = transaction_hasten(r->a, &r->t);
        runner_started(r);
        transaction_resume(&r->t, host);
        if (!ok(r->a))
            continue;
        runner_begin(r);
        if (!r->t.is_open)
            return;
        courseRenew(r, course, is_first);
    } while (transaction_again(r->a, &r->t, &wait));
}

MIG_FUNC i64 course_run(Runner *r, CourseKind kind, Text target)
{
    Course course = {0};
    int is_first = 1, nrun;

    if (!ok(r->a))
        return 0;
    course.kind = kind;
    course.target = target;
    r->is_united = kind != COURSE_UP;
    courseLook(r, &course);
    if (course.plan.n && ok(r->a))
        backup_make(r);
    while (course.plan.n && ok(r->a)) {
        courseBegin(r, &course, is_first);
        is_first = 0;
        if (!ok(r->a) || course.plan.n == 0)
            break;
        runner_tables(r);
        runner_expect(r);
        nrun = courseGroup(r, &course.plan);
        if (nrun == course.plan.n)
            break;
    }
    transaction_rollback(&r->t);
    if (!ok(r->a))
        courseLogFailure(r);
    if (r->nstep == 0 && ok(r->a))
        backup_unmake(r);
    return r->nstep;
}
