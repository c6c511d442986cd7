/*
** A scratch database: a copy of a schema on a connection of its own, to try
** things on.
**
** It has what a statement needs to be understood as it would be there: the tables,
** indexes, views and triggers of main, its text encoding, the settings of the
** connection, and a stand-in for every collation that SQLite does not know.  A
** function of the host that is missed is there by name alone; its modules are not.  Foreign keys are not
** enforced, for rows may be missing.
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
** failure.  from may be inside a transaction: what it sees is copied.  An interrupt
** of from stops what runs on the copy; where from is a copy itself, let it follow the
** host (db_follow). */
MIG_FUNC sqlite3 *scratch_open(Arena *a, sqlite3 *from, ScratchRows rows);
MIG_FUNC void scratch_close(sqlite3 *scratch);

/* After a statement that could not be prepared: if that was for want of a function
** that the host has and we have not, makes one of that name, which gives NULL, and
** returns true: it may be tried again. */
MIG_FUNC int scratch_define(sqlite3 *scratch);

/* Copies the rows of one table of main, which both have alike. */
MIG_FUNC void scratch_copy_rows(Arena *a, sqlite3 *from, sqlite3 *scratch,
                                const char *table);

/* The settings of a connection that are not the default and that a script can
** state: their PRAGMAs, a line each. */
MIG_FUNC const char *scratch_pragmas(Arena *a, sqlite3 *db);

#endif
