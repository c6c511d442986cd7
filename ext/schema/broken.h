/*
** Views and triggers that do not compile.
**
** SQLite tests all of them when a table is renamed: so one that nobody knows is
** made, renamed, and forgotten.
*/
#ifndef MIG_BROKEN_H
#define MIG_BROKEN_H

#include "work.h"

/* Each of them, "view v", and what SQLite says of it.  Nothing is changed. */
typedef struct BrokenList {
    Names object, said;
} BrokenList;
MIG_FUNC BrokenList broken_list(Work *w);

/* Reports those that were not broken before.  Errors: constraint. */
MIG_FUNC void broken_check(Work *w, const BrokenList *before);

/* Takes the views and triggers that are broken out of the schema; what is needed to
** put them back, as they were, is remembered. */
typedef struct Broken {
    Names schema, sql;      /* of each: its database; an INSERT into sqlite_schema */
} Broken;
MIG_FUNC Broken broken_take(Work *w);
MIG_FUNC void broken_put(Work *w, const Broken *broken);

#endif
