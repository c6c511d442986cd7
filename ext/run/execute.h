/*
** Running one section of a revision: its statements, conditions and checks.
*/
#ifndef MIG_EXECUTE_H
#define MIG_EXECUTE_H

#include "runner.h"

/* Runs a section on the runner's connection, within whatever transaction there
** is.  *ndone counts the statements that have run; it may be NULL.  Errors:
** sql-error and others, with file, line and column. */
MIG_FUNC void execute_section(Arena *a, Runner *r, const Body *body,
                              SectionKind kind, int *ndone);

/* Runs a verify section.  Errors: verify-failed, sql-error. */
MIG_FUNC void execute_verify(Arena *a, Runner *r, const Body *body);

#endif
