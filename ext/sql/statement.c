/*
** Where a statement ends, and what it is.  See statement.h.
*/
#include "statement.h"

/* Within CREATE TRIGGER, after: */
enum {
    TRIGGER_NO,             /* something else, or not known yet */
    TRIGGER_EXPLAIN,        /* EXPLAIN [QUERY PLAN] */
    TRIGGER_CREATE,         /* CREATE [TEMP] */
    TRIGGER_BODY,           /* CREATE TRIGGER ... */
    TRIGGER_SEMICOLON,      /* a semicolon in it */
    TRIGGER_END             /* its END, directly after a semicolon */
};

static int statementTrigger(const StatementState *state, Token token)
{
    switch (state->trigger) {
    case TRIGGER_NO:
        if (state->ntoken == 0 && token_is(token, "EXPLAIN"))
            return TRIGGER_EXPLAIN;
        if (state->ntoken == 0 && token_is(token, "CREATE"))
            return TRIGGER_CREATE;
        return TRIGGER_NO;
    case TRIGGER_EXPLAIN:
        return token_is(token, "QUERY") || token_is(token, "PLAN")
             ? TRIGGER_EXPLAIN
             : token_is(token, "CREATE") ? TRIGGER_CREATE : TRIGGER_NO;
    case TRIGGER_CREATE:
        return token_is(token, "TEMP") || token_is(token, "TEMPORARY")
             ? TRIGGER_CREATE
             : token_is(token, "TRIGGER") ? TRIGGER_BODY : TRIGGER_NO;
    case TRIGGER_SEMICOLON:
        if (token_is(token, "END"))
            return TRIGGER_END;
        /* fall through */
    default:
        return token.kind == TOKEN_SEMICOLON ? TRIGGER_SEMICOLON : TRIGGER_BODY;
    }
}

MIG_FUNC int statement_is_trigger(const StatementState *state)
{
    return state->trigger == TRIGGER_BODY || state->trigger == TRIGGER_SEMICOLON;
}

MIG_FUNC int statement_push(StatementState *state, Token token)
{
    int ends;

    if (token.kind == TOKEN_SPACE || token.kind == TOKEN_COMMENT)
        return 0;
    ends = token.kind == TOKEN_SEMICOLON && !statement_is_trigger(state);
    if (!ends)
        state->trigger = statementTrigger(state, token);
    state->depth += token.kind == TOKEN_LEFT;
    state->depth -= token.kind == TOKEN_RIGHT;
    state->ntoken++;
    return ends;
}

MIG_FUNC int statement_may_end(const StatementState *state)
{
    return state->depth <= 0 && !statement_is_trigger(state);
}

/* The name after a savepoint's keyword; SAVEPOINT may stand before it. */
static Text statementSavepoint(Arena *a, Text sql, int offset)
{
    Token token = token_next_solid(sql, &offset);

    if (token_is(token, "SAVEPOINT")) {
        Token next = token_next_solid(sql, &offset);
        if (token_is_name(next))
            token = next;
    }
    return token_name(a, token);
}

/* INSERT [OR x] INTO name, REPLACE INTO name, UPDATE [OR x] name, DELETE FROM
** name, where name may be schema.name; offset is behind the first word. */
static Text statementTable(Arena *a, Text sql, int offset)
{
    Token token = token_next_solid(sql, &offset), next;
    Text none = {NULL, 0};

    if (token_is(token, "OR")) {
        token_next_solid(sql, &offset);
        token = token_next_solid(sql, &offset);
    }
    if (token_is(token, "INTO") || token_is(token, "FROM"))
        token = token_next_solid(sql, &offset);
    next = token_next_solid(sql, &offset);
    if (next.kind == TOKEN_DOT)
        token = token_next_solid(sql, &offset);
    return token_is_name(token) ? token_name(a, token) : none;
}

MIG_FUNC Statement statement_of(Arena *a, Text sql)
{
    static const struct { char word[12]; StatementKind kind; } first[] = {
        {"SELECT", STATEMENT_QUERY}, {"VALUES", STATEMENT_QUERY},
        {"WITH", STATEMENT_QUERY},
        {"INSERT", STATEMENT_CHANGE}, {"REPLACE", STATEMENT_CHANGE},
        {"UPDATE", STATEMENT_CHANGE}, {"DELETE", STATEMENT_CHANGE},
        {"BEGIN", STATEMENT_BEGIN}, {"COMMIT", STATEMENT_END},
        {"END", STATEMENT_END}, {"ROLLBACK", STATEMENT_END},
        {"SAVEPOINT", STATEMENT_SAVEPOINT}, {"RELEASE", STATEMENT_RELEASE},
        {"VACUUM", STATEMENT_VACUUM}, {"PRAGMA", STATEMENT_PRAGMA},
        {"ATTACH", STATEMENT_ATTACH}, {"DETACH", STATEMENT_ATTACH},
        {"ALTER", STATEMENT_ALTER},
    };
    Statement statement = {STATEMENT_OTHER, sql, {NULL, 0}};
    int offset = 0, at;
    Token token = token_next_solid(sql, &offset);
    size_t i;

    for (i = 0; i < sizeof first / sizeof *first; i++)
        if (token_is(token, first[i].word))
            statement.kind = first[i].kind;
    if (token_is(token, "ROLLBACK")) {
        at = offset;
        token = token_next_solid(sql, &at);
        if (token_is(token, "TRANSACTION"))
            token = token_next_solid(sql, &at);
        if (token_is(token, "TO")) {
            statement.kind = STATEMENT_ROLLBACK_TO;
            offset = at;
        }
    }
    if (statement.kind == STATEMENT_SAVEPOINT
        || statement.kind == STATEMENT_RELEASE
        || statement.kind == STATEMENT_ROLLBACK_TO)
        statement.name = statementSavepoint(a, sql, offset);
    if (statement.kind == STATEMENT_CHANGE)
        statement.name = statementTable(a, sql, offset);
    return statement;
}

MIG_FUNC Names statement_parameters(Arena *a, Text sql)
{
    Names names = {0};
    int offset = 0;

    for (;;) {
        Token token = token_next(sql, &offset);
        if (token.kind == TOKEN_END)
            return names;
        if (token.kind == TOKEN_VARIABLE && names_find(&names, token.text) < 0)
            names_push(a, &names, token.text);
    }
}
