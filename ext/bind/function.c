/*
** The SQL functions.  See function.h.
**
** Each is SQLITE_DIRECTONLY: the schema of a hostile file cannot call them from a
** view or a trigger (https://www.sqlite.org/c3ref/c_deterministic.html).  The
** table at the end has them all, with what they take and give.
*/
#include "function.h"

#include "../base/json.h"
#include "../base/sign.h"
#include "../run/alteration.h"
#include "../run/author.h"
#include "../run/autogenerate.h"
#include "../run/operation.h"
#include "../run/pack.h"
#include "../run/squash.h"
#include "../source/configure.h"
#include "../run/startup.h"
#include "../run/trial.h"
#include "../schema/dump.h"
#include "../source/trust.h"

typedef struct Call {
    Arena *a;
    Session *session;
    sqlite3_context *context;
    int argc;
    sqlite3_value **argv;
} Call;

typedef struct FunctionDef {
    char name[20];
    int narg;                   /* how many it takes, at least */
    int nmore;                  /* and how many more it may take */
    enum {
        FUNCTION_TELLS,         /* it tells of this build, and looks at nothing */
        FUNCTION_ASKS,          /* it changes nothing, or asks before it does */
        FUNCTION_ACTS,          /* it writes files, or what the session knows */
        FUNCTION_RUNS           /* it changes the database: not within itself */
    } effect;
    void (*run)(Call *call);
} FunctionDef;

/* Argument i, which the function cannot do without.  Errors: usage. */
static Text callText(Call *call, int i, const char *what)
{
    const char *z = i < call->argc
                  ? (const char *)sqlite3_value_text(call->argv[i]) : NULL;

    if (!z)
        err_set(call->a->err, ERR_USAGE, "%s is missing (NULL)", what);
    return text_of(z);
}

/* Argument i, or NULL where it is not given or NULL. */
static const char *callOptional(Call *call, int i)
{
    return i < call->argc ? (const char *)sqlite3_value_text(call->argv[i]) : NULL;
}

static void callReturn(Call *call, const char *z)
{
    if (ok(call->a) && z)
        sqlite3_result_text(call->context, z, -1, SQLITE_TRANSIENT);
}

static void callReturnNumber(Call *call, i64 n)
{
    if (ok(call->a))
        sqlite3_result_int64(call->context, n);
}

/* Refuses to act from a statement that writes.  SQLite lets a CHECK constraint of
** a hostile file call what is SQLITE_DIRECTONLY (seen in 3.40). */
static void callCheckWrite(Call *call)
{
    sqlite3_stmt *stmt = NULL;

    while ((stmt = sqlite3_next_stmt(call->session->db, stmt)) != NULL)
        if (sqlite3_stmt_busy(stmt) && !sqlite3_stmt_readonly(stmt))
            err_set(call->a->err, ERR_BUSY_STATEMENT, "this function cannot be "
                    "called by a statement that writes: %.80s", sqlite3_sql(stmt));
}

/* ---- operations ---- */

static void functionUpgrade(Call *call)
{
    Text target = call->argc ? callText(call, 0, "the target") : text_of("head");
    callReturnNumber(call, operation_run(call->a, call->session,
                                         OPERATION_UPGRADE, target));
}

static void functionDowngrade(Call *call)
{
    Text target = callText(call, 0, "the target");
    callReturnNumber(call, operation_run(call->a, call->session,
                                         OPERATION_DOWNGRADE, target));
}

static void functionStartup(Call *call)
{
    callReturnNumber(call, startup_run(call->a, call->session));
}

static void functionSync(Call *call)
{
    callReturnNumber(call, operation_run(call->a, call->session, OPERATION_SYNC,
                                         text_of("")));
}

static void functionStamp(Call *call)
{
    Text targets = callText(call, 0, "the target");
    const char *option = callOptional(call, 1);

    if (option && sqlite3_stricmp(option, "purge") != 0)
        err_set(call->a->err, ERR_USAGE, "the second argument of migrate_stamp can "
                "only be 'purge', not '%s'", option);
    callReturnNumber(call, operation_run(call->a, call->session, option
        ? OPERATION_STAMP_PURGE : OPERATION_STAMP, targets));
}

