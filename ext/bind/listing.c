/*
** The smaller tables: migrate_history, migrate_version, migrate_plan,
** migrate_settings.
*/
#include "table.h"

#include "../base/json.h"
#include "../run/applied.h"
#include "../run/operation.h"

/* ---- migrate_history: a row for each operation that was run, oldest first ---- */

#define HISTORY_NCOLUMN 12

/* The log's values as texts and numbers: copied, so that a query which is not
** finished does not keep the database busy. */
typedef struct HistoryValue {
    i64 number;
    Text text;
    int is_number;
} HistoryValue;

typedef struct HistoryRow {
    HistoryValue v[HISTORY_NCOLUMN];
} HistoryRow;

typedef struct HistoryRows {
    HistoryRow *v;
    int n, cap;
} HistoryRows;

static void historyOpen(TableCursor *cursor, const Text *arg)
{
    Arena *a = &cursor->a;
    sqlite3 *db = cursor->session->db;
    HistoryRows *rows = ARENA_NEW(a, HistoryRows, 1);
    sqlite3_stmt *stmt = NULL;
    int i;

    (void)arg;
    if (rows && history_has_log(a, db))
        stmt = db_prepare(a, db, "SELECT id, revision, operation, status, message, "
            "down_revisions, started_at, duration_ms, checksum, actor, tool, error "
            "FROM main._migrate_log ORDER BY id");
    while (db_step(a, stmt)) {
        HistoryRow *row;
        if (!ARENA_PUSH(a, rows->v, rows->n, rows->cap))
            break;
        row = &rows->v[rows->n++];
        for (i = 0; i < HISTORY_NCOLUMN; i++) {
            row->v[i].is_number = sqlite3_column_type(stmt, i) == SQLITE_INTEGER;
            if (row->v[i].is_number)
                row->v[i].number = db_int(stmt, i);
            else
                row->v[i].text = db_text(a, stmt, i);
        }
    }
    db_finish(stmt);
    cursor->data = rows;
    cursor->nrow = rows ? rows->n : 0;
}

static void historyColumn(TableCursor *cursor, sqlite3_context *context, int column)
{
    const HistoryRows *rows = cursor->data;
    const HistoryValue *value = &rows->v[cursor->row].v[column];

    if (value->is_number)
        sqlite3_result_int64(context, value->number);
    else
        table_result(context, value->text);
}

MIG_FUNC const TableDef tableHistory = {
    "migrate_history",
    "id INTEGER,"
    "revision TEXT,"
    "operation TEXT,"           /* upgrade, downgrade, stamp */
    "status TEXT,"              /* started, done, failed */
    "message TEXT,"
    "down_revisions JSON,"
    "started_at TEXT,"          /* UTC, ISO 8601 */
    "duration_ms INTEGER,"
    "checksum TEXT,"
    "actor TEXT,"
    "tool TEXT,"
    "error TEXT",
    HISTORY_NCOLUMN, 0, 0, historyOpen, historyColumn
};

/* ---- migrate_version([table]): a row for each version row ---- */

enum { VERSION_REVISION, VERSION_MESSAGE, VERSION_APPLIED_AT, VERSION_ARG };

typedef struct VersionRows {
    Names rows;
    Applied applied;
} VersionRows;

static void versionOpen(TableCursor *cursor, const Text *arg)
{
    Arena *a = &cursor->a;
    VersionRows *list = ARENA_NEW(a, VersionRows, 1);
    const char *table = arg[0].z ? text_copy(a, arg[0]) : "_migrate_version";

    if (!list)
        return;
    list->rows = history_rows(a, cursor->session->db, table);
    list->applied = applied_read(a, cursor->session->db);
    cursor->data = list;
    cursor->nrow = list->rows.n;
}

static void versionColumn(TableCursor *cursor, sqlite3_context *context, int column)
{
    const VersionRows *list = cursor->data;
    Text id = list->rows.v[cursor->row];
    const HistoryMark *mark = applied_find(&list->applied, id);

    if (column == VERSION_REVISION)
        table_result(context, id);
    else if (mark)
        table_result(context, column == VERSION_MESSAGE ? mark->message
                                                        : mark->applied_at);
}

MIG_FUNC const TableDef tableVersion = {
    "migrate_version",
    "revision TEXT,"
    "message TEXT,"             /* as the log has it */
    "applied_at TEXT,"          /* UTC, ISO 8601 */
    "version_table TEXT HIDDEN",
    VERSION_ARG, 1, 0, versionOpen, versionColumn
};

/* ---- migrate_plan(operation, target): the steps that it would take ---- */

enum {
    PLAN_STEP, PLAN_OPERATION, PLAN_REVISION, PLAN_DOWN, PLAN_MESSAGE, PLAN_SQL,
    PLAN_ARG
};

