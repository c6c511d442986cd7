/*
** A database's schema as the text of a model, fit for version control.
**
** Tables in the order of their names, each with its indexes and its triggers; then
** virtual tables; then views, each after those that it reads.  So the text does not
** depend on what was made first, and a change of one table is a change of one place.
** An empty line stands between two statements, which are as their author wrote
** them.
*/
#ifndef MIG_DUMP_H
#define MIG_DUMP_H

#include "owner.h"

/* The CREATE statements of what is the user's in main, in an order in which they
** run; "" if there is nothing.  owned is an owner_condition(). */
MIG_FUNC const char *dump_schema(Arena *a, sqlite3 *db, const char *owned);

#endif
