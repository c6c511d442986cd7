/*
** The operations that a user asks for.  See operation.h.
*/
#include "operation.h"

#include "../base/file.h"
#include "../schema/scratch.h"
#include "course.h"
#include "foreign.h"
#include "stamp.h"

#include <stdlib.h>

static const struct { char name[12]; OperationKind kind; } operationName[] = {
    {"upgrade", OPERATION_UPGRADE}, {"downgrade", OPERATION_DOWNGRADE},
    {"sync", OPERATION_SYNC}, {"stamp", OPERATION_STAMP},
    {"stamp purge", OPERATION_STAMP_PURGE},
};

MIG_FUNC OperationKind operation_kind(Arena *a, Text name)
{
    size_t i;

    for (i = 0; i < sizeof operationName / sizeof *operationName; i++)
        if (text_is(name, operationName[i].name))
            return operationName[i].kind;
    err_set(a->err, ERR_USAGE, "there is no operation \"%Ts\"; there are upgrade, "
            "downgrade, sync, stamp and \"stamp purge\"", name);
    return OPERATION_UPGRADE;
}

/* The targets of a stamp. */
static Names operationTargets(Arena *a, Text text)
{
    Names names = {0};
    Text rest = text_trim(text);

    while (rest.z && rest.n) {
        Text one = text_trim(text_cut(&rest, ' '));
        if (one.n)
            names_push(a, &names, one);
    }
    if (names.n == 0)
        err_set(a->err, ERR_USAGE, "a target is missing: a revision, head, heads "
                "or base");
    return names;
}

static int operationIsStamp(OperationKind kind)
{
    return kind == OPERATION_STAMP || kind == OPERATION_STAMP_PURGE;
}

/* What is not a stamp, as a course. */
static CourseKind operationCourse(OperationKind kind)
{
    return kind == OPERATION_UPGRADE ? COURSE_UP
         : kind == OPERATION_DOWNGRADE ? COURSE_DOWN : COURSE_SYNC;
}

static i64 operationGo(Arena *a, Runner *r, OperationKind kind, Text target)
{
    Names targets;

    if (!operationIsStamp(kind))
        return course_run(r, operationCourse(kind), target);
    targets = operationTargets(a, target);
    return ok(a) ? stamp_run(r, &targets, kind == OPERATION_STAMP_PURGE) : 0;
}

MIG_FUNC i64 operation_run(Arena *a, Session *session, OperationKind kind,
                           Text target)
{
    Project project;
    Runner r;
    i64 n = 0;

    project_open(a, &project, session);
    if (!ok(a))
        return 0;
    runner_init(a, &r, session, &project, session->db, NULL);
    n = operationGo(a, &r, kind, target);
    runner_release(&r);
    return n;
}

/* The steps from the version rows on. */
static Plan operationSteps(Arena *a, const Project *project, const Nodes *rows,
                           OperationKind kind, Text target)
{
    Course course = {0};
    Names targets;

    if (operationIsStamp(kind)) {
        targets = operationTargets(a, target);
        if (ok(a))
            plan_stamp(a, project->graph, rows, &targets);
        return course.plan;
    }
    course.kind = operationCourse(kind);
    course.target = target;
    course.rows = *rows;
    course_plot(a, project, &course);
    return course.plan;
}

MIG_FUNC Plan operation_plan(Arena *a, Session *session, Project *project,
                             Text operation, Text target)
{
    OperationKind kind = operation_kind(a, operation);
    Plan none = {NULL, 0, {NULL, 0, 0}};
    Names version;
    Nodes rows;

    if (!target.z && kind == OPERATION_UPGRADE)
        target = text_of("head");
    if (!target.z && kind != OPERATION_SYNC)
        err_set(a->err, ERR_USAGE, "a target is missing: a revision, head, heads "
                "or base");
    if (ok(a))
        project_open(a, project, session);
    if (!ok(a))
        return none;
    version = history_rows(a, session->db, settings_text(
                           &project->source.settings, SETTING_VERSION_TABLE));
    if (kind == OPERATION_STAMP_PURGE)
        version.n = 0;
    if (ok(a) && (kind == OPERATION_DOWNGRADE || kind == OPERATION_SYNC))
        project_unite(a, project, session->db, &version);
    rows = project_rows(a, project, session->db, &version);
    return ok(a) ? operationSteps(a, project, &rows, kind, target) : none;
}

/* ---- scripts ---- */

/* The time of a script's log rows; SOURCE_DATE_EPOCH makes it repeatable:
** https://reproducible-builds.org/specs/source-date-epoch/. */
static i64 operationClock(sqlite3 *db)
{
    const char *epoch = file_env("SOURCE_DATE_EPOCH");

    return epoch && *epoch ? (i64)strtoll(epoch, NULL, 10) * 1000 : db_clock(db);
}

/* Brings an empty scratch database to where a range begins, writing nothing. */
static void operationStart(Arena *a, Session *session, Project *project,
                           OperationKind kind, sqlite3 *scratch, Script *script,
                           Text from)
{
    Runner r;

    if (from.n == 0 || text_is(from, "base"))
        return;
    script->is_muted = 1;
    runner_init(a, &r, session, project, scratch, script);
    operationGo(a, &r, kind == OPERATION_DOWNGRADE ? OPERATION_UPGRADE : kind,
                from);
    if (!ok(a))
        err_append(a->err, " (on the way to %Ts, where the script begins)",
                   from);
    runner_release(&r);
    foreign_switch(scratch, 0);
    script->is_muted = 0;
    script->saw_rows = 0;
    script->is_exact = 0;       /* a database at that place has rows of its own */
}

