/*
** The runner: a connection, a project, and who listens, for one operation.
**
** It serves every command, by way of step.h (one revision), course.h (to a target)
** and stamp.h.  It always runs statements; what differs is the connection (the
** caller's, or a scratch copy) and whether a script is written.
*/
#ifndef MIG_RUNNER_H
#define MIG_RUNNER_H

#include "history.h"
#include "project.h"
#include "script.h"
#include "transaction.h"

typedef struct Runner {
    Arena *a;
    Session *session;
    Project *project;
    sqlite3 *db;                /* what it works on */
    Script *script;             /* NULL: for real */
    const char *table;          /* the version table */
    Transaction t;
    int is_each;                /* one transaction a revision */
    int keep_downgrade;
    int is_united;              /* rows may be of revisions that only the log has */
    const char *backup;         /* the copy that was made, for the log */
    int foreign_keys;           /* enforcement as the caller had it */
    Names databases;            /* what is attached, as the caller had it */
    const char *vacuum;         /* PRAGMAs for a VACUUM of the section that runs */
    struct Foreign *foreign;    /* learns which tables it writes; NULL: nobody asks */
    i64 nstep, ntotal;          /* steps done, and in all, for the listener */
    int attempt;                /* the node whose section runs; -1: none */
    StepKind kind;              /* which section, */
    i64 started;                /* and since when */
} Runner;

/* Readies a runner; runner_release() ends it, whatever happened. */
MIG_FUNC void runner_init(Arena *a, Runner *r, Session *session,
                          Project *project, sqlite3 *db, Script *script);
MIG_FUNC void runner_release(Runner *r);

/* The version rows as the graph's nodes; if the runner is united, the graph is made
** to have them.  Errors: unknown-current. */
MIG_FUNC Nodes runner_rows(Runner *r);

/* Runs SQL of ours, and writes it down for a script. */
MIG_FUNC void runner_sql(Runner *r, const char *sql);

/* The same for what inserts, changes or deletes a row of ours.  Errors: unsupported, if
** a trigger kept it from that. */
MIG_FUNC void runner_row(Runner *r, const char *sql);

/* Makes the version table and the log, where they are not there. */
MIG_FUNC void runner_tables(Runner *r);

/* The transaction that steps run in; a script says so. */
MIG_FUNC void runner_begin(Runner *r);
MIG_FUNC void runner_commit(Runner *r);

/* In a script: stops it unless the version rows are what they are now. */
MIG_FUNC void runner_expect(Runner *r);

/* Milliseconds since 1970; for a script always its own time. */
MIG_FUNC i64 runner_clock(const Runner *r);

/* The value given for a parameter as it is written, ":name"; NULL if none was. */
MIG_FUNC sqlite3_value *runner_value(Arena *a, const Runner *r, Text parameter);

/* Notes in the log which statement of a section outside of a transaction runs. */
MIG_FUNC void runner_mark(Arena *a, Runner *r, Text sql);

/* The log's row for an operation on revision node that is done: what its file says,
** and the file's checksum.  The texts live in a. */
MIG_FUNC LogEntry runner_entry(const Runner *r, Arena *a, int node,
                               const char *operation);

/* What the log keeps of a body, for when its file is gone: the downgrade, its
** directive included; NULL for none. */
MIG_FUNC const char *runner_downgrade(const Runner *r, Arena *a, const Body *body);

/* The section outside of a transaction that has not ended.  Errors: locked, if its
** owner is at work on it. */
MIG_FUNC Started runner_started(Runner *r);

/* Refuses to go on where there is one.  Errors: locked, interrupted. */
MIG_FUNC void runner_check_started(Runner *r);

/* The applied revisions whose files were changed since; rows are the version
** rows. */
MIG_FUNC Nodes runner_modified(Runner *r, const Nodes *rows);

#endif
