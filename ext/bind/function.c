/*
** The functions that run migrations.  See function.h.  The table at the end has them
** all, with what they take and give.
*/
#include "function.h"

#include "../base/json.h"
#include "../base/sign.h"
#include "../run/alteration.h"
#include "../run/operation.h"
#include "../run/startup.h"
#include "../source/configure.h"
#include "../source/trust.h"
#include "authoring.h"
#include "call.h"

/* ---- operations ---- */

static void functionUpgrade(Call *call)
{
    Text target = call->argc ? call_text(call, 0, "the target") : text_of("head");
    call_return_number(call, operation_run(call->a, call->session,
                                         OPERATION_UPGRADE, target));
}

static void functionDowngrade(Call *call)
{
    Text target = call_text(call, 0, "the target");
    call_return_number(call, operation_run(call->a, call->session,
                                         OPERATION_DOWNGRADE, target));
}

static void functionStartup(Call *call)
{
    call_return_number(call, startup_run(call->a, call->session));
}

static void functionSync(Call *call)
{
    call_return_number(call, operation_run(call->a, call->session, OPERATION_SYNC,
                                         text_of("")));
}

static void functionStamp(Call *call)
{
    Text targets = call_text(call, 0, "the target");
    const char *option = call_optional(call, 1);

    if (option && sqlite3_stricmp(option, "purge") != 0)
        err_set(call->a->err, ERR_USAGE, "the second argument of migrate_stamp can "
                "only be 'purge', not '%s'", option);
    call_return_number(call, operation_run(call->a, call->session, option
        ? OPERATION_STAMP_PURGE : OPERATION_STAMP, targets));
}

static void functionAccept(Call *call)
{
    call_return_number(call, operation_accept(call->a, call->session,
                                            text_of(call_optional(call, 0))));
}

static void functionSql(Call *call)
{
    Text name = call_text(call, 0, "the operation");
    Text target = call_text(call, 1, "the target");
    OperationKind kind = OPERATION_UPGRADE;

    if (ok(call->a))
        kind = operation_kind(call->a, name);
    if (ok(call->a))
        call_return(call, operation_script(call->a, call->session, kind, target));
}

static void functionAlter(Call *call)
{
    Text sql = call_text(call, 0, "the statement");

    if (ok(call->a))
        call_return(call, alteration_run(call->a, call->session, sql));
}

/* ---- asking ---- */

/* The ids of some revisions as a JSON array. */
static void functionReturnNodes(Call *call, const Graph *g, const Nodes *nodes)
{
    Names ids;

    if (!ok(call->a))
        return;
    ids = nodes_ids(call->a, g, nodes);
    call_return_json(call, json_names(call->a, &ids));
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
    functionReturnNodes(call, project.graph, &current);
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
    functionReturnNodes(call, project.graph, &heads);
}

static void functionBuild(Call *call)
{
    call_return_json(call, text_format(call->a, "{\"version\":\"" MIGRATE_VERSION "\","
        "\"sqlite_built\":\"" SQLITE_VERSION "\",\"sqlite\":\"%s\","
        "\"features\":[\"directory\",\"bundle\",\"compiled-in\"%s%s%s]}",
        sqlite3_libversion(), sign_is_built() ? ",\"signatures\"" : "",
        trust_has_compiled() ? ",\"trusted-key\"" : "",
        authoring_is_built() ? ",\"authoring\"" : ""));
}

/* ---- what the connection remembers ---- */

static int functionIsUnlocked(Call *call)
{
    call_check_write(call);
    if (config_text(&call->session->config, "locked"))
        err_set(call->a->err, ERR_REFUSED, "the settings of this connection are "
                "locked");
    return ok(call->a);
}

