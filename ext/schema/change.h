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

/* One statement of SQLite's own that does a part of the change. */
typedef struct ChangeStep {
    Text sql;           /* a statement of SQLite's own */
    int head;           /* bytes at its start that are not the author's; what
                        ** follows is the author's text that begins at */
    int offset;         /* this byte of the statement that was given */
} ChangeStep;

/* One action at a time, because what an action finds depends on those before it.
** The statement's next action is alter->v[*at]; *at moves on.  False when there
** is none left.  Errors: unsupported. */
MIG_FUNC int change_next(Arena *a, sqlite3 *db, const Alter *alter, Text sql,
                         int *at, ChangeStep *step);

#endif
