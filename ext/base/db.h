/*
** SQLite calls that report to the operation's Err: a statement that could not be
** prepared is NULL and has no rows.
**
** SQL is formatted (format.h): %Q for a value, "%w" within double quotes for a name.
*/
#ifndef MIG_DB_H
#define MIG_DB_H

#include "text.h"

/* Reports what the last call on db said.  A file that is busy is ERR_LOCKED, and
** so on; what has no code of its own is reported as code. */
MIG_FUNC void db_fail(Arena *a, sqlite3 *db, int rc, ErrCode code);

/* The code that a result code of SQLite has in our messages, or otherwise. */
MIG_FUNC ErrCode db_code(int rc, ErrCode otherwise);

MIG_FUNC sqlite3_stmt *db_prepare(Arena *a, sqlite3 *db, const char *format, ...);

/* True while there is a row: false at the end, and on failure. */
MIG_FUNC int db_step(Arena *a, sqlite3_stmt *stmt);

/* Steps to the end, whatever rows there are; SQLITE_DONE, or the result code. */
MIG_FUNC int db_run(sqlite3_stmt *stmt);

/* Finalizes; reports nothing more. */
MIG_FUNC void db_finish(sqlite3_stmt *stmt);

/* A column of the current row.  Text is copied into the arena; NULL is "" with
** z NULL. */
MIG_FUNC Text db_text(Arena *a, sqlite3_stmt *stmt, int column);
MIG_FUNC i64 db_int(sqlite3_stmt *stmt, int column);

/* Runs all statements of the text. */
MIG_FUNC void db_exec(Arena *a, sqlite3 *db, const char *format, ...);

/* The first column of the first row; 0 if there is none. */
MIG_FUNC i64 db_value(Arena *a, sqlite3 *db, const char *format, ...);

/* Lets an interrupt of host stop what db runs, which is a connection of ours. */
MIG_FUNC void db_follow(sqlite3 *db, sqlite3 *host);

/* Milliseconds since 1970, as SQLite's clock has it. */
MIG_FUNC i64 db_clock(sqlite3 *db);

/* True if main has a table or view of that name. */
MIG_FUNC int db_has_table(Arena *a, sqlite3 *db, const char *name);

/* The offset in its SQL of the error that the last call on db reported, or -1
** (always so before SQLite 3.38, where it cannot be asked). */
MIG_FUNC int db_error_offset(sqlite3 *db);

#endif
