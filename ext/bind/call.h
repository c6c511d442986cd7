/*
** A call of one of our functions: what all of them share.
**
** Each is SQLITE_DIRECTONLY: the schema of a hostile file cannot call them from a
** view or a trigger (https://www.sqlite.org/c3ref/c_deterministic.html).
*/
#ifndef MIG_CALL_H
#define MIG_CALL_H

#include "../run/session.h"

typedef struct Call {
    Arena *a;
    Session *session;
    sqlite3_context *context;
    int argc;
    sqlite3_value **argv;
} Call;

typedef struct CallDef {
    char name[20];
    int narg;               /* how many arguments it takes, at least */
    int nmore;              /* and how many more it may take */
    enum {
        CALL_ASKS,          /* it changes nothing, or asks before it does */
        CALL_ACTS,          /* it writes files, or what the session knows */
        CALL_RUNS           /* it changes the database: not within itself */
    } effect;
    void (*run)(Call *call);
} CallDef;

/* Registers n functions on the session's connection; an SQLite result code. */
MIG_FUNC int call_register(Session *session, const CallDef *def, size_t n);

/* Argument i, which the function cannot do without.  Errors: usage. */
MIG_FUNC Text call_text(Call *call, int i, const char *what);

/* Argument i, or NULL where it is not given or NULL. */
MIG_FUNC const char *call_optional(Call *call, int i);

/* Results, of a call that did not fail; a text that is NULL is none. */
MIG_FUNC void call_return(Call *call, const char *z);
MIG_FUNC void call_return_json(Call *call, const char *z);
MIG_FUNC void call_return_number(Call *call, i64 n);

/* Refuses to act from a statement that writes.  SQLite lets a CHECK constraint of
** a hostile file call what is SQLITE_DIRECTONLY (seen in 3.40). */
MIG_FUNC void call_check_write(Call *call);

#endif
