/*
** From where a database is to a target: upgrade and downgrade.
**
** For each transaction: lock, read the version rows, make the plan for what is
** left, run as many steps as belong in one transaction (all of them, or one),
** write their version and log rows, commit.  Until the plan is empty.  So any
** number of processes may run it at once: each finds what the others left.
*/
#ifndef MIG_COURSE_H
#define MIG_COURSE_H

#include "runner.h"

/* Takes the database to what target means for kind.  Everything that can be
** refused is refused before anything runs.  The number of steps run. */
MIG_FUNC i64 course_run(Runner *r, StepKind kind, Text target);

#endif
