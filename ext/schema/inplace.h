/*
** A change in place: the table's statement in sqlite_schema is edited, and no row
** is touched.
*/
#ifndef MIG_INPLACE_H
#define MIG_INPLACE_H

#include "recast.h"
#include "work.h"

/* True if a row is too short to have the column: it was written before an ADD
** COLUMN, and reads its value from the DEFAULT. */
MIG_FUNC int inplace_has_short_rows(Work *w, const Relation *relation, Text column);

/* Gives the table the recast's statement, once the rows were found to hold what it
** asks.  Errors: constraint, foreign-key, sql-error. */
MIG_FUNC void inplace_run(Work *w, const Recast *recast);

/* Tries whether SQLite takes the statement, on a table of another name. */
MIG_FUNC void inplace_validate(Work *w, const DdlTable *ddl);

#endif
