/*
** A firmware's updater: what runs once after the device has started with another
** firmware, newer or older than the one before.  It brings the database to what
** this firmware knows, and says what it does.
**
**     updater DATABASE [BUNDLE [KEY]]
**
** The revisions are in BUNDLE, signed with KEY; or, with -DFIRMWARE_COMPILED, inside
** the program, from the file that "migrate bundle --format c" wrote.
*/
#include <migrate.h>

#include <stdio.h>

#ifdef FIRMWARE_COMPILED
extern const migrate_source firmware_migrations;
#endif

/* What is done, a line a revision. */
static int updater_event(void *unused, const migrate_event *event)
{
    (void)unused;
    if (event->eType == MIGRATE_EVENT_STEP)
        printf("%d/%d %s %s: %s\n", (int)event->nDone + 1, (int)event->nTotal,
               event->zOperation, event->zRevision, event->zMessage);
    return 0;
}

/* Runs a statement with a text bound to it, and prints what it gives after name,
** unless that is NULL. */
static int updater_run(sqlite3 *db, const char *sql, const char *text,
                       const char *name)
{
    sqlite3_stmt *stmt = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK) {
        sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
        if (sqlite3_step(stmt) == SQLITE_ROW && name)
            printf("%s %s\n", name, (const char *)sqlite3_column_text(stmt, 0));
    }
    return sqlite3_finalize(stmt);
}

static int updater_listen(sqlite3 *db)
{
    static const migrate_progress progress = {1, updater_event, NULL};
    sqlite3_stmt *stmt = NULL;

    if (sqlite3_prepare_v2(db, "SELECT migrate_progress(?)", -1, &stmt, NULL)
            == SQLITE_OK) {
        sqlite3_bind_pointer(stmt, 1, (void *)&progress, "migrate_progress", NULL);
        sqlite3_step(stmt);
    }
    return sqlite3_finalize(stmt);
}

/* The revisions that this firmware has. */
static int updater_source(sqlite3 *db, char **message, char **argv)
{
#ifdef FIRMWARE_COMPILED
    (void)argv;
    return migrate_register(db, message, &firmware_migrations);
#else
    int rc = sqlite3_migrate_init(db, message, NULL);

    if (rc == SQLITE_OK && argv[2] && argv[3])
        rc = updater_run(db, "SELECT migrate_config('trusted_key', ?)", argv[3],
                         NULL);
    if (rc == SQLITE_OK && argv[2])
        rc = updater_run(db, "SELECT migrate_source(?)", argv[2], NULL);
    return rc;
#endif
}

int main(int argc, char **argv)
{
    char *message = NULL;
    sqlite3 *db = NULL;
    int rc;

    if (argc < 2)
        return 2;
    rc = sqlite3_open(argv[1], &db);
    if (rc == SQLITE_OK)
        rc = updater_source(db, &message, argv);
    if (rc == SQLITE_OK)
        rc = updater_listen(db);
    if (rc == SQLITE_OK)
        rc = updater_run(db, "SELECT migrate_sync()", NULL, "changes:");
    if (rc == SQLITE_OK)
        rc = updater_run(db, "SELECT migrate_current()", NULL, "now at");
    if (rc != SQLITE_OK)
        fprintf(stderr, "updater: %s\n", message ? message : sqlite3_errmsg(db));
    sqlite3_free(message);
    return sqlite3_close(db) != SQLITE_OK || rc != SQLITE_OK;
}
