/*
** A database's schema as the text of a model.
*/
#ifndef MIG_DUMP_H
#define MIG_DUMP_H

#include "../base/db.h"

/* The CREATE statements of main, as their authors wrote them, in an order in which
** they run: tables, indexes, views, triggers.  What belongs to SQLite, to virtual
** tables and to migration tools is left out.  "" if there is nothing. */
MIG_FUNC const char *dump_schema(Arena *a, sqlite3 *db, const char *version_table);

#endif
