/*
** A changed table in SQLite's own SQL: what its ALTER TABLE can do, or a new table
** that takes the place of the old one.
*/
#ifndef MIG_TWELVE_H
#define MIG_TWELVE_H

#include "diff.h"

/* True if SQLite's ALTER TABLE (3.37) can do all of it, whatever the rows are. */
MIG_FUNC int twelve_is_native(Arena *a, const Diff *diff, const DiffTable *pair);

/* Appends the statements of a rebuild.  The table has its new name already.  With
** is_down, rows that are there get a value in a column that demands one. */
MIG_FUNC void twelve_sql(Arena *a, sqlite3_str *out, const Diff *diff,
                          const DiffTable *pair, int is_down);

/* A name that no object of either schema has. */
MIG_FUNC Text twelve_free_name(Arena *a, const Diff *diff, const char *stem);

/* The value that rows get in new column j, which they cannot be without, or NULL if
** they need none.  *is_simple: it is a literal that may be the same in all rows. */
MIG_FUNC const char *twelve_filler(Arena *a, const DiffTable *pair, int j,
                                    int *is_simple);

#endif
