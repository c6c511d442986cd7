/*
** The SQL functions.
*/
#ifndef MIG_FUNCTION_H
#define MIG_FUNCTION_H

#include "../run/session.h"

/* Registers them all on the session's connection; an SQLite result code. */
MIG_FUNC int function_register(Session *session);

#endif
