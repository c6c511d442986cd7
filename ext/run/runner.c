/*
** The runner.  See runner.h.
*/
#include "runner.h"

#include "../base/json.h"
#include "backup.h"
#include "execute.h"
#include "foreign.h"

/* ---- its own statements ---- */

/* Runs SQL of ours, and writes it down for a script. */
static void runnerSql(Runner *r, const char *sql)
{
    db_exec(r->a, r->db, "%s", sql);
    if (r->script && ok(r->a))
        script_statement(r->script, text_of(sql));
}

/* Makes the version table and the log, where they are not there. */
static void runnerTables(Runner *r)
{
    if (!db_has_table(r->a, r->db, r->table) && ok(r->a))
        runnerSql(r, history_create_version(r->a, r->table));
    if (!history_has_log(r->a, r->db) && ok(r->a))
        runnerSql(r, history_create_log(r->a));
}

static i64 runnerClock(const Runner *r)
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
    transaction_init(a, &r->t, session, db,
                     settings_int(settings, SETTING_LOCK_TIMEOUT));
}

MIG_FUNC void runner_release(Runner *r)
{
    transaction_release(&r->t);
    /* a section outside of a transaction may have changed it */
    foreign_switch(r->db, r->foreign_keys);
}

MIG_FUNC Nodes runner_rows(Runner *r)
{
    Names rows = history_rows(r->a, r->db, r->table);
    Nodes none = {0};

    if (!ok(r->a))
        return none;
    return target_rows(r->a, r->project->graph, &rows);
}

/* Begins, and says so in the script, with a check that it meets the version rows
** that it was made for. */
static void runnerBegin(Runner *r)
{
    transaction_begin(r->a, &r->t);
    if (r->script && ok(r->a))
        script_statement(r->script, text_of("BEGIN IMMEDIATE"));
}

static void runnerCommit(Runner *r)
{
    transaction_commit(r->a, &r->t);
    if (r->script && ok(r->a))
        script_statement(r->script, text_of("COMMIT"));
}

/* In the script: stops it unless the version rows are what they are now. */
static void runnerExpect(Runner *r)
{
    Names rows;
    sqlite3_str *sql;
    int i;

    if (!r->script || r->script->has_check)
        return;
    rows = history_rows(r->a, r->db, r->table);
    sql = sqlite3_str_new(NULL);
    sqlite3_str_appendf(sql, "SELECT count(*) = %d AND total(version_num IN (",
                        rows.n);
    for (i = 0; i < rows.n; i++)
        sqlite3_str_appendf(sql, "%s%.*Q", i ? ", " : "", TEXT_ARG(rows.v[i]));
    sqlite3_str_appendf(sql, ")) = %d FROM main.\"%w\"", rows.n, r->table);
    script_check(r->a, r->script, text_of(text_finish(r->a, sql)), 1);
}

/* ---- what the log and the listener are told of a step ---- */

static LogEntry runnerEntry(Runner *r, Arena *a, const Step *step, const Body *body)
{
    const Revision *revision = &r->project->source.v[step->node];
    const Section *down = &body->v[SECTION_DOWN];
    LogEntry e = {0};
    char hex[DIGEST_HEX];

    source_checksum(a, &r->project->source, step->node, hex);
    e.operation = step->kind == STEP_UP ? "upgrade" : "downgrade";
    e.status = "done";
    e.revision = revision->id;
    e.message = revision->message;
    e.down_revisions = json_names(a, &revision->down);
    e.depends_on = json_names(a, &revision->depends);
    e.branch_labels = json_names(a, &revision->labels);
    e.started = r->started;
    e.checksum = text_copy(a, text_of(hex));
    e.backup = r->backup;
    if (step->kind == STEP_UP && r->keep_downgrade && down->is_given)
        e.downgrade = text_format(a, "-- migrate:down%s%s\n%.*s",
            down->no_transaction ? " transaction:false" : "",
            down->no_foreign_keys ? " foreign_keys:off" : "",
            TEXT_ARG(text_trim(down->text)));
    return e;
}

