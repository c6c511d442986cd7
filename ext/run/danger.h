/*
** What is dangerous in one statement of a revision.
**
** A statement is judged by its text and by the schema that it will meet: that of a
** scratch database on which those before it have run.  A table that the revision
** itself has made is in no danger.  README has the codes, for users.
*/
#ifndef MIG_DANGER_H
#define MIG_DANGER_H

#include "../base/db.h"
#include "../source/revision.h"

typedef struct Danger {
    const char *code;       /* "drop-table" */
    int offset;             /* in the file */
    const char *message;
} Danger;

typedef struct Dangers {
    Arena *a;
    sqlite3 *db;            /* where the revision would run: its rows are counted */
    sqlite3 *scratch;       /* the schema, when the statement's turn comes */
    int foreign_keys;       /* enforcement, where the section runs */
    int is_up;              /* a downgrade loses what the upgrade made */
    Names fresh;            /* the tables that the revision has made so far, */
    Names added;            /* and columns, as "table.column"; in lower case */
    Danger *v;              /* of one statement: who looks at the next empties it */
    int n, cap;
} Dangers;

/* Adds what is dangerous in item i of a section, a statement; one of an upgrade is run
** on the scratch database, whatever comes of it. */
MIG_FUNC void danger_find(Dangers *d, const Section *section, int i);

#endif
