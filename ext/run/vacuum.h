/*
** VACUUM, which cannot run inside the statement that called us: a second connection
** to the same file does it.
*/
#ifndef MIG_VACUUM_H
#define MIG_VACUUM_H

#include "runner.h"

/* Refuses, before anything runs, VACUUM of a database with a key (SQLCipher): nobody
** can give it to the second connection.  Errors: unsupported. */
MIG_FUNC void vacuum_check(Arena *a, const Runner *r, const char *place);

/* Runs VACUUM [schema] [INTO file]; place says where it stands.  Errors:
** unsupported, in memory; locked, sql-error, io. */
MIG_FUNC void vacuum_run(Arena *a, Runner *r, Text sql, const char *place);

/* A PRAGMA that was run: of page_size and auto_vacuum only the next VACUUM of the
** same connection takes notice, so they are kept for the second one. */
MIG_FUNC void vacuum_note(Arena *a, Runner *r, Text pragma);

#endif
