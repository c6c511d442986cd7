/*
** Rows that do not hold what a table asks of them: how many, and which is first.
*/
#ifndef MIG_VIOLATION_H
#define MIG_VIOLATION_H

#include "relation.h"
#include "work.h"

typedef enum ViolationPhase {
    VIOLATION_NULLS = 1,    /* NOT NULL: to be asked while the column may be NULL,
                            ** for SQLite believes what is declared */
    VIOLATION_VALUES = 2,   /* CHECK, STRICT: to be asked of the new table */
    VIOLATION_KEYS = 4,     /* PRIMARY KEY, UNIQUE */
    VIOLATION_GENERATED = 8 /* what STRICT asks of generated columns, which SQLite does
                            ** not look at when it writes */
} ViolationPhase;

/* Whose rows are asked, and what for. */
typedef struct Violation {
    const char *from;       /* the table that has the rows, as SQL */
    const DdlTable *rows;   /* what it says of itself: its rowid, its key */
    const DdlTable *wanted; /* what the rows have to hold */
    const DdlTable *held;   /* what they are known to hold; NULL: nothing */
} Violation;

/* Reports the first constraint of these phases that rows break.
** Errors: constraint. */
MIG_FUNC void violation_check(Work *w, const Violation *v, int phases);

/* Reports rows that refer to no row, by a foreign key that was not held before.
** Errors: foreign-key. */
MIG_FUNC void violation_check_foreign(Work *w, const DdlTable *wanted,
                                      const DdlTable *held);

#endif