static void functionAccept(Call *call)
{
    callReturnNumber(call, operation_accept(call->a, call->session,
                                            text_of(callOptional(call, 0))));
}

static void functionSql(Call *call)
{
    Text name = callText(call, 0, "the operation");
    Text target = callText(call, 1, "the target");
    OperationKind kind = OPERATION_UPGRADE;

    if (ok(call->a))
        kind = operation_kind(call->a, name);
    if (ok(call->a))
        callReturn(call, operation_script(call->a, call->session, kind, target));
}

static void functionAlter(Call *call)
{
    Text sql = callText(call, 0, "the statement");

    if (ok(call->a))
        callReturn(call, alteration_run(call->a, call->session, sql));
}

/* ---- writing a source ---- */

static void functionRevision(Call *call)
{
    Text message = callText(call, 0, "the message");
    callReturn(call, autogenerate_revision(call->a, call->session, message,
                                           callOptional(call, 1)));
}

static void functionMerge(Call *call)
{
    Text revisions = callText(call, 0, "what to merge");
    Text message = callText(call, 1, "the message");
    callReturn(call, author_merge(call->a, call->session, revisions, message,
                                  callOptional(call, 2)));
}

static void functionSquash(Call *call)
{
    Text range = callText(call, 0, "the range");
    Text message = callText(call, 1, "the message");
    callReturn(call, squash_revision(call->a, call->session, range, message,
                                     callOptional(call, 2)));
}

static void functionInit(Call *call)
{
    callReturn(call, author_init(call->a, call->session, callOptional(call, 0)));
}

static void functionBundle(Call *call)
{
    Text path = callText(call, 0, "the file");

    if (ok(call->a))
        callReturn(call, pack_write(call->a, call->session, path.z,
                                    callOptional(call, 1)));
}

static void functionDump(Call *call)
{
    Arena *a = call->a;
    Address address = session_address(call->session);
    Settings settings = source_settings(a, &address, &call->session->config);
    const char *owned = !ok(a) ? "" : owner_condition(a,
        settings_text(&settings, SETTING_VERSION_TABLE),
        settings_text(&settings, SETTING_EXCLUDE));

    callReturn(call, dump_schema(a, call->session->db, owned));
}

/* ---- asking ---- */

static void functionTest(Call *call)
{
    callReturn(call, trial_run(call->a, call->session,
                               text_of(callOptional(call, 0))));
    sqlite3_result_subtype(call->context, 'J');
}

/* The ids of some revisions as a JSON array. */
static void callReturnNodes(Call *call, const Graph *g, const Nodes *nodes)
{
    Names ids;

    if (!ok(call->a))
        return;
    ids = nodes_ids(call->a, g, nodes);
    callReturn(call, json_names(call->a, &ids));
    sqlite3_result_subtype(call->context, 'J');
}

static void functionCurrent(Call *call)
{
    Project project;
    Names version;
    Nodes rows = {0}, current = {0};

    project_open(call->a, &project, call->session);
    if (!ok(call->a))
        return;
    version = history_rows(call->a, call->session->db, settings_text(
                           &project.source.settings, SETTING_VERSION_TABLE));
    if (ok(call->a))
        rows = project_rows(call->a, &project, call->session->db, &version);
    if (ok(call->a))
        current = target_current(call->a, project.graph, &rows);
    callReturnNodes(call, project.graph, &current);
}

static void functionHeads(Call *call)
{
    Project project;
    Nodes heads;

    project_open(call->a, &project, call->session);
    if (!ok(call->a))
        return;
    heads = graph_heads(call->a, project.graph, 0);
    nodes_sort(call->a, project.graph, &heads);
    callReturnNodes(call, project.graph, &heads);
}

static void functionBuild(Call *call)
{
    callReturn(call, text_format(call->a, "{\"version\":\"" MIGRATE_VERSION "\","
        "\"sqlite_built\":\"" SQLITE_VERSION "\",\"sqlite\":\"%s\","
        "\"features\":[\"directory\",\"bundle\",\"compiled-in\"%s%s]}",
        sqlite3_libversion(), sign_is_built() ? ",\"signatures\"" : "",
        trust_has_compiled() ? ",\"trusted-key\"" : ""));
    sqlite3_result_subtype(call->context, 'J');
}

