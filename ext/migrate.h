/*
** migrate: schema migrations for SQLite, inside SQLite.
**
** This is the contract with a C program.  All else is SQL: load the extension
** and call its functions (README.md, "SQL interface").
**
** A program may load migrate.so with sqlite3_load_extension(), or have it inside:
** linked with libmigrate.a ("pkg-config --cflags --libs migrate" says how), or with
** migrate.c, which "make amalgamation" makes.  Then it either calls
** sqlite3_migrate_init() on a connection or registers it once for all connections:
**
**     sqlite3_auto_extension((void (*)(void))sqlite3_migrate_init);
*/
#ifndef MIGRATE_H
#define MIGRATE_H

#include <sqlite3.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MIGRATE_VERSION "1.0.0"

/*
** Entry points, in the form that sqlite3_load_extension() and
** sqlite3_auto_extension() want.  Each registers functions and tables on db and
** returns SQLITE_OK; or, with *pzErrMsg set to a message from sqlite3_malloc(),
** SQLITE_ERROR (SQLite older than 3.37.0) or SQLITE_NOMEM.  A connection that has
** them already keeps them, with all that was set on it.
**
** pApi is the table of SQLite's functions in a loaded extension, and is not
** used where SQLite is linked in.
**
** sqlite3_migrate_init() registers everything.
**
** sqlite3_migrate_startup_init() does first what "SELECT migrate_startup()" does:
** it upgrades to the heads if the environment has ENVIRONMENT=development and
** DB_AUTO_MIGRATE=true (or 1, yes, on, in any case), and otherwise changes nothing
** but tells sqlite3_log() of pending revisions, with SQLITE_WARNING.  The source is
** $MIGRATE_SOURCE or ./migrations, unless the connection has another.  If that
** fails, so does loading: the message and the result code are those of the failure,
** the database is as it was, and nothing is registered.  Load it on the connection
** that is meant; as an automatic extension it would do its work on every database
** that the process opens, copies and databases in memory included.
**
** sqlite3_migrate_readonly_init() is for hosts whose SQL must neither write nor
** read files, or comes from people who are not trusted.  It registers no more than
** the function migrate_build() and the tables migrate_history and
** migrate_version, which read tables of the database: no file, no setting and no
** environment variable.  migrate_version has the columns revision, message and
** applied_at, and a row for each version row; of a database whose version table
** has another name, migrate_version('alembic_version') has them.
*/
struct sqlite3_api_routines;
int sqlite3_migrate_init(
    sqlite3 *db, char **pzErrMsg, const struct sqlite3_api_routines *pApi);
int sqlite3_migrate_startup_init(
    sqlite3 *db, char **pzErrMsg, const struct sqlite3_api_routines *pApi);
int sqlite3_migrate_readonly_init(
    sqlite3 *db, char **pzErrMsg, const struct sqlite3_api_routines *pApi);

/*
** Revisions compiled in.  A program may have its revisions inside, as an array of
** files.  "migrate bundle --format c -o firmware.c" writes such an array, with all
** files of a source, and calls it firmware_migrations.
**
** migrate_register() does what sqlite3_migrate_init() does and makes pSource the
** source of the connection, whatever $MIGRATE_SOURCE says; it is for programs that
** libmigrate.a, or migrate.c, is linked into:
**
**     extern const migrate_source firmware_migrations;
**     migrate_register(db, &message, &firmware_migrations);
**     sqlite3_exec(db, "SELECT migrate_upgrade('heads')", 0, 0, &message);
**
** Before there is a connection, an automatic extension does it for all of them:
**
**     static int firmware_init(
**         sqlite3 *db, char **pzErrMsg, const struct sqlite3_api_routines *pApi)
**     {
**         return migrate_register(db, pzErrMsg, &firmware_migrations);
**     }
**     sqlite3_auto_extension((void (*)(void))firmware_init);
**
** A program that loads migrate.so passes a pointer:
**
**     sqlite3_prepare_v2(db, "SELECT migrate_source(?)", -1, &stmt, 0);
**     sqlite3_bind_pointer(stmt, 1, (void *)&firmware_migrations,
**         "migrate_source", 0);
**     sqlite3_step(stmt);
**
** The structures must live as long as the connection.  They are constant, and need
** no signature where a key is trusted: they are as much to be trusted as the program.
** migrate_source(PATH) names another source.
**
** The results of migrate_register() are those of sqlite3_migrate_init(), and
** SQLITE_MISUSE if iVersion is not known or zName is empty, SQLITE_AUTH if the
** settings of the connection are locked.
*/
typedef struct migrate_file {
    const char *zName;          /* as seen from migrate.ini: "versions/x.sql" */
    const unsigned char *aByte; /* its bytes; NULL for a directory */
    int nByte;
} migrate_file;

typedef struct migrate_source {
    int iVersion;               /* 1 */
    const char *zName;          /* what messages and migrate_source() call it */
    const migrate_file *aFile;  /* in any order */
    int nFile;
} migrate_source;

int migrate_register(sqlite3 *db, char **pzErrMsg, const migrate_source *pSource);

/*
** Progress.  While a function of the extension works on a database it tells
** what it is about to do, and what it has done, to a callback:
**
**     migrate_progress progress = {1, on_event, context};
**     sqlite3_prepare_v2(db, "SELECT migrate_progress(?)", -1, &stmt, 0);
**     sqlite3_bind_pointer(stmt, 1, &progress, "migrate_progress", 0);
**     sqlite3_step(stmt);
**
** The structure must live until the connection is closed or another pointer is
** set (NULL: none).  The strings of an event live as long as the call.  A
** callback must not use the connection.  When it returns other than zero the
** operation stops, is undone as after any error, and reports "interrupted".
*/
typedef enum migrate_event_type {
    MIGRATE_EVENT_WAITING = 1,  /* another writer has the lock; nDone is the
                                ** milliseconds waited so far, nTotal the limit */
    MIGRATE_EVENT_STEP,         /* a revision's section is about to run; nDone is
                                ** how many steps are done, nTotal how many in all */
    MIGRATE_EVENT_STATEMENT,    /* a statement has run: zSql, zTable, nChange */
    MIGRATE_EVENT_STEP_DONE,    /* the section and its version rows are written */
    MIGRATE_EVENT_BACKUP,       /* nDone of nTotal pages are copied; zSql is the
                                ** path of the copy */
    MIGRATE_EVENT_ALTER         /* nDone of nTotal rows of zTable are moved */
} migrate_event_type;

typedef struct migrate_event {
    migrate_event_type eType;
    /* of STEP and STEP_DONE; NULL in all other events */
    const char *zOperation;     /* "upgrade", "downgrade" or "stamp" */
    const char *zRevision;      /* the id; "" in a stamp to base */
    const char *zDownRevisions; /* ids separated by ", "; "" at a base */
    const char *zMessage;       /* the revision's subject line; "" in a stamp */
    /* as the type says; NULL, or 0, in all other events */
    const char *zSql;           /* the statement, as it was run */
    const char *zTable;         /* the table it changed; NULL if none, or unknown */
    sqlite3_int64 nChange;      /* rows that it inserted, updated or deleted */
    sqlite3_int64 nDone, nTotal;
} migrate_event;

typedef struct migrate_progress {
    int iVersion;               /* 1 */
    int (*xEvent)(void *pContext, const migrate_event *pEvent);
    void *pContext;
} migrate_progress;

#ifdef __cplusplus
}
#endif

#endif