/* Takes a path, or revisions that are compiled in, as the session's source. */
static void functionSetSource(Call *call, const migrate_source *compiled)
{
    Session *session = call->session;
    Text path = compiled ? text_of(compiled->zName) : call_text(call, 0, "the path");
    char *copy;

    if (ok(call->a) && path.n == 0)
        err_set(call->a->err, ERR_USAGE, "the path is empty");
    if (compiled && compiled->iVersion != 1)
        err_set(call->a->err, ERR_USAGE, "the revisions compiled in are of version "
                "%d, and this version of migrate knows 1", compiled->iVersion);
    if (!functionIsUnlocked(call))
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
        functionSetSource(call, sqlite3_value_pointer(call->argv[0], "migrate_source"));
    call_return(call, session_source(call->session));
}

static void functionConfig(Call *call)
{
    Text key = call_text(call, 0, "the key");
    Config *config = &call->session->config;
    Settings settings;
    Address address;
    int i;

    if (!ok(call->a))
        return;
    if (call->argc > 1 && functionIsUnlocked(call))
        configure_set(call->a, config, key.z, call->argv[1]);
    if (!ok(call->a))
        return;
    if (text_is(key, "startup")) {      /* what one would do: to be read only */
        call_return(call, startup_upgrades() ? "upgrade" : "warn");
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
    call_return(call, settings.v[i].value);
}

static void functionProgress(Call *call)
{
    if (!functionIsUnlocked(call))
        return;
    call->session->progress = sqlite3_value_pointer(call->argv[0],
                                                    "migrate_progress");
}

/* ---- registration ---- */

/* What tells of this build, and looks at nothing. */
static const CallDef functionReadonly[] = {
    /* (): a JSON object: version, sqlite_built, sqlite, features */
    {"migrate_build", 0, 0, CALL_ASKS, functionBuild},
};

static const CallDef functionDef[] = {
    /* ([target = 'head']): the number of revisions applied */
    {"migrate_upgrade", 0, 1, CALL_RUNS, functionUpgrade},
    /* (target): the number of revisions undone */
    {"migrate_downgrade", 1, 0, CALL_RUNS, functionDowngrade},
    /* (): the number of revisions undone and applied */
    {"migrate_sync", 0, 0, CALL_RUNS, functionSync},
    /* (): the number of revisions that are pending then */
    {"migrate_startup", 0, 0, CALL_RUNS, functionStartup},
    /* (targets, blanks between them [, 'purge']): the number of version rows
    ** that changed */
    {"migrate_stamp", 1, 1, CALL_RUNS, functionStamp},
    /* ([revisions, blanks between them]): the number of changed files taken */
    {"migrate_accept", 0, 1, CALL_RUNS, functionAccept},
    /* (ALTER TABLE statement): what it did: 'native', 'in-place', 'rebuild', or
    ** 'nothing' where all was so already */
    {"migrate_alter", 1, 0, CALL_RUNS, functionAlter},
    /* ('upgrade' | 'downgrade' | 'sync' | 'stamp' | 'stamp purge', target or A:B; of
    ** a sync ''): the script, in SQLite's own SQL */
    {"migrate_sql", 2, 0, CALL_ASKS, functionSql},
    /* (): JSON arrays of ids */
    {"migrate_current", 0, 0, CALL_ASKS, functionCurrent},
    {"migrate_heads", 0, 0, CALL_ASKS, functionHeads},
    /* ([path, or pointer that migrate.h describes]): the path of the source */
    {"migrate_source", 0, 1, CALL_ASKS, functionSource},
    /* (key [, value]): its value; NULL as value goes back to what it was */
    {"migrate_config", 1, 1, CALL_ASKS, functionConfig},
    /* (pointer): nothing; migrate.h describes it */
    {"migrate_progress", 1, 0, CALL_ACTS, functionProgress},
};

MIG_FUNC int function_register(Session *session, FunctionSet set)
{
    int rc = SQLITE_OK;

    if (set != FUNCTION_SET_REST)
        rc = call_register(session, functionReadonly,
                           sizeof functionReadonly / sizeof *functionReadonly);
    if (rc == SQLITE_OK && set != FUNCTION_SET_READONLY)
        rc = call_register(session, functionDef,
                           sizeof functionDef / sizeof *functionDef);
    return rc;
}
