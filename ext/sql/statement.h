/*
** Where a statement ends, and what it is.
**
** A statement ends at the semicolon where sqlite3_complete() says so: within
** CREATE TRIGGER only one that follows "; END" counts.
** Source: https://www.sqlite.org/c3ref/complete.html.
*/
#ifndef MIG_STATEMENT_H
#define MIG_STATEMENT_H

#include "token.h"

typedef enum StatementKind {
    STATEMENT_OTHER,
    STATEMENT_QUERY,        /* SELECT, VALUES, and WITH, which may write */
    STATEMENT_CHANGE,       /* INSERT, REPLACE, UPDATE, DELETE */
    STATEMENT_ALTER,        /* ALTER TABLE */
    STATEMENT_BEGIN,        /* BEGIN */
    STATEMENT_END,          /* COMMIT, END, ROLLBACK without TO */
    STATEMENT_SAVEPOINT, STATEMENT_RELEASE, STATEMENT_ROLLBACK_TO,
    STATEMENT_VACUUM,
    STATEMENT_ATTACH,       /* ATTACH, DETACH */
    STATEMENT_PRAGMA
} StatementKind;

typedef struct Statement {
    StatementKind kind;
    Text sql;           /* from its first token; the semicolon is not in it */
    Text name;          /* of a savepoint, or of the table that a change is about;
                        ** empty where there is none to see */
} Statement;

/* How far the reader of a statement has come.  All zero is before it. */
typedef struct StatementState {
    int ntoken;         /* tokens that are neither space nor comment */
    int depth;          /* of parentheses */
    int trigger;        /* where in CREATE TRIGGER, see statement.c */
} StatementState;

/* Reads one more token: true if it is the semicolon that ends the statement. */
MIG_FUNC int statement_push(StatementState *state, Token token);

/* True if the statement may end here without its semicolon. */
MIG_FUNC int statement_may_end(const StatementState *state);

/* True within CREATE TRIGGER, until its "; END". */
MIG_FUNC int statement_is_trigger(const StatementState *state);

/* What the statement is that begins with the first token of sql. */
MIG_FUNC Statement statement_of(Arena *a, Text sql);

/* The names of its parameters, each once, as they are written (":name"). */
MIG_FUNC Names statement_parameters(Arena *a, Text sql);

#endif
