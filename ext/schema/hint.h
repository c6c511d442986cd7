/*
** What a model says of names that were others before:
**
**     CREATE TABLE people (           -- migrate:renamed-from users
**         full_name TEXT NOT NULL,    -- migrate:renamed-from name
**         -- migrate:renamed-from mail
**         email TEXT
**     );
**
** A hint belongs to the definition that it stands in or behind, on the same line; on
** a line of its own, to the one that follows.  Before the statement, or before the
** first column on the line of its parenthesis, it is the table's.
*/
#ifndef MIG_HINT_H
#define MIG_HINT_H

#include "../sql/ddl.h"

typedef struct Hints {
    Text table;         /* what the table was called; empty: no hint */
    Text *column;       /* for each column, the same */
} Hints;

/* The hints within a CREATE TABLE. */
MIG_FUNC Hints hint_read(Arena *a, const DdlTable *table);

/* If the comment is a hint, sets *old and returns true. */
MIG_FUNC int hint_comment(Arena *a, Text comment, Text *old);

/* The statement without the comments that are hints. */
MIG_FUNC Text hint_strip(Arena *a, Text sql);

#endif
