/*
** Runs the SQL of its standard input and listens: prints each row, each error, and
** how far a change of a table is.  With an argument, stops what runs at that event.
*/
#include "../ext/migrate.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct Listen {
    int nevent, stop;       /* heard so far; the one to stop at, or 0 */
} Listen;

static int listenEvent(void *context, const migrate_event *event)
{
    Listen *listen = context;

    if (event->eType != MIGRATE_EVENT_ALTER)
        return 0;
    printf("%s %lld of %lld\n", event->zTable, event->nDone, event->nTotal);
    return ++listen->nevent == listen->stop;
}

static int listenRow(void *context, int n, char **value, char **column)
{
    (void)context;
    (void)column;
    printf("%s\n", n && value[0] ? value[0] : "NULL");
    return 0;
}

int main(int argc, char **argv)
{
    Listen listen = {0, argc > 1 ? atoi(argv[1]) : 0};
    migrate_progress progress = {1, listenEvent, &listen};
    sqlite3_stmt *stmt = NULL;
    char sql[4096], *message = NULL;
    sqlite3 *db;

    if (sqlite3_open(":memory:", &db) != SQLITE_OK
        || sqlite3_migrate_init(db, &message, NULL) != SQLITE_OK
        || sqlite3_prepare_v2(db, "SELECT migrate_progress(?)", -1, &stmt, NULL)
               != SQLITE_OK)
        return 1;
    sqlite3_bind_pointer(stmt, 1, &progress, "migrate_progress", NULL);
    sqlite3_step(stmt);
    sqlite3_finalize(stmt);
    while (fgets(sql, sizeof sql, stdin)) {
        if (sqlite3_exec(db, sql, listenRow, NULL, &message) != SQLITE_OK)
            printf("%s\n", message);
        sqlite3_free(message);
        message = NULL;
    }
    return sqlite3_close(db) != SQLITE_OK;
}