/* ---- what the connection remembers ---- */

static int callIsUnlocked(Call *call)
{
    callCheckWrite(call);
    if (config_text(&call->session->config, "locked"))
        err_set(call->a->err, ERR_REFUSED, "the settings of this connection are "
                "locked");
    return ok(call->a);
}

/* Takes a path, or revisions that are compiled in, as the session's source. */
static void callSetSource(Call *call, const migrate_source *compiled)
{
    Session *session = call->session;
    Text path = compiled ? text_of(compiled->zName) : callText(call, 0, "the path");
    char *copy;

    if (ok(call->a) && path.n == 0)
        err_set(call->a->err, ERR_USAGE, "the path is empty");
    if (compiled && compiled->iVersion != 1)
        err_set(call->a->err, ERR_USAGE, "the revisions compiled in are of version "
                "%d, and this version of migrate knows 1", compiled->iVersion);
    if (!callIsUnlocked(call))
        return;
    copy = format_new("%Ts", path);
    if (!copy) {
        err_set(call->a->err, ERR_NO_MEMORY, "out of memory");
        return;
    }
    sqlite3_free(session->source);
    session->source = copy;
    session->compiled = compiled;
}

static void functionSource(Call *call)
{
    if (call->argc)
        callSetSource(call, sqlite3_value_pointer(call->argv[0], "migrate_source"));
    callReturn(call, session_source(call->session));
}

static void functionConfig(Call *call)
{
    Text key = callText(call, 0, "the key");
    Config *config = &call->session->config;
    Settings settings;
    Address address;
    int i;

    if (!ok(call->a))
        return;
    if (call->argc > 1 && callIsUnlocked(call))
        configure_set(call->a, config, key.z, call->argv[1]);
    if (!ok(call->a))
        return;
    if (text_is(key, "startup")) {      /* what one would do: to be read only */
        callReturn(call, startup_upgrades() ? "upgrade" : "warn");
        return;
    }
    i = settings_find(key.z);
    if (i < 0) {
        if (call->argc == 1)
            configure_check_key(call->a, key.z);
        if (ok(call->a) && config_find(config, key.z))
            sqlite3_result_value(call->context, config_find(config, key.z));
        return;
    }
    address = session_address(call->session);
    settings = source_settings(call->a, &address, config);
    callReturn(call, settings.v[i].value);
}

static void functionProgress(Call *call)
{
    if (!callIsUnlocked(call))
        return;
    call->session->progress = sqlite3_value_pointer(call->argv[0],
                                                    "migrate_progress");
}

/* ---- registration ---- */

static const FunctionDef functionDef[] = {
    /* ([target = 'head']): the number of revisions applied */
    {"migrate_upgrade", 0, 1, FUNCTION_RUNS, functionUpgrade},
    /* (target): the number of revisions undone */
    {"migrate_downgrade", 1, 0, FUNCTION_RUNS, functionDowngrade},
    /* (): the number of revisions undone and applied */
    {"migrate_sync", 0, 0, FUNCTION_RUNS, functionSync},
    /* (): the number of revisions that are pending then */
    {"migrate_startup", 0, 0, FUNCTION_RUNS, functionStartup},
    /* (targets, blanks between them [, 'purge']): the number of version rows
    ** that changed */
    {"migrate_stamp", 1, 1, FUNCTION_RUNS, functionStamp},
    /* ([revisions, blanks between them]): the number of changed files taken */
    {"migrate_accept", 0, 1, FUNCTION_RUNS, functionAccept},
    /* (ALTER TABLE statement): what it did: 'native', 'in-place', 'rebuild', or
    ** 'nothing' where all was so already */
    {"migrate_alter", 1, 0, FUNCTION_RUNS, functionAlter},
    /* ('upgrade' | 'downgrade' | 'sync' | 'stamp' | 'stamp purge', target or A:B; of
    ** a sync ''): the script, in SQLite's own SQL */
    {"migrate_sql", 2, 0, FUNCTION_ASKS, functionSql},
    /* (message [, JSON object]): the path of the new file; author.h and
    ** autogenerate.h have the keys */
    {"migrate_revision", 1, 1, FUNCTION_ACTS, functionRevision},
    /* (revisions, message [, JSON object]): the path of the new file */
    {"migrate_merge", 2, 1, FUNCTION_ACTS, functionMerge},
    /* (range A:B, message [, JSON object]): the path of the new file */
    {"migrate_squash", 2, 1, FUNCTION_ACTS, functionSquash},
    /* ([directory]): the paths of the new files, a line each */
    {"migrate_init", 0, 1, FUNCTION_ACTS, functionInit},
    /* ([target]): a JSON array of objects, which trial.h describes */
    {"migrate_test", 0, 1, FUNCTION_ASKS, functionTest},
    /* (): the schema as the text of a model */
    {"migrate_dump", 0, 0, FUNCTION_ASKS, functionDump},
    /* (file [, 'sqlite' | 'c']): its path */
    {"migrate_bundle", 1, 1, FUNCTION_ACTS, functionBundle},
    /* (): JSON arrays of ids */
    {"migrate_current", 0, 0, FUNCTION_ASKS, functionCurrent},
    {"migrate_heads", 0, 0, FUNCTION_ASKS, functionHeads},
    /* (): a JSON object: version, sqlite_built, sqlite, features */
    {"migrate_build", 0, 0, FUNCTION_TELLS, functionBuild},
    /* ([path, or pointer that migrate.h describes]): the path of the source */
    {"migrate_source", 0, 1, FUNCTION_ASKS, functionSource},
    /* (key [, value]): its value; NULL as value goes back to what it was */
    {"migrate_config", 1, 1, FUNCTION_ASKS, functionConfig},
    /* (pointer): nothing; migrate.h describes it */
    {"migrate_progress", 1, 0, FUNCTION_ACTS, functionProgress},
};

