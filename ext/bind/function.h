/*
** The SQL functions.
*/
#ifndef MIG_FUNCTION_H
#define MIG_FUNCTION_H

#include "../run/session.h"

typedef enum FunctionSet {
    FUNCTION_SET_ALL,
    FUNCTION_SET_READONLY,  /* what looks at no file, no setting and no database */
    FUNCTION_SET_REST       /* all but those */
} FunctionSet;

/* Registers them on the session's connection; an SQLite result code. */
MIG_FUNC int function_register(Session *session, FunctionSet set);

#endif
