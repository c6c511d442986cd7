/*
** One action of ALTER TABLE, done to the text of a CREATE TABLE.
**
** Only the clause that the action is about changes; spelling, comments and layout
** of the rest stay as the author wrote them, and what is new is laid out as its
** neighbours are.
*/
#ifndef MIG_EDIT_H
#define MIG_EDIT_H

#include "alter.h"

/* The statement after the action, which is none of RENAME COLUMN and RENAME TABLE;
** table->sql itself if it says so already.  DROP COLUMN takes along what PostgreSQL
** takes along: the constraints of the table that name the column.
** Errors: sql-error, for a column or a constraint that is not there, or is there
** already. */
MIG_FUNC Text edit_action(Arena *a, const DdlTable *table, const AlterAction *action);

/* The constraint that a DROP or RENAME is about, of the table (*column is -1) or of
** a column; NULL if there is none. */
MIG_FUNC const DdlClause *edit_find(Arena *a, const DdlTable *table,
                                    const AlterAction *action, int *column);

/* The statement with the table called name, in the database schema (z NULL: it is not
** said), wherever the table names itself; its REFERENCES keep the old name. */
MIG_FUNC Text edit_rename(Arena *a, const DdlTable *table, Text schema, Text name);

/* The statement without the clauses of these kinds (1 << CLAUSE_CHECK and so on), of
** the table and of its columns. */
MIG_FUNC Text edit_without(Arena *a, Text sql, unsigned kinds);

/* sql with part, a slice of it, replaced. */
MIG_FUNC Text edit_replace(Arena *a, Text sql, Text part, Text by);

#endif
