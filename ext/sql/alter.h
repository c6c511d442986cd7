/*
** ALTER TABLE, read: the grammar of SPEC section 7 over SQLite's own.
**
** An action is read as far as its kind needs and keeps the author's words for
** the rest.  What SQLite cannot do itself is ALTER_OTHER; schema/change.c says
** so.  This is the place where the rest of section 7 grows.
*/
#ifndef MIG_ALTER_H
#define MIG_ALTER_H

#include "token.h"

typedef enum AlterKind {
    ALTER_ADD_COLUMN, ALTER_DROP_COLUMN, ALTER_RENAME_COLUMN, ALTER_RENAME_TABLE,
    ALTER_OTHER
} AlterKind;

typedef struct AlterAction {
    AlterKind kind;
    int if_exists;      /* IF NOT EXISTS of ADD, IF EXISTS of DROP */
    int is_placed;      /* ADD ... FIRST or AFTER c: SQLite would take the words for a
                        ** part of the type */
    Text column;        /* the column's name, unquoted */
    Text words;         /* the author's words that SQLite gets after "ADD COLUMN",
                        ** "DROP COLUMN" or "RENAME": a slice of the statement */
    Text all;           /* the whole action */
} AlterAction;

typedef struct Alter {
    int if_exists;      /* ALTER TABLE IF EXISTS */
    Text schema;        /* as it is named before the dot, unquoted; may be empty */
    Text table;         /* unquoted */
    Text name;          /* schema and table, in the author's words */
    AlterAction *v;
    int n, cap;
} Alter;

/* Reads a statement that begins with ALTER TABLE.  What it does not understand
** becomes an ALTER_OTHER: this never fails but for memory. */
MIG_FUNC Alter alter_read(Arena *a, Text sql);

/* True if SQLite can be given the statement as it is. */
MIG_FUNC int alter_is_native(const Alter *alter);

#endif
