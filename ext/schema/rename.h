/*
** What has another name in another schema: tables, and columns of tables.
*/
#ifndef MIG_RENAME_H
#define MIG_RENAME_H

#include "../base/map.h"

typedef struct Rename {
    Text table;         /* whose column it is, by its old name; empty: a table */
    Text from, to;
    int is_guess;       /* nobody said so: they match in all but the name */
} Rename;

typedef struct Renames {
    Rename *v;
    int n, cap;
    Map key;            /* a table's or a column's old name: a place in v */
} Renames;

MIG_FUNC void rename_push(Arena *a, Renames *renames, Rename one);

/* The rename of a table, of a column; NULL if it keeps its name. */
MIG_FUNC const Rename *rename_find(Arena *a, const Renames *renames, Text table,
                                   Text column);

/* What a table, or a column of a table (by its old name), is called now. */
MIG_FUNC Text rename_table(Arena *a, const Renames *renames, Text table);
MIG_FUNC Text rename_column(Arena *a, const Renames *renames, Text table, Text column);

/* The way back. */
MIG_FUNC Renames rename_reverse(Arena *a, const Renames *renames);

#endif
