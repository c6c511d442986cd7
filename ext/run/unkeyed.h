/*
** Running a section with foreign_keys:off where enforcement is on.
**
** Enforcement is off while the section runs, and on again after it.  What it
** leaves that refers to nothing is an error; what was so before does not count.
*/
#ifndef MIG_UNKEYED_H
#define MIG_UNKEYED_H

#include "runner.h"

/* True if the section wants it, and enforcement is on. */
MIG_FUNC int unkeyed_is(const Runner *r, const Section *section);

/* Runs the section within the transaction that is open.  Errors: foreign-key, and
** those of the section. */
MIG_FUNC void unkeyed_run(Runner *r, Arena *a, const Body *body, SectionKind kind);

/* Runs the section where no transaction is open; *ndone counts its statements. */
MIG_FUNC void unkeyed_run_alone(Runner *r, Arena *a, const Body *body,
                                SectionKind kind, int *ndone);

/* In a script enforcement can change only between two transactions: ends the one
** that is open and begins another without enforcement; ends that.  A script for
** several revisions is all or nothing only up to here. */
MIG_FUNC void unkeyed_begin(Runner *r);
MIG_FUNC void unkeyed_commit(Runner *r);

#endif
