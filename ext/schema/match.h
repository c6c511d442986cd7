/*
** Which table of one schema is which of another, and so their columns.
**
** A name that both have is the same, unless a rename says otherwise; one that is
** said (an option, a hint in the model) counts if what it names is there and does
** not stay.  Without one, what is gone and what is new may be the same under another
** name: where they match in all but the name and nothing else does.
*/
#ifndef MIG_MATCH_H
#define MIG_MATCH_H

#include "difference.h"

/* Adds the renames of tables. */
MIG_FUNC void match_tables(Arena *a, Diff *diff, const DiffOptions *options);

/* Fills in from_of and to_of of a pair, and adds the renames of columns. */
MIG_FUNC void match_columns(Arena *a, Diff *diff, DiffTable *pair,
                            const DiffOptions *options);

/* Refuses what was said and is of nothing.  Errors: usage. */
MIG_FUNC void match_check(Arena *a, const Diff *diff, const DiffOptions *options);

#endif
