/*
** SQL in its canonical spelling: two texts that differ in spelling alone have the
** same one.
**
** No space or comment is left but the blank that keeps two words apart; keywords
** and names are in lower case (ASCII); a quoted name is bare where that means the
** same; == is =, <> is !=, numbers and blobs have one case.  The result is to be
** compared, not to be run.
*/
#ifndef MIG_NORMAL_H
#define MIG_NORMAL_H

#include "../base/map.h"
#include "token.h"

MIG_FUNC Text normal_sql(Arena *a, Text sql);

/* What the names of an expression mean. */
typedef struct NormalNames {
    const Map *known;           /* in lower case; a word in double quotes that is none
                                ** of them is the string that SQLite takes it for */
    const Map *renamed;         /* columns that have another name now: a place in */
    const Text *to;             /* this list; NULL where none has */
    Text table, table_to;       /* the same for the table's name before a dot */
} NormalNames;

/* The same for an expression: without parentheses around all of it, and with the
** names that names tells; NULL for none. */
MIG_FUNC Text normal_expr(Arena *a, Text sql, const NormalNames *names);

/* A name: lower case, without its quotes. */
MIG_FUNC Text normal_name(Arena *a, Text name);

/* The name as SQL: bare where that is possible, else in double quotes. */
MIG_FUNC Text normal_quote(Arena *a, Text name);

/* SQL on one line, without its comments, spelled as it is. */
MIG_FUNC Text normal_line(Arena *a, Text sql);

#endif
