/*
** The entry points.  See migrate.h.
*/
#include "authoring.h"
#include "function.h"

#include "../base/sign.h"
#include "../run/startup.h"
#include "../schema/rebuild.h"

#if defined(_WIN32)
#define ENTRY_EXPORT __declspec(dllexport)
#else
#define ENTRY_EXPORT __attribute__((visibility("default")))
#endif

/* The oldest SQLite that has what is used here. */
#define ENTRY_SQLITE_MIN 3037000

static const TableDef *const entryTables[] = {
    &tableRevisions, &tableHistory, &tablePlan, &tableSettings, NULL
};
static const TableDef *const entryReadonlyTables[] = {
    &tableHistory, &tableVersion, NULL
};

/* Whether the connection has the function already: what is there stays, with what it
** knows, for SQLite cannot replace a function while a statement runs.  A failure
** here would be taken for one of sqlite3_open() by an automatic extension: so this
** does not read the database, which may be waiting for its key, and fails only where
** memory ran out: SQLITE_NOMEM. */
static int entryFind(sqlite3 *db, const char *function, int *found)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db, "PRAGMA function_list", -1, &stmt, NULL);

    *found = 0;
    while (stmt && !*found && sqlite3_step(stmt) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(stmt, 0);
        *found = name && strcmp(name, function) == 0;
    }
    if (stmt)
        rc = sqlite3_finalize(stmt);
    return rc == SQLITE_NOMEM ? rc : SQLITE_OK;
}

/* Whether this SQLite will do, and what is linked in. */
static int entryCheck(char **message, FunctionSet set)
{
    if (sqlite3_libversion_number() < ENTRY_SQLITE_MIN)
        *message = sqlite3_mprintf("unsupported: migrate needs SQLite 3.37.0 or "
                                   "newer, this is %s", sqlite3_libversion());
    else if (set == FUNCTION_SET_ALL && !sign_init())
        *message = sqlite3_mprintf("internal: libsodium does not start");
    else
        return SQLITE_OK;
    return SQLITE_ERROR;
}

/* What each entry point begins with: a session, or NULL where the functions are there
** already. */
static int entryBegin(sqlite3 *db, char **message, FunctionSet set, Session **session)
{
    int is_there = 0, rc = entryCheck(message, set);

    *session = NULL;
    if (rc == SQLITE_OK)
        rc = entryFind(db, set == FUNCTION_SET_ALL ? "migrate_upgrade"
                       : "migrate_build", &is_there);
    if (rc != SQLITE_OK || is_there)
        return rc;
    *session = session_new(db);
    return *session ? SQLITE_OK : SQLITE_NOMEM;
}

static int entryRegister(Session *session, FunctionSet set,
                         const TableDef *const *table)
{
    int rc = function_register(session, set);

    for (; *table && rc == SQLITE_OK; table++)
        rc = table_register(session, *table);
    return rc;
}

/* Registers all that there is, unless it is there. */
static int entryLoad(sqlite3 *db, Session *session)
{
    int has_history = 0, rc = rebuild_register(db);

    if (rc == SQLITE_OK)
        rc = entryFind(db, "migrate_build", &has_history);
    if (rc == SQLITE_OK)
        rc = entryRegister(session, has_history ? FUNCTION_SET_REST : FUNCTION_SET_ALL,
                           entryTables);
    if (rc == SQLITE_OK)
        rc = authoring_register(session);
    return rc;
}

ENTRY_EXPORT int sqlite3_migrate_init(sqlite3 *db, char **message,
                                      const sqlite3_api_routines *api)
{
    Session *session;
    int rc;

    SQLITE_EXTENSION_INIT2(api);
    (void)api;
    rc = entryBegin(db, message, FUNCTION_SET_ALL, &session);
    if (!session)
        return rc;
    rc = entryLoad(db, session);
    session_release(session);
    return rc;
}

/* ---- at the start of an application ---- */

/* What migrate_startup() does, with its error as the result. */
static int entryStart(Session *session, char **message)
{
    Err err = {0};
    Arena a;
    int rc = SQLITE_OK;

    arena_init(&a, &err);
    startup_run(&a, session);
    if (!ok(&a)) {
        rc = err_sqlite(err.code);
        *message = sqlite3_mprintf("%s", err_message(&err));
    }
    arena_release(&a);
    err_release(&err);
    return rc;
}

/* The same where the extension is loaded, with what its session knows. */
static int entryStartAgain(sqlite3 *db, char **message)
{
    return sqlite3_exec(db, "SELECT migrate_startup()", NULL, NULL, message);
}

/* The start comes first: an extension that fails to load is taken out of memory, and
** must not have registered anything by then. */
ENTRY_EXPORT int sqlite3_migrate_startup_init(sqlite3 *db, char **message,
                                              const sqlite3_api_routines *api)
{
    Session *session;
    int rc;

    SQLITE_EXTENSION_INIT2(api);
    (void)api;
    rc = entryBegin(db, message, FUNCTION_SET_ALL, &session);
    if (!session)
        return rc == SQLITE_OK ? entryStartAgain(db, message) : rc;
    rc = entryStart(session, message);
    if (rc == SQLITE_OK)
        rc = entryLoad(db, session);
    session_release(session);
    return rc;
}

/* ---- for hosts that must neither write nor read files ---- */

ENTRY_EXPORT int sqlite3_migrate_readonly_init(sqlite3 *db, char **message,
                                               const sqlite3_api_routines *api)
{
    Session *session;
    int rc;

    SQLITE_EXTENSION_INIT2(api);
    (void)api;
    rc = entryBegin(db, message, FUNCTION_SET_READONLY, &session);
    if (!session)
        return rc;
    rc = entryRegister(session, FUNCTION_SET_READONLY, entryReadonlyTables);
    session_release(session);
    return rc;
}

/* ---- for programs that the extension and their revisions are linked into ---- */

#ifdef SQLITE_CORE

ENTRY_EXPORT int migrate_register(sqlite3 *db, char **message,
                                  const migrate_source *source)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_migrate_init(db, message, NULL);

    if (rc != SQLITE_OK)
        return rc;
    rc = sqlite3_prepare_v2(db, "SELECT migrate_source(?)", -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_bind_pointer(stmt, 1, (void *)source, "migrate_source", NULL);
        sqlite3_step(stmt);
        rc = sqlite3_finalize(stmt);
    }
    if (rc != SQLITE_OK)
        *message = sqlite3_mprintf("%s", sqlite3_errmsg(db));
    return rc;
}

#endif
