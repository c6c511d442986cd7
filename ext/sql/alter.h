/*
** ALTER TABLE, read: the grammar of SPEC section 7 over SQLite's own.
**
** An action keeps the author's words: what it adds or sets is a slice of the
** statement.  Whether there is such a column or constraint is not known here.
**
** Source of the grammar: https://www.postgresql.org/docs/current/sql-altertable.html
** and https://www.sqlite.org/lang_altertable.html.
*/
#ifndef MIG_ALTER_H
#define MIG_ALTER_H

#include "ddl.h"

typedef enum AlterKind {
    ALTER_ADD_COLUMN,       /* words: the column-def; column: its name */
    ALTER_DROP_COLUMN,
    ALTER_RENAME_COLUMN,    /* column TO to */
    ALTER_RENAME_TABLE,     /* TO to */
    ALTER_TYPE,             /* words: the type; expr: what USING says */
    ALTER_SET_DEFAULT,      /* expr */
    ALTER_DROP_DEFAULT,
    ALTER_SET_NOT_NULL,
    ALTER_DROP_NOT_NULL,
    ALTER_SET_COLLATE,      /* words: the collation, as it is written */
    ALTER_DROP_COLLATE,
    ALTER_SET_GENERATED,    /* words: from GENERATED to its end */
    ALTER_DROP_EXPRESSION,
    ALTER_ADD_CONSTRAINT,   /* words: all of it, its name included */
    ALTER_DROP_CONSTRAINT,  /* column: the constraint's name */
    ALTER_DROP_PRIMARY_KEY,
    ALTER_DROP_UNIQUE,      /* term: its columns */
    ALTER_DROP_FOREIGN_KEY, /* term: its columns */
    ALTER_DROP_CHECK,       /* expr: what is in its parentheses */
    ALTER_RENAME_CONSTRAINT,/* column TO to */
    ALTER_SET_STRICT, ALTER_SET_WITHOUT_ROWID, ALTER_SET_AUTOINCREMENT,
    ALTER_DROP_STRICT, ALTER_DROP_WITHOUT_ROWID, ALTER_DROP_AUTOINCREMENT,
    ALTER_UNKNOWN           /* not in the grammar */
} AlterKind;

typedef struct AlterAction {
    AlterKind kind;
    int if_exists;      /* IF NOT EXISTS of ADD, IF EXISTS of DROP */
    Text column;        /* the column, or the constraint; unquoted */
    Text to;            /* the new name; its token, as it is written */
    Text to_token;
    Text words;         /* what SQLite reads too; a slice of the statement */
    Text expr;
    Names term;
    int is_first;       /* ADD COLUMN ... FIRST */
    Text after;         /* ADD COLUMN ... AFTER name; z NULL: not given */
    Text all;           /* the whole action; n is 0 if it is missing */
    Text stopped;       /* ALTER_UNKNOWN: the token that was not understood */
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
** becomes an ALTER_UNKNOWN: this never fails but for memory. */
MIG_FUNC Alter alter_read(Arena *a, Text sql);

#endif
