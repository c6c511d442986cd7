/*
** A call of one of our functions.  See call.h.
*/
#include "call.h"

MIG_FUNC Text call_text(Call *call, int i, const char *what)
{
    const char *z = i < call->argc
                  ? (const char *)sqlite3_value_text(call->argv[i]) : NULL;

    if (!z)
        err_set(call->a->err, ERR_USAGE, "%s is missing (NULL)", what);
    return text_of(z);
}

MIG_FUNC const char *call_optional(Call *call, int i)
{
    return i < call->argc ? (const char *)sqlite3_value_text(call->argv[i]) : NULL;
}

MIG_FUNC void call_return(Call *call, const char *z)
{
    if (ok(call->a) && z)
        sqlite3_result_text(call->context, z, -1, SQLITE_TRANSIENT);
}

MIG_FUNC void call_return_json(Call *call, const char *z)
{
    call_return(call, z);
    sqlite3_result_subtype(call->context, 'J');
}

MIG_FUNC void call_return_number(Call *call, i64 n)
{
    if (ok(call->a))
        sqlite3_result_int64(call->context, n);
}

MIG_FUNC void call_check_write(Call *call)
{
    sqlite3_stmt *stmt = NULL;

    while ((stmt = sqlite3_next_stmt(call->session->db, stmt)) != NULL)
        if (sqlite3_stmt_busy(stmt) && !sqlite3_stmt_readonly(stmt))
            err_set(call->a->err, ERR_BUSY_STATEMENT, "this function cannot be "
                    "called by a statement that writes: %.80s", sqlite3_sql(stmt));
}

/* ---- registration ---- */

#ifndef SQLITE_RESULT_SUBTYPE
#define SQLITE_RESULT_SUBTYPE 0x001000000   /* SQLite 3.45; older: ignored */
#endif

/* What a function is registered with. */
typedef struct CallAux {
    Session *session;
    const CallDef *def;
} CallAux;

static void callRun(sqlite3_context *context, int argc, sqlite3_value **argv)
{
    const CallAux *aux = sqlite3_user_data(context);
    Session *session = aux->session;
    int is_runner = aux->def->effect == CALL_RUNS;
    Err err = {0};
    Arena a;
    Call call = {&a, session, context, argc, argv};

    arena_init(&a, &err);
    if (is_runner && session->is_running)
        err_set(&err, ERR_BUSY_STATEMENT, "%s is called while another operation "
                "of this connection runs", aux->def->name);
    if (aux->def->effect >= CALL_ACTS)
        call_check_write(&call);
    if (ok(&a)) {
        session->is_running += is_runner;
        aux->def->run(&call);
        session->is_running -= is_runner;
    }
    if (err.code) {
        sqlite3_result_error(context, err_message(&err), -1);
        sqlite3_result_error_code(context, err_sqlite(err.code));
    }
    arena_release(&a);
    err_release(&err);
}

static void callRelease(void *aux)
{
    session_release(((CallAux *)aux)->session);
    sqlite3_free(aux);
}

static int callRegister(Session *session, const CallDef *def)
{
    int rc = SQLITE_OK, n;

    for (n = def->narg; n <= def->narg + def->nmore && rc == SQLITE_OK; n++) {
        CallAux *aux = sqlite3_malloc64(sizeof *aux);
        if (!aux)
            return SQLITE_NOMEM;
        aux->session = session_hold(session);
        aux->def = def;
        rc = sqlite3_create_function_v2(session->db, def->name, n,
            SQLITE_UTF8 | SQLITE_DIRECTONLY | SQLITE_RESULT_SUBTYPE, aux, callRun,
            NULL, NULL, callRelease);
    }
    return rc;
}

MIG_FUNC int call_register(Session *session, const CallDef *def, size_t n)
{
    int rc = SQLITE_OK;
    size_t i;

    for (i = 0; i < n && rc == SQLITE_OK; i++)
        rc = callRegister(session, &def[i]);
    return rc;
}
