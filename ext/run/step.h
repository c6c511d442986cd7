/*
** One step of a plan: a revision's section, its version rows, its log row.
**
** A section with transaction:false cannot be undone: what came before it is
** committed, with a log row that says it has started; it runs in autocommit; its
** version rows and "done" are written in one transaction.  A log row that is
** "started" when a command begins means that the section was interrupted.
*/
#ifndef MIG_STEP_H
#define MIG_STEP_H

#include "runner.h"

/* The section that a step runs. */
MIG_FUNC const Section *step_section(const Step *step, const Body *body);

/* Refuses what can be refused before anything runs.  Errors: irreversible,
** in-transaction, unbound, those of the file. */
MIG_FUNC void step_check(Runner *r, Arena *a, const Step *step);

/* Runs a step within the transaction that is open. */
MIG_FUNC void step_run(Runner *r, Arena *a, const Step *step, const Body *body);

/* Runs a step that has transaction:false.  It begins in the transaction that is
** open, and commits it. */
MIG_FUNC void step_run_alone(Runner *r, Arena *a, const Step *step,
                             const Body *body);

#endif
