/*
** The entry points.  See migrate.h.
*/
#include "function.h"
#include "table.h"

#include "../base/digest.h"

#if defined(_WIN32)
#define ENTRY_EXPORT __declspec(dllexport)
#else
#define ENTRY_EXPORT __attribute__((visibility("default")))
#endif

/* The oldest SQLite that has what is used here. */
#define ENTRY_SQLITE_MIN 3037000

/* True if the connection has the functions already: they stay, with what they
** know, for SQLite cannot replace a function while a statement runs.  A failure
** here would be taken for one of sqlite3_open() by an automatic extension. */
static int entryIsLoaded(sqlite3 *db)
{
    sqlite3_stmt *stmt = NULL;
    int is_loaded;

    sqlite3_prepare_v2(db, "SELECT 1 FROM pragma_function_list "
                       "WHERE name = 'migrate_build'", -1, &stmt, NULL);
    is_loaded = stmt && sqlite3_step(stmt) == SQLITE_ROW;
    sqlite3_finalize(stmt);
    return is_loaded;
}

ENTRY_EXPORT int sqlite3_migrate_init(sqlite3 *db, char **message,
                                      const sqlite3_api_routines *api)
{
    static const TableDef *const table[] = {
        &tableRevisions, &tableHistory, &tablePlan, &tableSettings
    };
    Session *session;
    size_t i;
    int rc;

    SQLITE_EXTENSION_INIT2(api);
    (void)api;
    if (sqlite3_libversion_number() < ENTRY_SQLITE_MIN) {
        *message = sqlite3_mprintf("unsupported: migrate needs SQLite 3.37.0 or "
                                   "newer, this is %s", sqlite3_libversion());
        return SQLITE_ERROR;
    }
    if (!digest_init()) {
        *message = sqlite3_mprintf("internal: libsodium does not start");
        return SQLITE_ERROR;
    }
    if (entryIsLoaded(db))
        return SQLITE_OK;
    session = session_new(db);
    if (!session)
        return SQLITE_NOMEM;
    rc = function_register(session);
    for (i = 0; i < sizeof table / sizeof *table && rc == SQLITE_OK; i++)
        rc = table_register(session, table[i]);
    session_release(session);
    return rc;
}
