/*
** A rebuild: a new table is made and filled under a free name, and then exchanged
** with the old one in sqlite_schema.
**
** No table that others refer to is ever dropped under its name: so foreign keys may
** be enforced all along, it works inside a transaction of the caller, and what did
** not change (triggers, views, the author's text) is not touched.
*/
#ifndef MIG_REBUILD_H
#define MIG_REBUILD_H

#include "recast.h"
#include "work.h"

/* Rebuilds the table as the recast has it.  It is tried without rows first, so that
** what it would break is told before the long work.
** Errors: constraint, foreign-key, sql-error, busy-statement. */
MIG_FUNC void rebuild_run(Work *w, const Recast *recast);

/* Registers _migrate_moved(), which a rebuild counts rows with.  It does nothing for
** anybody else, who has no pointer to give it.  Returns what SQLite returns. */
MIG_FUNC int rebuild_register(sqlite3 *db);

#endif
