/*
** The operations that a user asks for, each from its arguments to its answer.
*/
#ifndef MIG_OPERATION_H
#define MIG_OPERATION_H

#include "runner.h"

typedef enum OperationKind {
    OPERATION_UPGRADE, OPERATION_DOWNGRADE, OPERATION_SYNC, OPERATION_STAMP,
    OPERATION_STAMP_PURGE
} OperationKind;

/* "upgrade", "downgrade", "sync", "stamp", "stamp purge".  Errors: usage. */
MIG_FUNC OperationKind operation_kind(Arena *a, Text name);

/* Runs it on the session's database.  What upgrade, downgrade and sync return is the
** number of revisions run, a stamp the number of version rows changed.  The
** targets of a stamp are separated by blanks; a sync has none. */
MIG_FUNC i64 operation_run(Arena *a, Session *session, OperationKind kind,
                           Text target);

/* The steps that it would take from where the database is, and the project that
** they belong to.  A stamp runs nothing, so it has no steps; what is wrong with it
** is reported all the same. */
MIG_FUNC Plan operation_plan(Arena *a, Session *session, Project *project,
                             Text operation, Text target);

/* The script that it would run.  For a target "A:B" no database is asked: the
** script goes from A to B. */
MIG_FUNC const char *operation_script(Arena *a, Session *session,
                                      OperationKind kind, Text target);

/* Takes changed files of applied revisions as they are: those named (separated by
** blanks), or all.  How many.  Errors: not-found, and the target's. */
MIG_FUNC i64 operation_accept(Arena *a, Session *session, Text revisions);

#endif
