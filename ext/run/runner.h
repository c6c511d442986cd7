/*
** The runner: takes a database from its version rows to a goal, step by step.
**
** It serves every command.  It always runs statements; what differs is the
** connection (the caller's, or a scratch copy) and whether a script listens.
**
** For each transaction: lock, read the version rows, make the plan for what is
** left, run as many steps as belong in one transaction (all of them, or one),
** write their version and log rows, commit.  Until the plan is empty.  So any
** number of processes may run it at once: each finds what the others left.
**
** A section with transaction:false cannot be undone: what came before it is
** committed, with a log row that says it has started; it runs in autocommit; its
** version rows and "done" are written in one transaction.  A log row that is
** "started" when a command begins means that the section was interrupted.
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
    const char *backup;         /* the copy that was made, for the log */
    int foreign_keys;           /* enforcement as the caller had it */
    i64 nstep, ntotal;          /* steps done, and in all, for the listener */
    int attempt;                /* the node whose section runs; -1: none */
    StepKind kind;              /* which section, */
    i64 started;                /* and since when */
} Runner;

/* Readies a runner; runner_release() ends it, whatever happened. */
MIG_FUNC void runner_init(Arena *a, Runner *r, Session *session,
                          Project *project, sqlite3 *db, Script *script);
MIG_FUNC void runner_release(Runner *r);

/* The version rows as the graph's nodes.  Errors: unknown-current. */
MIG_FUNC Nodes runner_rows(Runner *r);

/* Takes the database to what target means for kind.  Everything that can be
** refused is refused before anything runs.  The number of steps run. */
MIG_FUNC i64 runner_go(Runner *r, StepKind kind, Text target);

/* Sets the version rows without running anything; the number that changed. */
MIG_FUNC i64 runner_stamp(Runner *r, const Names *targets, int purge);

/* Takes the changed files of applied revisions as they are: those of nodes, or
** with NULL all.  How many. */
MIG_FUNC i64 runner_accept(Runner *r, const Nodes *nodes);

/* Notes in the log which statement of a section outside of a transaction runs. */
MIG_FUNC void runner_mark(Arena *a, Runner *r, Text sql);

#endif