/* The rows of our tables, which a copy of the schema lacks. */
static void operationCopyOwn(Arena *a, sqlite3 *from, sqlite3 *scratch,
                             const char *table)
{
    sqlite3_stmt *stmt = db_prepare(a, from, "SELECT name FROM main.sqlite_schema "
        "WHERE type = 'table' AND name COLLATE NOCASE IN ('_migrate_log', %Q)",
        table);

    while (db_step(a, stmt))
        scratch_copy_rows(a, from, scratch, db_text(a, stmt, 0).z);
    db_finish(stmt);
}

static const char *operationHead(Arena *a, sqlite3 *db, OperationKind kind,
                                 Text target, const Script *script)
{
    return text_format(a, "-- %s%s%Ts\n-- Written by migrate " MIGRATE_VERSION
        " for SQLite %s. To run it: sqlite3 -bail DATABASE < THIS_FILE\n\n"
        "PRAGMA foreign_keys = %s;\n%s", operationName[kind].name,
        target.n ? " " : "", target, sqlite3_libversion(),
        script->foreign_keys ? "ON" : "OFF", scratch_pragmas(a, db));
}

/* What a script is to do. */
typedef struct Order {
    OperationKind kind;
    Text target;            /* as it was given */
    int is_range;
    Text from, to;          /* its sides; of a mere target, to is all */
} Order;

/* One try: on a copy of the schema, or of everything.  *saw_rows tells whether a
** condition asked for rows that the copy lacks. */
static const char *operationTry(Arena *a, Session *session, Project *project,
                                const Order *order, ScratchRows rows,
                                int *saw_rows)
{
    const Settings *settings = &project->source.settings;
    sqlite3 *db = session->db, *scratch = scratch_open(a, db, rows);
    Script script;
    Runner r;
    const char *text;

    script_init(&script, operationClock(db));
    script.is_range = order->is_range;
    script.is_exact = rows != SCRATCH_SCHEMA;
    if (order->is_range)
        script.foreign_keys = settings_is_on(settings, SETTING_FOREIGN_KEYS);
    else
        sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, -1,
                          &script.foreign_keys);
    if (ok(a) && script.is_exact)
        foreign_switch(scratch, script.foreign_keys);
    if (ok(a) && order->is_range)
        operationStart(a, session, project, order->kind, scratch, &script,
                       order->from);
    if (ok(a) && rows == SCRATCH_SCHEMA)
        operationCopyOwn(a, db, scratch, settings_text(settings,
                                                       SETTING_VERSION_TABLE));
    if (ok(a)) {
        runner_init(a, &r, session, project, scratch, &script);
        operationGo(a, &r, order->kind, order->to);
        runner_release(&r);
    }
    *saw_rows = script.saw_rows;
    text = script_finish(a, &script, operationHead(a, db, order->kind,
                                                   order->target, &script));
    scratch_close(scratch);
    return text;
}

static Order operationOrder(Arena *a, OperationKind kind, Text target)
{
    Order order = {kind, target, text_find(target, ':') >= 0, {NULL, 0}, target};

    if (!order.is_range)
        return order;
    order.from = text_cut(&order.to, ':');
    if (order.to.n == 0 && kind == OPERATION_UPGRADE)
        order.to = text_of("head");
    if (order.to.n == 0 || (order.from.n == 0 && kind == OPERATION_DOWNGRADE))
        err_set(a->err, ERR_BAD_RANGE, "%Ts: say where the script %s",
                target, order.to.n ? "begins" : "ends");
    return order;
}

/* Whether a copy with the rows may tell more: a condition asked for them, or a
** statement failed for want of them, or the schema cannot be made again. */
static int operationWantsRows(const Err *err, int saw_rows)
{
    return saw_rows || err->code == ERR_SQL || err->code == ERR_FOREIGN_KEY;
}

MIG_FUNC const char *operation_script(Arena *a, Session *session,
                                      OperationKind kind, Text target)
{
    Order order = operationOrder(a, kind, target);
    Project project;
    int saw_rows = 0;
    const char *text;

    if (ok(a))
        project_open(a, &project, session);
    if (!ok(a))
        return "";
    text = operationTry(a, session, &project, &order, order.is_range
                        ? SCRATCH_EMPTY : SCRATCH_SCHEMA, &saw_rows);
    if (!order.is_range && operationWantsRows(a->err, saw_rows)) {
        err_release(a->err);
        text = operationTry(a, session, &project, &order, SCRATCH_ROWS, &saw_rows);
    }
    return text;
}

/* ---- accept ---- */

MIG_FUNC i64 operation_accept(Arena *a, Session *session, Text revisions)
{
    Project project;
    Runner r;
    Nodes named = {0}, rows;
    Text rest = text_trim(revisions);
    i64 n = 0;

    project_open(a, &project, session);
    if (!ok(a))
        return 0;
    runner_init(a, &r, session, &project, session->db, NULL);
    r.is_united = 1;            /* a sync may wait for it */
    rows = runner_rows(&r);
    while (rest.z && rest.n && ok(a)) {
        Text one = text_trim(text_cut(&rest, ' '));
        int node = one.n ? target_one(a, project.graph, one, &rows) : -1;
        if (node >= 0)
            nodes_push(a, &named, node);
        else if (one.n && ok(a))
            err_set(a->err, ERR_NOT_FOUND, "%Ts is no revision", one);
    }
    if (ok(a))
        n = stamp_accept(&r, named.n ? &named : NULL);
    runner_release(&r);
    return n;
}
