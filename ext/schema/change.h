/*
** The change that an ALTER TABLE asks for, as statements that SQLite has.
**
** What becomes of a statement depends on the schema at hand (IF EXISTS): so it is
** asked for when its turn has come, on the connection it will run on.
**
** Now: what SQLite can do itself, with IF [NOT] EXISTS and several actions.  The
** rest of SPEC section 7 (in place, rebuild) has its place here.
*/
#ifndef MIG_CHANGE_H
#define MIG_CHANGE_H

#include "../base/db.h"
#include "../sql/alter.h"

typedef struct Change {
    const Alter *alter;
    Text sql;           /* the statement that alter was read from */
    Text table;         /* what the table is called by now, unquoted, */
    Text name;          /* and as SQL, with its schema */
    int is_spared;      /* ALTER TABLE IF EXISTS, and there is none */
    int at;             /* the action whose turn it is */
} Change;

/* One statement of SQLite's own that does a part of the change. */
typedef struct ChangeStep {
    Text sql;
    int head;           /* bytes at its start that are not the author's; what
                        ** follows is the author's text that begins at */
    int offset;         /* this byte of the statement that was given */
} ChangeStep;

MIG_FUNC void change_begin(Arena *a, sqlite3 *db, Change *change,
                           const Alter *alter, Text sql);

/* The next step, to be run before the one after it is asked for, because what an
** action finds depends on those before it.  False when there is none left.
** Errors: unsupported. */
MIG_FUNC int change_next(Arena *a, sqlite3 *db, Change *change, ChangeStep *step);

#endif
