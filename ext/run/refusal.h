/*
** What a section may not say: refused before anything runs.
**
** A parameter without a value; a PRAGMA that does nothing inside a transaction, and
** says nothing of it; a change of the version rows.
*/
#ifndef MIG_REFUSAL_H
#define MIG_REFUSAL_H

#include "runner.h"

/* Errors: unbound, unsupported, with file, line and column. */
MIG_FUNC void refusal_check(Arena *a, const Runner *r, const Body *body,
                            SectionKind kind);

#endif
