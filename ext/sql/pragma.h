/*
** What a PRAGMA says.
*/
#ifndef MIG_PRAGMA_H
#define MIG_PRAGMA_H

#include "token.h"

typedef struct Pragma {
    Text schema;        /* empty if none is named */
    Text name;          /* empty if the statement is no PRAGMA */
    Text value;         /* what it sets, without quotes; z NULL if it asks */
} Pragma;

/* PRAGMA [schema.] name [= value | (value)]. */
MIG_FUNC Pragma pragma_read(Arena *a, Text sql);

/* Whether SQLite takes a value for true where it wants yes or no. */
MIG_FUNC int pragma_is_true(Text value);

#endif
