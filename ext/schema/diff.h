/*
** Finding what one schema has and another has not.
*/
#ifndef MIG_DIFF_H
#define MIG_DIFF_H

#include "difference.h"

/* Compares.  Errors: usage (a rename of what is not there), unsupported. */
MIG_FUNC Diff diff_build(Arena *a, const Model *from, const Model *to,
                         const DiffOptions *options);

MIG_FUNC int diff_is_empty(const Diff *diff);

/* A row for each difference. */
typedef struct DiffRow {
    const char *kind, *change, *detail;
    Text name, table;
    int is_destructive;
    const char *sql;            /* a statement that does away with it, or NULL */
} DiffRow;

typedef struct DiffRows {
    DiffRow *v;
    int n, cap;
} DiffRows;
MIG_FUNC DiffRows diff_rows(Arena *a, const Diff *diff);

/* The differences in one line, the first few of them. */
MIG_FUNC const char *diff_text(Arena *a, const Diff *diff);

#endif
