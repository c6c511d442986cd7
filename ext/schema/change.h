/*
** ALTER TABLE, done: the grammar of SPEC section 7, each statement by the cheapest
** way that is right.
**
**     native      SQLite's own ALTER TABLE, as the library at hand has it
**     in place    the stored statement is edited, after the rows were checked
**     rebuild     a new table takes the place of the old one
**
** All of a statement's actions are one change: it is done whole, or not at all.
** What becomes of it depends on the schema and the rows at hand.
*/
#ifndef MIG_CHANGE_H
#define MIG_CHANGE_H

#include "recast.h"
#include "work.h"

/* Runs one ALTER TABLE on db, within a savepoint of its own.  The answer is the most
** that was needed.  On failure nothing is changed, and *offset is the byte of sql
** that the failure is about.
** Errors: sql-error, constraint, foreign-key, unsupported, refused,
** busy-statement, and what SQLite reports. */
MIG_FUNC ChangeWay change_run(Arena *a, sqlite3 *db, Text sql,
                              const ChangeHost *host, int *offset);

/* "native", "in-place", "rebuild"; "nothing" if all was so already. */
MIG_FUNC const char *change_way_name(ChangeWay way);

#endif
