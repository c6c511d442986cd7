/*
** Views and triggers that do not compile.
**
** SQLite tests all of them when a table is renamed: so one that nobody knows is
** made, renamed, and forgotten.  That test leaves out what a trigger's statements
** write to, and how many columns a view has: so triggers that name the table at hand
** are compiled, too, and views that name their columns.
*/
#ifndef MIG_BROKEN_H
#define MIG_BROKEN_H

#include "work.h"

/* Each of them, "view v", and what SQLite says of it.  Nothing is changed. */
typedef struct BrokenList {
    Text table;
    Names object, said;
} BrokenList;
MIG_FUNC BrokenList broken_list(Work *w, Text table);

/* Reports those that were not broken before.  Errors: constraint. */
MIG_FUNC void broken_check(Work *w, const BrokenList *before);

/* Views and triggers that were taken out of the schema. */
typedef struct BrokenRow {
    Text schema, type, name, table, sql;
} BrokenRow;

typedef struct Broken {
    BrokenRow *v;
    int n, cap;
} Broken;

/* Takes those that are broken out of the schema; and puts them back as they were, but
** for a trigger on a table that got another name meanwhile. */
MIG_FUNC Broken broken_take(Work *w);
MIG_FUNC void broken_put(Work *w, const Broken *broken, Text table, Text renamed);

#endif
