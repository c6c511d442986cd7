/*
** A database as bytes in memory, on a connection of its own.
*/
#ifndef MIG_IMAGE_H
#define MIG_IMAGE_H

#include "db.h"

/* A connection to a copy of the bytes of a database, whoever made them: nothing in
** its schema is run, and it cannot be changed.  Without bytes, to a new database.
** NULL on failure; image_close() takes that too. */
MIG_FUNC sqlite3 *image_open(Arena *a, Text bytes);
MIG_FUNC void image_close(sqlite3 *image);

/* The bytes of the database, as it was committed last. */
MIG_FUNC Text image_bytes(Arena *a, sqlite3 *image);

#endif
