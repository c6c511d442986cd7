/*
** A scratch database: a copy of a schema on a connection of its own, to try
** things on.
**
** It has what a statement needs to be compiled as it would be there: the tables,
** indexes, views and triggers of main, its text encoding, the connection's
** double-quote settings, and a stand-in for every collation that SQLite does not
** know.  It lacks the functions and modules that a host registered.  Foreign keys
** are not enforced, for rows may be missing.
*/
#ifndef MIG_SCRATCH_H
#define MIG_SCRATCH_H

#include "../base/db.h"

typedef enum ScratchRows {
    SCRATCH_EMPTY,      /* no schema at all */
    SCRATCH_SCHEMA,     /* the schema, no rows */
    SCRATCH_ROWS        /* everything, in a temporary file */
} ScratchRows;

/* A scratch copy of main of from, to be closed with scratch_close(); NULL on
** failure.  from may be inside a transaction: what it sees is copied. */
MIG_FUNC sqlite3 *scratch_open(Arena *a, sqlite3 *from, ScratchRows rows);
MIG_FUNC void scratch_close(sqlite3 *scratch);

#endif