#ifndef SQLITE_RESULT_SUBTYPE
#define SQLITE_RESULT_SUBTYPE 0x001000000   /* SQLite 3.45; older: ignored */
#endif

/* What a function is registered with. */
typedef struct FunctionAux {
    Session *session;
    const FunctionDef *def;
} FunctionAux;

static void functionCall(sqlite3_context *context, int argc, sqlite3_value **argv)
{
    const FunctionAux *aux = sqlite3_user_data(context);
    Session *session = aux->session;
    int is_runner = aux->def->effect == FUNCTION_RUNS;
    Err err = {0};
    Arena a;
    Call call = {&a, session, context, argc, argv};

    arena_init(&a, &err);
    if (is_runner && session->is_running)
        err_set(&err, ERR_BUSY_STATEMENT, "%s is called while another operation "
                "of this connection runs", aux->def->name);
    if (aux->def->effect >= FUNCTION_ACTS)
        callCheckWrite(&call);
    if (ok(&a)) {
        session->is_running += is_runner;
        aux->def->run(&call);
        session->is_running -= is_runner;
    }
    if (err.code) {
        sqlite3_result_error(context, err_message(&err), -1);
        sqlite3_result_error_code(context, err_sqlite(err.code));
    }
    arena_release(&a);
    err_release(&err);
}

static void functionRelease(void *aux)
{
    session_release(((FunctionAux *)aux)->session);
    sqlite3_free(aux);
}

static int functionIsIn(const FunctionDef *def, FunctionSet set)
{
    return set == FUNCTION_SET_ALL
        || (def->effect == FUNCTION_TELLS) == (set == FUNCTION_SET_READONLY);
}

MIG_FUNC int function_register(Session *session, FunctionSet set)
{
    int rc = SQLITE_OK;
    size_t i;

    for (i = 0; i < sizeof functionDef / sizeof *functionDef; i++) {
        const FunctionDef *def = &functionDef[i];
        int n;

        if (!functionIsIn(def, set))
            continue;
        for (n = def->narg; n <= def->narg + def->nmore && rc == SQLITE_OK; n++) {
            FunctionAux *aux = sqlite3_malloc64(sizeof *aux);
            if (!aux)
                return SQLITE_NOMEM;
            aux->session = session_hold(session);
            aux->def = def;
            rc = sqlite3_create_function_v2(session->db, def->name, n,
                SQLITE_UTF8 | SQLITE_DIRECTONLY | SQLITE_RESULT_SUBTYPE, aux,
                functionCall, NULL, NULL, functionRelease);
        }
    }
    return rc;
}
