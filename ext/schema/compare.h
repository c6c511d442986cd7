/*
** A pair of tables, compared: what differs, as actions of ALTER TABLE.
*/
#ifndef MIG_COMPARE_H
#define MIG_COMPARE_H

#include "difference.h"

/* Fills in the items of a pair whose columns are matched.  The order is one in which
** they can be done: what is in the way goes first. */
MIG_FUNC void compare_tables(Arena *a, const Diff *diff, DiffTable *pair);

#endif
