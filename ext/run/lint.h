/*
** Dangers in pending revisions.
**
** Each revision that an upgrade to all heads would run is looked at, statement by
** statement (danger.h), and as a whole: has it a downgrade, do the views still work.
** A scratch database, with the schema of the one at hand, is taken along: each
** statement of an upgrade is run there after it was looked at, whatever comes of it.
**
** A danger that is known is allowed by a comment in the file:
**
**      -- lint:allow drop-table, not-null: empty since 2019
**
** on a line of the statement, or between it and the one before; for what is said of a
** section as a whole, anywhere in the file; before the first section, for all of the
** file.
*/
#ifndef MIG_LINT_H
#define MIG_LINT_H

#include "project.h"

typedef struct LintFinding {
    Text revision;
    const char *name;       /* the file: "versions/a.sql" */
    const char *code;
    int line;
    const char *message;
} LintFinding;

typedef struct LintFindings {
    LintFinding *v;         /* in the order in which the revisions would run */
    int n, cap;
} LintFindings;

/* Errors: those of the source, of its files and of the version rows. */
MIG_FUNC LintFindings lint_run(Arena *a, Session *session);

#endif