static void runnerTell(Runner *r, Arena *a, const Step *step,
                       migrate_event_type type)
{
    const Revision *revision = &r->project->source.v[step->node];
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

static const Section *runnerSectionOf(const Step *step, const Body *body)
{
    return &body->v[step->kind == STEP_UP ? SECTION_UP : SECTION_DOWN];
}

/* Notes what the statements of a section write, as far as they compile now. */
static void runnerNote(Runner *r, Arena *a, Foreign *f, const Section *section)
{
    int i;

    for (i = 0; i < section->n; i++) {
        const Statement *statement = &section->v[i].statement;
        if (section->v[i].kind == ITEM_STATEMENT
            && (statement->kind == STATEMENT_CHANGE
                || statement->kind == STATEMENT_QUERY))
            foreign_note(a, f, r->db, statement->sql);
    }
}

/* Runs a section whose foreign keys are off.  What it breaks is told from what was
** broken before by going back and looking, which costs only where something is. */
static void runnerUnkeyed(Runner *r, Arena *a, const Body *body, SectionKind kind)
{
    Foreign f;
    Names after, before = {0};
    const char *first = NULL;
    Map known;
    int was = foreign_switch(r->db, 0);
    int i, nnew = 0;

    foreign_begin(a, &f, r->db);
    runnerNote(r, a, &f, &body->v[kind]);
    db_exec(a, r->db, "SAVEPOINT _migrate_unkeyed");
    execute_section(a, r, body, kind, NULL);
    runnerNote(r, a, &f, &body->v[kind]);
    foreign_end(a, &f, r->db);
    after = foreign_violations(a, &f, r->db);
    if (after.n && ok(a)) {
        db_exec(a, r->db, "ROLLBACK TO _migrate_unkeyed");
        before = foreign_violations(a, &f, r->db);
        execute_section(a, r, body, kind, NULL);
    }
    db_exec(a, r->db, "RELEASE _migrate_unkeyed");
    map_init(a, &known, before.n);
    for (i = 0; i < before.n; i++)
        map_add(a, &known, before.v[i], i);
    for (i = 0; i < after.n; i++)
        if (map_find(&known, after.v[i]) < 0 && nnew++ == 0)
            first = after.v[i].z;
    if (nnew && ok(a))
        err_set(a->err, ERR_FOREIGN_KEY, "%s: the section with foreign_keys:off "
                "leaves %d rows that refer to nothing, the first: %s",
                body->name, nnew, first);
    foreign_switch(r->db, was);
}

/* The same in a script, where a PRAGMA between two transactions must do it. */
static void runnerWriteUnkeyed(Runner *r, Arena *a, const Body *body,
                               SectionKind kind)
{
    static const char *const violations =
        "SELECT \"table\", rowid, parent, fkid FROM pragma_foreign_key_check";

    runnerCommit(r);
    script_statement(r->script, text_of("PRAGMA foreign_keys = OFF"));
    runnerBegin(r);
    script_statement(r->script, text_of(text_format(a,
                     "CREATE TEMP TABLE _migrate_unkeyed AS %s", violations)));
    execute_section(a, r, body, kind, NULL);
    script_check(a, r->script, text_of(text_format(a, "SELECT NOT EXISTS (%s "
                 "EXCEPT SELECT * FROM temp._migrate_unkeyed)", violations)), 1);
    script_statement(r->script, text_of("DROP TABLE temp._migrate_unkeyed"));
    runnerCommit(r);
    script_statement(r->script, text_of("PRAGMA foreign_keys = ON"));
    runnerBegin(r);
}

/* A section within the runner's transaction. */
static void runnerInside(Runner *r, Arena *a, const Body *body, SectionKind kind)
{
    int is_unkeyed = body->v[kind].no_foreign_keys;

    if (is_unkeyed && r->script && r->script->foreign_keys)
        runnerWriteUnkeyed(r, a, body, kind);
    else if (is_unkeyed && !r->script && r->foreign_keys)
        runnerUnkeyed(r, a, body, kind);
    else
        execute_section(a, r, body, kind, NULL);
}

/* A row may bear the id of what a squashed revision replaced. */
static void runnerDeleteRow(Runner *r, Arena *a, int node)
{
    Names ids = graph_ids(a, r->project->graph, node);
    Names rows = history_rows(a, r->db, r->table);
    int i;

    for (i = 0; i < ids.n && ok(a); i++)
        if (names_find(&rows, ids.v[i]) >= 0)
            runnerSql(r, history_delete_row(a, r->table, ids.v[i]));
}

/* The version rows and the log row of a step. */
static void runnerRecord(Runner *r, Arena *a, const Step *step, const Body *body,
                         int is_started)
{
    const Graph *g = r->project->graph;
    LogEntry e = runnerEntry(r, a, step, body);
    int i;

    e.duration = runnerClock(r) - r->started;
    for (i = 0; i < step->remove.n && ok(a); i++)
        runnerDeleteRow(r, a, step->remove.v[i]);
    for (i = 0; i < step->add.n && ok(a); i++)
        runnerSql(r, history_insert_row(a, r->table,
                                        graph_id(g, step->add.v[i])));
    if (ok(a))
        runnerSql(r, is_started ? history_log_done(a, &e)
                                : history_insert_log(a, &e));
}

static void runnerAnnounce(Runner *r, Arena *a, const Step *step)
{
    const Revision *revision = &r->project->source.v[step->node];
    const char *parents = project_parents(a, r->project, step->node);
    const char *id = text_copy(a, revision->id);

    r->attempt = step->node;
    r->kind = step->kind;
    r->started = runnerClock(r);
    if (r->script)
        script_comment(r->script, step->kind == STEP_UP
            ? text_format(a, "upgrade %s -> %s, %.*s", parents, id,
                          TEXT_ARG(revision->message))
            : text_format(a, "downgrade %s -> %s, %.*s", id, parents,
                          TEXT_ARG(revision->message)));
    runnerTell(r, a, step, MIGRATE_EVENT_STEP);
}

/* One step, within the transaction that is open. */
static void runnerStep(Runner *r, Arena *a, const Step *step, const Body *body)
{
    runnerAnnounce(r, a, step);
    runnerInside(r, a, body, step->kind == STEP_UP ? SECTION_UP : SECTION_DOWN);
    if (step->kind == STEP_UP)
        execute_verify(a, r, body);
    runnerRecord(r, a, step, body, 0);
    if (ok(a))
        r->nstep++;
    runnerTell(r, a, step, MIGRATE_EVENT_STEP_DONE);
}

/* ---- a section outside of a transaction ---- */

MIG_FUNC void runner_mark(Arena *a, Runner *r, Text sql)
{
    const char *mark;

    if (r->script || r->attempt < 0 || !ok(a))
        return;
    mark = history_log_statement(a, r->project->source.v[r->attempt].id, sql);
    if (sqlite3_get_autocommit(r->db)) {
        transaction_begin(a, &r->t);
        db_exec(a, r->db, "%s", mark);
        transaction_commit(a, &r->t);
    } else {
        db_exec(a, r->db, "%s", mark);
    }
}

/* The section failed with the process alive.  If nothing of it has run it may be
** tried again; otherwise it stays "started", for somebody to decide. */
static void runnerGiveUp(Runner *r, Arena *outer, LogEntry *e, int ndone)
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

/* One step that begins in the transaction that is open, which is committed. */
static void runnerAlone(Runner *r, Arena *a, const Step *step, const Body *body)
{
    SectionKind kind = step->kind == STEP_UP ? SECTION_UP : SECTION_DOWN;
    LogEntry e;
    int ndone = 0;

    runnerAnnounce(r, a, step);
    e = runnerEntry(r, a, step, body);
    e.status = "started";
    e.duration = -1;
    if (ok(a))
        runnerSql(r, history_insert_log(a, &e));
    runnerCommit(r);
    if (!ok(a))
        return;
    if (body->v[kind].no_foreign_keys)
        foreign_switch(r->db, 0);
    execute_section(a, r, body, kind, &ndone);
    if (ok(a) && !sqlite3_get_autocommit(r->db))
        err_set(a->err, ERR_TRANSACTION_CONTROL, "%s: the section ends within a "
                "transaction that it began", body->name);
    foreign_switch(r->db, r->foreign_keys);
    if (ok(a))
        runnerBegin(r);
    if (step->kind == STEP_UP)
        execute_verify(a, r, body);
    runnerRecord(r, a, step, body, 1);
    runnerCommit(r);
    if (ok(a))
        r->nstep++;
    else if (!r->script)
        runnerGiveUp(r, a, &e, ndone);
    runnerTell(r, a, step, MIGRATE_EVENT_STEP_DONE);
}

/* ---- what is refused before anything runs ---- */

static void runnerCheckStep(Runner *r, Arena *a, const Step *step)
{
    const Revision *revision = &r->project->source.v[step->node];
    Body body = source_body(a, &r->project->source, step->node);
    const Section *section = runnerSectionOf(step, &body);

    if (!ok(a))
        return;
    if (!section->is_given)
        err_set(a->err, ERR_IRREVERSIBLE, "%.*s cannot be undone: %s has no "
                "section \"-- migrate:down\"", TEXT_ARG(revision->id),
                revision->name);
    if (section->no_transaction && r->t.is_nested)
        err_set(a->err, ERR_IN_TRANSACTION, "%s has transaction:false and cannot "
                "run inside a transaction; commit yours first", revision->name);
    execute_check(a, r, &body, step->kind == STEP_UP ? SECTION_UP : SECTION_DOWN);
    if (step->kind == STEP_UP)
        execute_check(a, r, &body, SECTION_VERIFY);
}

static void runnerCheckPlan(Runner *r, const Plan *plan)
{
    int i;

    for (i = 0; i < plan->n && ok(r->a); i++) {
        Arena a;
        arena_init(&a, r->a->err);
        runnerCheckStep(r, &a, &plan->v[i]);
        arena_release(&a);
    }
}

static void runnerCheckInterrupted(Runner *r)
{
    Text operation, statement;
    Text revision = history_interrupted(r->a, r->db, &operation, &statement);

    if (revision.z && ok(r->a))
        err_set(r->a->err, ERR_INTERRUPTED, "the %.*s of %.*s, which runs outside "
                "of a transaction, did not end%s%.*s; look at the database, then "
                "say with stamp which revision it is at", TEXT_ARG(operation),
                TEXT_ARG(revision), statement.n ? "; it was at: " : "",
                TEXT_ARG(statement));
}

/* The applied revisions whose files were changed since. */
static Nodes runnerModified(Runner *r, const Nodes *rows)
{
    const Source *source = &r->project->source;
    HistoryMarks marks = history_marks(r->a, r->db);
    unsigned char *applied = NULL;
    Nodes modified = {0};
    int i;

    if (ok(r->a) && marks.n)
        applied = graph_reach(r->a, r->project->graph, rows, WAY_BELOW);
    for (i = 0; i < marks.n && applied && ok(r->a); i++) {
        int node = graph_find(r->project->graph, marks.v[i].revision);
        char hex[DIGEST_HEX];

        if (node < 0 || !applied[node] || !marks.v[i].checksum.n)
            continue;
        source_checksum(r->a, source, node, hex);
        if (!text_is(marks.v[i].checksum, hex))
            nodes_push(r->a, &modified, node);
    }
    return modified;
}

/* An upgrade does not go over applied revisions whose files were changed. */
static void runnerCheckModified(Runner *r, const Nodes *rows)
{
    Nodes modified = runnerModified(r, rows);
    int i;

    if (!ok(r->a) || modified.n == 0)
        return;
    for (i = 0; i < modified.n; i++)
        err_add(r->a->err, ERR_MODIFIED, "%s was changed after it was applied",
                r->project->source.v[modified.v[i]].name);
    err_append(r->a->err, "; put it back, or take it as it is with \"migrate "
               "verify --accept\" or migrate_accept()");
}

/* ---- to a goal ---- */

/* Runs the next steps of the plan that belong in one transaction; it is open, and
** is closed.  How many there were. */
static int runnerGroup(Runner *r, const Plan *plan)
{
    Arena *outer = r->a;
    int i, is_over = 0;

    for (i = 0; i < plan->n && ok(outer) && !is_over; i++) {
        const Step *step = &plan->v[i];
        Arena a;
        Body body;

        arena_init(&a, outer->err);
        r->a = &a;              /* what a step needs goes with it */
        body = source_body(&a, &r->project->source, step->node);
        is_over = r->is_each && !r->t.is_nested;
        if (ok(&a) && !runnerSectionOf(step, &body)->no_transaction) {
            runnerStep(r, &a, step, &body);
        } else if (ok(&a)) {
            is_over = 1;
            if (i == 0)
                runnerAlone(r, &a, step, &body);
            else
                i--;            /* in the next transaction */
        }
        arena_release(&a);
        r->a = outer;
    }
    runnerCommit(r);
    return i;
}

/* Logs the attempt that failed, if that can be; nobody is told if it cannot. */
static void runnerLogFailure(Runner *r)
{
    Runner own = *r;
    Err err = {0};
    Arena a;
    LogEntry e = {0};
    const Revision *revision;

    if (r->attempt < 0 || r->script || r->t.is_nested || ok(r->a)
        || r->a->err->code == ERR_LOCKED)
        return;
    revision = &r->project->source.v[r->attempt];
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
        runnerSql(&own, history_create_log(&a));
    if (ok(&a))
        runnerSql(&own, history_insert_log(&a, &e));
    transaction_commit(&a, &own.t);
    transaction_rollback(&own.t);
    arena_release(&a);
    err_release(&err);
}

/* What is to be done, as far as it can be known. */
typedef struct Course {
    StepKind kind;
    Text target;
    Nodes rows;         /* the version rows that it was made for */
    Goal goal;
    Plan plan;
} Course;

static void runnerCourse(Runner *r, Course *course)
{
    runnerCheckInterrupted(r);
    course->rows = runner_rows(r);
    if (course->kind == STEP_UP && ok(r->a))
        runnerCheckModified(r, &course->rows);
    if (ok(r->a))
        course->goal = course->kind == STEP_UP
            ? goal_upgrade(r->a, r->project->graph, &course->rows, course->target)
            : goal_downgrade(r->a, r->project->graph, &course->rows,
                             course->target);
    if (ok(r->a))
        course->plan = plan_build(r->a, r->project->graph, &course->rows,
                                  &course->goal);
    runnerCheckPlan(r, &course->plan);
    r->ntotal = course->plan.n;
}

static int runnerIsSame(const Nodes *a, const Nodes *b)
{
    return a->n == b->n
        && (a->n == 0 || memcmp(a->v, b->v, (size_t)a->n * sizeof *a->v) == 0);
}

/* Under the lock: what the plan is now.  The first time another process may have
** changed everything since we looked; later only what is left counts. */
static void runnerRenew(Runner *r, Course *course, int is_first)
{
    Nodes now = runner_rows(r);

    if (!ok(r->a))
        return;
    if (!is_first)
        course->plan = plan_build(r->a, r->project->graph, &now, &course->goal);
    else if (!runnerIsSame(&now, &course->rows))
        runnerCourse(r, course);
    else
        runnerCheckInterrupted(r);
    course->rows = now;
}

MIG_FUNC i64 runner_go(Runner *r, StepKind kind, Text target)
{
    Course course = {kind, target, {NULL, 0, 0}, {0}, {0}};
    Wait wait = {0, 0};
    int is_first = 1, nrun;

    if (!ok(r->a))
        return 0;
    runnerCourse(r, &course);
    while (r->a->err->code == ERR_LOCKED && wait.waited < r->t.timeout) {
        err_release(r->a->err);
        if (transaction_wait(r->a, &r->t, &wait))
            runnerCourse(r, &course);
    }
    if (course.plan.n && ok(r->a))
        backup_make(r);
    while (course.plan.n && ok(r->a)) {
        runnerBegin(r);
        runnerRenew(r, &course, is_first);
        is_first = 0;
        if (!ok(r->a) || course.plan.n == 0)
            break;
        runnerTables(r);
        runnerExpect(r);
        nrun = runnerGroup(r, &course.plan);
        if (nrun == course.plan.n)
            break;
    }
    transaction_rollback(&r->t);
    if (!ok(r->a))
        runnerLogFailure(r);
    if (r->nstep == 0 && ok(r->a))
        backup_unmake(r);
    return r->nstep;
}

/* ---- stamp and accept ---- */

/* Whether one of the version rows, as ids, means the node. */
static int runnerHasRow(const Graph *g, const Names *rows, int node)
{
    int i;

    for (i = 0; i < rows->n; i++)
        if (graph_find(g, rows->v[i]) == node)
            return 1;
    return 0;
}

/* Takes from each list what is in the other: what is left is to be deleted and to
** be inserted. */
static void runnerDifference(Arena *a, const Graph *g, const Names *before,
                             const Nodes *after, Names *gone, Nodes *added)
{
    int i;

    for (i = 0; i < before->n; i++) {
        int node = graph_find(g, before->v[i]);
        if (node < 0 || nodes_find(after, node) < 0)
            names_push(a, gone, before->v[i]);
    }
    for (i = 0; i < after->n; i++)
        if (!runnerHasRow(g, before, after->v[i]))
            nodes_push(a, added, after->v[i]);
}

/* The log row of a stamp: of one revision, or, with node -1, of base.  One that
** only takes a changed file as it is leaves the version rows as they are. */
static void runnerLogStamp(Runner *r, int node)
{
    LogEntry e = {0};
    char hex[DIGEST_HEX];

    e.operation = "stamp";
    e.status = "done";
    e.started = runnerClock(r);
    e.backup = r->backup;
    if (node >= 0) {
        const Revision *revision = &r->project->source.v[node];
        source_checksum(r->a, &r->project->source, node, hex);
        e.checksum = hex;
        e.revision = revision->id;
        e.message = revision->message;
        e.down_revisions = json_names(r->a, &revision->down);
        e.depends_on = json_names(r->a, &revision->depends);
        e.branch_labels = json_names(r->a, &revision->labels);
    }
    if (ok(r->a))
        runnerSql(r, history_insert_log(r->a, &e));
}

/* The rows before and after, as ids; purge forgets those before. */
static StampPlan runnerPlanStamp(Runner *r, const Names *targets, int purge,
                                 Names *before)
{
    StampPlan plan = {{0}, {0}, {0}};
    Nodes rows = {0};

    *before = history_rows(r->a, r->db, r->table);
    if (!purge && ok(r->a))
        rows = target_rows(r->a, r->project->graph, before);
    if (ok(r->a))
        plan = plan_stamp(r->a, r->project->graph, &rows, targets);
    return plan;
}

/* Writes what a stamp changes, in the transaction that is open. */
static void runnerWriteStamp(Runner *r, const Names *gone, const Nodes *added,
                             int is_decided)
{
    int i;

    if (is_decided)
        runnerSql(r, history_log_decided(r->a));
    for (i = 0; i < gone->n && ok(r->a); i++)
        runnerSql(r, history_delete_row(r->a, r->table, gone->v[i]));
    for (i = 0; i < added->n && ok(r->a); i++) {
        runnerSql(r, history_insert_row(r->a, r->table,
                                        graph_id(r->project->graph, added->v[i])));
        runnerLogStamp(r, added->v[i]);
    }
    if (added->n == 0 && gone->n && ok(r->a))
        runnerLogStamp(r, -1);
}

MIG_FUNC i64 runner_stamp(Runner *r, const Names *targets, int purge)
{
    const Graph *g = r->project->graph;
    Names before, gone = {0};
    Nodes added = {0};
    Text operation, statement;
    StampPlan plan = runnerPlanStamp(r, targets, purge, &before);
    int is_decided;

    if (ok(r->a))
        backup_make(r);
    runnerBegin(r);
    plan = runnerPlanStamp(r, targets, purge, &before);
    is_decided = history_interrupted(r->a, r->db, &operation, &statement).z != NULL;
    if (ok(r->a))
        runnerDifference(r->a, g, &before, &plan.after, &gone, &added);
    if (!ok(r->a) || (!gone.n && !added.n && !is_decided)) {
        transaction_rollback(&r->t);
        backup_unmake(r);
        return 0;
    }
    runnerTables(r);
    if (!purge)
        runnerExpect(r);
    runnerWriteStamp(r, &gone, &added, is_decided);
    runnerCommit(r);
    transaction_rollback(&r->t);
    return gone.n > added.n ? gone.n : added.n;
}

MIG_FUNC i64 runner_accept(Runner *r, const Nodes *nodes)
{
    Nodes rows, modified = {0};
    i64 n = 0;
    int i;

    runnerBegin(r);
    rows = runner_rows(r);
    if (ok(r->a))
        modified = runnerModified(r, &rows);
    for (i = 0; i < modified.n && ok(r->a); i++) {
        if (!nodes || nodes_find(nodes, modified.v[i]) >= 0) {
            runnerLogStamp(r, modified.v[i]);
            n++;
        }
    }
    runnerCommit(r);
    return ok(r->a) ? n : 0;
}
