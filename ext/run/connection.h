/*
** A connection as its host left it.
**
** A section may change what belongs to the connection, not to the database: with a
** PRAGMA, with ATTACH.  That is put back: the settings after the section, so that no
** revision depends on those that ran in the same command; what it attached after
** the operation, since it cannot be detached within a transaction.
*/
#ifndef MIG_CONNECTION_H
#define MIG_CONNECTION_H

#include "../base/db.h"

/* The settings, each as its PRAGMA answers. */
typedef struct Connection {
    Names values;       /* in the order of connection.c's list */
} Connection;

MIG_FUNC Connection connection_read(Arena *a, sqlite3 *db);

/* Puts back what is no longer so, also after a failure.  It reports nothing but that
** memory ran out within SQLite: then SQLite runs no statement until the one that called
** us ends, and what was set stays set.  What it ran is added to done, which may be NULL
** and lives in a. */
MIG_FUNC void connection_restore(Arena *a, sqlite3 *db, const Connection *was,
                                 Names *done);

/* The names of the databases that are attached, main and temp among them. */
MIG_FUNC Names connection_databases(Arena *a, sqlite3 *db);

/* Detaches those that are not in was; never fails. */
MIG_FUNC void connection_detach(sqlite3 *db, const Names *was);

#endif
