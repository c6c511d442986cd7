/*
** A section with foreign_keys:off: enforcement is switched off for it, and what it
** touched is checked before it commits.
**
** Only the tables that it touched and those that refer to them are looked at, for
** a check of a whole file can take minutes; and only what it made worse counts: a row
** is known by its table and by what it refers with, for a table that is made anew may
** number its rows anew, and a table may be renamed.
** PRAGMA foreign_keys does nothing inside a transaction, sqlite3_db_config() does:
** https://www.sqlite.org/c3ref/c_dbconfig_defensive.html.
*/
#ifndef MIG_FOREIGN_H
#define MIG_FOREIGN_H

#include "../base/db.h"

typedef struct Foreign {
    Names before;       /* the tables when the section began, and of each */
    Names text;         /* its text and root page: a table made anew has another */
    Names page;         /* the root page alone, which a name may change on */
    Names touched;
    int is_probing;     /* leave out tables that cannot be checked */
} Foreign;

/* Rows that refer to nothing. */
typedef struct ForeignRows {
    Names key;          /* of each, by which it is known again */
    Names text;         /* and how it is called in a message */
} ForeignRows;

/* Switches enforcement on or off; returns what it was. */
MIG_FUNC int foreign_switch(sqlite3 *db, int on);

/* Before the section: remembers the schema. */
MIG_FUNC void foreign_begin(Arena *a, Foreign *f, sqlite3 *db);

/* Before each statement, which compiles: notes which tables it will write. */
MIG_FUNC void foreign_note(Arena *a, Foreign *f, sqlite3 *db, Text sql);

/* After the section: adds the tables that are new, changed or gone, and those
** that refer to any. */
MIG_FUNC void foreign_end(Arena *a, Foreign *f, sqlite3 *db);

/* Instead of what was noted: all tables that there are, or were. */
MIG_FUNC void foreign_touch_all(Arena *a, Foreign *f, sqlite3 *db);

/* The violations in the touched tables. */
MIG_FUNC ForeignRows foreign_violations(Arena *a, const Foreign *f, sqlite3 *db);

/* A SELECT of the same, as rows of (child, refers, n: the number among its like; name,
** id, parent, for a message); "" if no touched table is there. */
MIG_FUNC const char *foreign_query(Arena *a, const Foreign *f, sqlite3 *db);

#endif
