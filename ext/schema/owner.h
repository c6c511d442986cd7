/*
** Whose table it is.  A schema has tables that are not the user's: SQLite's own,
** the shadow tables of virtual ones, ours, those in which other migration tools
** keep their history, and those that the setting `exclude` names.  What hangs on
** one of them (an index, a trigger) goes with it.
*/
#ifndef MIG_OWNER_H
#define MIG_OWNER_H

#include "../base/db.h"

/* A condition in SQL, for rows of main.sqlite_schema AS s: true for what is the
** user's.  exclude is a list of patterns for GLOB, with commas between them, in any
** case; it may be NULL. */
MIG_FUNC const char *owner_condition(Arena *a, const char *version_table,
                                     const char *exclude);

#endif
