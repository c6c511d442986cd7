/*
** What a connection knows between two calls: where its source is, what was set,
** who listens.
*/
#ifndef MIG_SESSION_H
#define MIG_SESSION_H

#include "../migrate.h"
#include "../source/tree.h"

typedef struct Session {
    sqlite3 *db;
    Config config;                      /* migrate_config() */
    char *source;                       /* migrate_source(), or NULL */
    const migrate_source *compiled;     /* what it is the name of, or NULL */
    const migrate_progress *progress;   /* migrate_progress(), or NULL */
    int is_running;                     /* an operation is at work on db */
    int nref;                           /* functions and tables that hold it */
} Session;

/* A session with one reference; NULL if memory ran out. */
MIG_FUNC Session *session_new(sqlite3 *db);
MIG_FUNC Session *session_hold(Session *session);
MIG_FUNC void session_release(Session *session);

/* Where the source is: as set, else $MIGRATE_SOURCE, else ./migrations; and which
** section of its settings is chosen. */
MIG_FUNC Address session_address(const Session *session);
MIG_FUNC const char *session_source(const Session *session);

/* Tells the listener; one that wants the operation to stop is ERR_INTERRUPTED. */
MIG_FUNC void session_event(Arena *a, const Session *session,
                            const migrate_event *event);

/* Tells it that ndone of ntotal rows of a table are moved; true if the operation is
** to stop. */
MIG_FUNC int session_moved(Arena *a, const Session *session, Text table, i64 ndone,
                           i64 ntotal);

#endif
