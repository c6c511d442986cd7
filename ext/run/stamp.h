/*
** Saying where a database is, without running anything.
*/
#ifndef MIG_STAMP_H
#define MIG_STAMP_H

#include "runner.h"

/* Sets the version rows to what the targets mean; with purge, whatever they are
** now.  An interrupted operation is thereby decided.  The number of rows that
** changed. */
MIG_FUNC i64 stamp_run(Runner *r, const Names *targets, int purge);

/* Takes the changed files of applied revisions as they are: those of nodes, or
** with NULL all.  How many. */
MIG_FUNC i64 stamp_accept(Runner *r, const Nodes *nodes);

#endif