typedef struct PlanList {
    Project project;
    Plan plan;
} PlanList;

static void planOpen(TableCursor *cursor, const Text *arg)
{
    PlanList *list = ARENA_NEW(&cursor->a, PlanList, 1);

    if (!list)
        return;
    cursor->data = list;
    list->plan = operation_plan(&cursor->a, cursor->session, &list->project,
                                arg[0], arg[1]);
    cursor->nrow = list->plan.n;
}

static void planColumn(TableCursor *cursor, sqlite3_context *context, int column)
{
    const PlanList *list = cursor->data;
    const Step *step = &list->plan.v[cursor->row];
    const Revision *revision = project_revision(&list->project, step->node);
    Arena a;
    Body body;

    arena_init(&a, &cursor->err);
    switch (column) {
    case PLAN_STEP:
        sqlite3_result_int(context, cursor->row + 1);
        break;
    case PLAN_OPERATION:
        table_result_z(context, step->kind == STEP_UP ? "upgrade" : "downgrade");
        break;
    case PLAN_REVISION:
        table_result(context, revision->id);
        break;
    case PLAN_DOWN:
        table_result_z(context, json_names(&a, &revision->down));
        break;
    case PLAN_MESSAGE:
        table_result(context, revision->message);
        break;
    case PLAN_SQL:
        body = project_body(&a, &list->project, step->node);
        if (ok(&a)) {
            const Section *section = &body.v[step->kind == STEP_UP ? SECTION_UP
                                                                   : SECTION_DOWN];
            table_result(context, text_trim(section->text));
        }
        break;
    default:
        break;
    }
    arena_release(&a);
}

MIG_FUNC const TableDef tablePlan = {
    "migrate_plan",
    "step INTEGER,"             /* from 1 */
    "operation TEXT,"           /* upgrade, downgrade */
    "revision TEXT,"
    "down_revisions JSON,"
    "message TEXT,"
    "sql TEXT,"                 /* the section that would run */
    "for_operation TEXT HIDDEN,"
    "for_target TEXT HIDDEN",
    PLAN_ARG, 2, 0, planOpen, planColumn
};

/* ---- migrate_settings: a row for each setting ---- */

typedef struct SettingRow {
    const char *key, *value, *origin;
} SettingRow;

typedef struct SettingRows {
    SettingRow *v;
    int n, cap;
} SettingRows;

static void settingsPush(Arena *a, SettingRows *rows, const char *key,
                         const char *value, const char *origin)
{
    SettingRow row = {key, value, origin};

    if (ARENA_PUSH(a, rows->v, rows->n, rows->cap))
        rows->v[rows->n++] = row;
}

/* The text of a value, which stays what it is: sqlite3_value_text() would make a
** text of a blob. */
static const char *settingsText(Arena *a, const sqlite3_value *value)
{
    sqlite3_value *copy = sqlite3_value_dup(value);
    const char *z = (const char *)sqlite3_value_text(copy);

    z = z ? text_copy(a, text_of(z)) : NULL;
    sqlite3_value_free(copy);
    return z;
}

static void settingsOpen(TableCursor *cursor, const Text *arg)
{
    Arena *a = &cursor->a;
    const Config *config = &cursor->session->config;
    SettingRows *rows = ARENA_NEW(a, SettingRows, 1);
    Settings settings;
    Address address;
    int i;

    (void)arg;
    address = session_address(cursor->session);
    settings = source_settings(a, &address, config);
    if (!ok(a) || !rows)
        return;
    settingsPush(a, rows, "source", settings.source, cursor->session->source
                 ? "connection" : strcmp(settings.source, "./migrations") == 0
                 ? "default" : "$MIGRATE_SOURCE");
    for (i = 0; i < SETTING_COUNT; i++)
        settingsPush(a, rows, settings_key(i), settings.v[i].value,
                     settings.v[i].origin);
    for (i = 0; i < config->n; i++)
        if (settings_find(config->v[i].key) < 0)
            settingsPush(a, rows, text_copy(a, text_of(config->v[i].key)),
                         settingsText(a, config->v[i].value), "connection");
    cursor->data = rows;
    cursor->nrow = rows->n;
}

static void settingsColumn(TableCursor *cursor, sqlite3_context *context, int column)
{
    const SettingRow *row = &((SettingRows *)cursor->data)->v[cursor->row];

    table_result_z(context, column == 0 ? row->key : column == 1 ? row->value
                            : row->origin);
}

MIG_FUNC const TableDef tableSettings = {
    "migrate_settings", "key TEXT, value TEXT, origin TEXT", 3, 0, 0,
    settingsOpen, settingsColumn
};
