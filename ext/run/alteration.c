/*
** migrate_alter().  See alteration.h.
*/
#include "alteration.h"

#include "../schema/change.h"
#include "../sql/statement.h"
#include "transaction.h"

/* Milliseconds that another writer is waited for. */
#define ALTERATION_TIMEOUT 5000

typedef struct Alteration {
    Arena *a;
    const Session *session;
} Alteration;

static int alterationProgress(void *context, Text table, i64 ndone, i64 ntotal)
{
    const Alteration *x = context;

    return session_moved(x->a, x->session, table, ndone, ntotal);
}

/* The statement without its semicolon; empty if there is more than one, or another. */
static Text alterationStatement(Arena *a, Text sql)
{
    Statement statement;
    int offset = 0, from = -1, to = 0;
    Token token;

    while ((token = token_next_solid(sql, &offset)).kind != TOKEN_END
           && token.kind != TOKEN_SEMICOLON) {
        from = from < 0 ? token.offset : from;
        to = offset;
    }
    while (token.kind == TOKEN_SEMICOLON)
        token = token_next_solid(sql, &offset);
    if (from < 0 || token.kind != TOKEN_END)
        return text_of("");
    sql = text_slice(sql, from, to);
    statement = statement_of(a, sql);
    return statement.kind == STATEMENT_ALTER ? sql : text_of("");
}

MIG_FUNC const char *alteration_run(Arena *a, Session *session, Text given)
{
    Alteration x = {a, session};
    ChangeHost host = {&x, 0, NULL, NULL, NULL, session->progress
                       ? alterationProgress : NULL};
    Text sql = alterationStatement(a, given);
    ChangeWay way = CHANGE_NOTHING;
    Transaction t;
    int offset;

    if (!sql.n) {
        err_set(a->err, ERR_USAGE, "migrate_alter takes one ALTER TABLE statement");
        return "";
    }
    transaction_init(a, &t, session, session->db, ALTERATION_TIMEOUT);
    transaction_begin(a, &t);
    if (ok(a))
        way = change_run(a, session->db, sql, &host, &offset);
    if (ok(a))
        transaction_commit(a, &t);
    transaction_rollback(&t);
    transaction_release(&t);
    return change_way_name(way);
}
