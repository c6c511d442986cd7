/*
** migrate_alter(): one ALTER TABLE of SPEC section 7, at once.
*/
#ifndef MIG_ALTERATION_H
#define MIG_ALTERATION_H

#include "session.h"

/* Runs the statement in a transaction of its own, or in a savepoint of the caller's.
** The answer is how: "native", "in-place", "rebuild", or "nothing" if all was so
** already.  No source is asked.
** Errors: usage, for anything but one ALTER TABLE; locked; and as change_run(). */
MIG_FUNC const char *alteration_run(Arena *a, Session *session, Text sql);

#endif
