/*
** Running one section of a revision.  See execute.h.
*/
#include "execute.h"

#include "../schema/change.h"
#include "connection.h"
#include "foreign.h"
#include "vacuum.h"

/* A statement and where its text comes from: head bytes of ours, then the author's
** from byte offset of the file on. */
typedef struct Spot {
    const Body *body;
    int start;              /* of the author's statement, in the file */
    int head, offset;
} Spot;

static const char *executePlace(Arena *a, const Spot *spot, int at)
{
    return body_place(a, spot->body, at >= spot->head
                      ? spot->offset + at - spot->head : spot->start);
}

/* What a statement that failed is called: a foreign key has a code of its own. */
static ErrCode executeCode(sqlite3 *db, int rc)
{
    return sqlite3_extended_errcode(db) == SQLITE_CONSTRAINT_FOREIGNKEY
         ? ERR_FOREIGN_KEY : db_code(rc, ERR_SQL);
}

static void executeHint(Arena *a)
{
    err_append(a->err, "; write \"transaction:false\" after the directive");
}

/* Reports what SQLite said of a statement; at is where in it, or -1. */
static void executeFail(Arena *a, sqlite3 *db, int rc, const Spot *spot, int at)
{
    const char *said = sqlite3_errmsg(db);

    if (!ok(a))
        return;
    err_set(a->err, executeCode(db, rc), "%s: %s",
            executePlace(a, spot, at), said);
    if (strstr(said, "within a transaction") || strstr(said, "from within a tr")
        || strstr(said, "inside a transaction"))
        executeHint(a);
}

/* Where a transaction is in the way of DETACH or of a checkpoint SQLite speaks of a
** lock. */
static int executeIsInTheWay(sqlite3 *db, StatementKind kind)
{
    return (kind == STATEMENT_PRAGMA || kind == STATEMENT_ATTACH)
        && !sqlite3_get_autocommit(db) && strstr(sqlite3_errmsg(db), "is locked");
}

/* ---- parameters ---- */

static void executeBind(Arena *a, Runner *r, sqlite3_stmt *stmt, const Spot *spot)
{
    int i, n = sqlite3_bind_parameter_count(stmt);

    for (i = 1; i <= n && ok(a); i++) {
        const char *name = sqlite3_bind_parameter_name(stmt, i);
        sqlite3_value *value = name ? runner_value(a, r, text_of(name)) : NULL;
        int rc = value ? sqlite3_bind_value(stmt, i, value) : SQLITE_OK;
        if (rc != SQLITE_OK)
            executeFail(a, r->db, rc, spot, -1);
    }
}

/* A blank where a literal would grow together with what stands beside it. */
static const char *executeApart(Text sql, int at)
{
    return at < 0 || at >= sql.n || text_is_space(sql.z[at])
        || strchr("(),=<>+-*/%|&;", sql.z[at]) ? "" : " ";
}

/* The statement with the values of its parameters in their places. */
static Text executeLiteral(Arena *a, const Runner *r, Text sql)
{
    sqlite3_str *str = text_begin();
    int offset = 0;

    for (;;) {
        Token token = token_next(sql, &offset);
        sqlite3_value *value = token.kind == TOKEN_VARIABLE
                             ? runner_value(a, r, token.text) : NULL;
        if (token.kind == TOKEN_END)
            break;
        if (value)
            text_append(str, "%s%s%s", executeApart(sql, token.offset - 1),
                        script_literal(a, value), executeApart(sql, offset));
        else
            text_append(str, "%Ts", token.text);
    }
    return text_of(text_finish(a, str));
}

/* The same, where there are parameters. */
static Text executeWritten(Arena *a, const Runner *r, sqlite3_stmt *stmt, Text sql)
{
    return sqlite3_bind_parameter_count(stmt) ? executeLiteral(a, r, sql) : sql;
}

/* ---- one statement ---- */

/* Another connection may write between two statements that are not in one
** transaction: it is waited for.  run is db_run() or sqlite3_step(). */
static int executeStep(Arena *a, Runner *r, sqlite3_stmt *stmt,
                       int (*run)(sqlite3_stmt *))
{
    Wait wait = {0, 0, 0};
    int rc;

    for (;;) {
        rc = run(stmt);
        if ((rc & 0xff) != SQLITE_BUSY || !transaction_wait(a, &r->t, &wait))
            return rc;
        sqlite3_reset(stmt);
    }
}

/* A script for a range that does not begin at base is written without the rows
** that a statement counts on: that one of them breaks a constraint says nothing,
** unless it took the transaction with it. */
static int executeIsForgiven(const Runner *r, StatementKind kind, int rc,
                             int autocommit)
{
    return r->script && r->script->is_range && !r->script->is_exact
        && (rc & 0xff) == SQLITE_CONSTRAINT
        && (kind == STATEMENT_CHANGE || kind == STATEMENT_QUERY)
        && sqlite3_get_autocommit(r->db) == autocommit;
}

static void executeTell(Arena *a, Runner *r, const Statement *statement, Text sql,
                        i64 nchange)
{
    migrate_event event = {MIGRATE_EVENT_STATEMENT, NULL, NULL, NULL, NULL, NULL,
                           NULL, 0, 0, 0};

    if (!r->session->progress || r->script)
        return;
    event.zSql = text_copy(a, sql);
    event.zTable = statement->name.n && statement->kind == STATEMENT_CHANGE
                 ? text_copy(a, statement->name) : NULL;
    event.nChange = nchange;
    session_event(a, r->session, &event);
}

/* Where foreign keys are off somebody wants to know what a statement writes. */
static void executeNote(Arena *a, Runner *r, StatementKind kind, Text sql)
{
    if (r->foreign && (kind == STATEMENT_CHANGE || kind == STATEMENT_QUERY))
        foreign_note(a, r->foreign, r->db, sql);
}

/* Runs what one statement is to SQLite, and tells who listens.  Returns the bytes
** of sql that it took. */
static int executeOne(Arena *a, Runner *r, const Statement *statement, Text sql,
                      const Spot *spot)
{
    sqlite3_stmt *stmt = NULL;
    const char *tail = sql.z + sql.n;
    i64 before = sqlite3_total_changes64(r->db);
    int autocommit = sqlite3_get_autocommit(r->db);
    int rc = sqlite3_prepare_v2(r->db, sql.z, sql.n, &stmt, &tail);
    Text text = text_trim(text_slice(sql, 0, (int)(tail - sql.z)));

    if (rc != SQLITE_OK) {
        executeFail(a, r->db, rc, spot, db_error_offset(r->db));
    } else if (stmt) {
        executeBind(a, r, stmt, spot);
        executeNote(a, r, statement->kind, text);
        if (ok(a))
            rc = executeStep(a, r, stmt, db_run);
        if (ok(a) && rc != SQLITE_DONE
            && !executeIsForgiven(r, statement->kind, rc, autocommit)) {
            executeFail(a, r->db, rc, spot, -1);
            if (executeIsInTheWay(r->db, statement->kind))
                executeHint(a);
        }
        if (text.n && text.z[text.n - 1] == ';')
            text.n--;
        if (r->script && ok(a))
            script_statement(r->script, executeWritten(a, r, stmt, text));
        if (statement->kind == STATEMENT_PRAGMA && ok(a))
            vacuum_note(a, r, text);
        executeTell(a, r, statement, text, sqlite3_total_changes64(r->db) - before);
    }
    sqlite3_finalize(stmt);
    return (int)(tail - sql.z);
}

static void executeText(Arena *a, Runner *r, const Statement *statement, Text sql,
                        Spot spot)
{
    if (r->script && statement->kind == STATEMENT_ATTACH) {
        err_set(a->err, ERR_UNSUPPORTED, "%s: a script cannot be written of what "
                "uses another database", executePlace(a, &spot, -1));
        return;
    }
    /* on a scratch connection no statement of ours is in its way */
    if (statement->kind == STATEMENT_VACUUM && sqlite3_get_autocommit(r->db)
        && (r->script || r->db == r->session->db)) {
        sql = executeLiteral(a, r, sql);
        if (r->script)          /* nothing to do in a scratch database */
            script_statement(r->script, sql);
        else
            vacuum_run(a, r, sql, executePlace(a, &spot, -1));
        executeTell(a, r, statement, sql, 0);
        return;
    }
    while (sql.n > 0 && ok(a)) {
        int took = executeOne(a, r, statement, sql, &spot);
        sql = text_slice(sql, took, sql.n);
        spot.head -= took;
    }
}

/* ---- ALTER TABLE ---- */

typedef struct ExecuteAlter {
    Arena *a;
    Runner *r;
} ExecuteAlter;

static void executeAnnounce(void *context, Text table, const char *way)
{
    const ExecuteAlter *x = context;

    if (x->r->script)
        script_comment(x->r->script, text_format(x->a, "%Ts: %s", table, way));
}

static void executeWrite(void *context, Text sql)
{
    const ExecuteAlter *x = context;

    if (x->r->script)
        script_statement(x->r->script, sql);
}

static void executeWriteRowCheck(void *context, Text select)
{
    const ExecuteAlter *x = context;

    if (x->r->script)
        script_check(x->a, x->r->script, select, 1);
}

static int executeProgress(void *context, Text table, i64 ndone, i64 ntotal)
{
    const ExecuteAlter *x = context;

    return session_moved(x->a, x->r->session, table, ndone, ntotal);
}

/* The change reports to an Err of its own, so that the place comes first.  It reads
** before it writes, and SQLite does not wait then for whoever writes. */
static void executeAlter(Arena *a, Runner *r, const Item *item, Spot spot)
{
    Text sql = item->statement.sql;
    Err err = {0};
    Arena own;
    ExecuteAlter x = {&own, r};
    ChangeHost host = {&x, r->script != NULL, executeAnnounce, executeWrite,
                       executeWriteRowCheck, executeProgress};
    Wait wait = {0, 0, 0};
    int offset = 0;

    if (!r->session->progress)
        host.progress = NULL;
    arena_init(&own, &err);
    do
        change_run(&own, r->db, sql, &host, &offset);
    while (transaction_again(&own, &r->t, &wait));
    if (err.code)
        err_set(a->err, err.code, "%s: %s", executePlace(a, &spot, offset),
                err_message(&err) + strlen(err_name(err.code)) + 2);
    else
        executeTell(a, r, &item->statement, sql, 0);
    arena_release(&own);
    err_release(&err);
}

static void executeStatement(Arena *a, Runner *r, const Body *body,
                             const Item *item)
{
    Spot spot = {body, item->offset, 0, item->offset};

    if (item->statement.kind == STATEMENT_ALTER)
        executeAlter(a, r, item, spot);
    else
        executeText(a, r, &item->statement, item->statement.sql, spot);
}

/* ---- conditions and checks ---- */

/* Whether the SELECT's first row has a first column that is true; *is_row tells
** whether there was one. */
static int executeAsk(Arena *a, Runner *r, Text sql, const Spot *spot, int *is_row)
{
    sqlite3_stmt *stmt = NULL;
    int is_true = 0;
    int rc = sqlite3_prepare_v2(r->db, sql.z, sql.n, &stmt, NULL);

    *is_row = 0;
    if (rc != SQLITE_OK) {
        executeFail(a, r->db, rc, spot, db_error_offset(r->db));
    } else if (stmt && !sqlite3_stmt_readonly(stmt)) {
        err_set(a->err, ERR_SQL, "%s: this must not write",
                executePlace(a, spot, -1));
    } else if (stmt) {
        executeBind(a, r, stmt, spot);
        rc = ok(a) ? executeStep(a, r, stmt, sqlite3_step) : SQLITE_OK;
        if (rc == SQLITE_ROW) {
            *is_row = 1;
            is_true = sqlite3_column_double(stmt, 0) != 0.0;
        } else if (ok(a) && rc != SQLITE_DONE) {
            executeFail(a, r->db, rc, spot, -1);
        }
    }
    sqlite3_finalize(stmt);
    return is_true;
}

static int executeCondition(Arena *a, Runner *r, const Body *body,
                            const Item *item)
{
    static const char *const head = "SELECT CASE WHEN (";
    Spot spot = {body, item->offset, (int)strlen(head), item->offset};
    char *sql = text_format(a, "%s%Ts\n) THEN 1 ELSE 0 END", head,
                            item->condition);
    int is_row, is_true;

    if (!ok(a))
        return 0;
    if (r->script)
        script_watch(r->script, r->db, 1);
    is_true = executeAsk(a, r, text_of(sql), &spot, &is_row);
    if (r->script)
        script_watch(r->script, r->db, 0);
    if (r->script && r->script->is_range && r->script->saw_rows)
        err_set(a->err, ERR_UNSUPPORTED, "%s: this condition reads rows, and a "
                "script for a range knows none; write the script with the "
                "database at hand", body_place(a, body, item->offset));
    return is_true;
}

/* PRAGMA name [(argument)], as a query that may stand within another.  One with a
** schema's name or a value to set is not; then it does not compile. */
static Text executePragma(Arena *a, Text sql)
{
    int offset = 0;
    Token name, next, argument;

    token_next_solid(sql, &offset);
    name = token_next_solid(sql, &offset);
    next = token_next_solid(sql, &offset);
    argument = token_next_solid(sql, &offset);
    if (next.kind == TOKEN_LEFT && token_is_name(argument))
        return text_of(text_format(a, "SELECT * FROM pragma_%Ts(%TQ)",
            name.text, token_name(a, argument)));
    return text_of(text_format(a, "SELECT * FROM pragma_%Ts%Ts",
        name.text, text_slice(sql, next.offset, sql.n)));
}

/* Writes a check into the script, as SQL that stops it. */
static void executeWriteCheck(Arena *a, Runner *r, const Item *item,
                              const Spot *spot)
{
    int is_pragma = item->statement.kind == STATEMENT_PRAGMA;
    Text sql = is_pragma ? executePragma(a, item->statement.sql)
                         : item->statement.sql;
    sqlite3_stmt *stmt = NULL;
    int rc = ok(a) ? sqlite3_prepare_v2(r->db, sql.z, sql.n, &stmt, NULL)
                   : SQLITE_OK;

    if (rc == SQLITE_OK && stmt)
        script_check(a, r->script, executeWritten(a, r, stmt, sql),
                     sqlite3_column_count(stmt));
    else if (is_pragma)
        script_comment(r->script, "not checked by the script: a PRAGMA");
    else
        executeFail(a, r->db, rc, spot, db_error_offset(r->db));
    sqlite3_finalize(stmt);
}

static void executeVerifyStatement(Arena *a, Runner *r, const Body *body,
                                   const Item *item)
{
    Spot spot = {body, item->offset, 0, item->offset};
    int is_row;

    if (r->script) {
        executeWriteCheck(a, r, item, &spot);
        return;
    }
    if (!executeAsk(a, r, item->statement.sql, &spot, &is_row) && ok(a))
        err_set(a->err, ERR_VERIFY_FAILED, "%s: %s: %Ts",
                body_place(a, body, item->offset), is_row
                ? "the first column is not true" : "no row came back",
                item->statement.sql);
}

/* ---- a section ---- */

typedef void (*ExecuteItem)(Arena *, Runner *, const Body *, const Item *);

static void executeItems(Arena *a, Runner *r, const Body *body, SectionKind kind,
                         ExecuteItem run, int *ndone)
{
    const Section *section = &body->v[kind];
    int i = 0;

    while (i < section->n && ok(a)) {
        const Item *item = &section->v[i];
        switch (item->kind) {
        case ITEM_STATEMENT:
            if (section->no_transaction)
                runner_mark(a, r, item->statement.sql);
            if (ok(a))
                run(a, r, body, item);
            if (ndone && ok(a))
                ++*ndone;
            i++;
            break;
        case ITEM_IF:
            i = executeCondition(a, r, body, item) ? i + 1 : item->skip;
            break;
        case ITEM_ELSE:         /* the branch before it has run */
            i = item->skip;
            break;
        case ITEM_ENDIF:
            i++;
            break;
        }
    }
}

/* Whether a section may change the settings of the connection. */
static int executeHasPragma(const Section *section)
{
    int i;

    for (i = 0; i < section->n; i++)
        if (section->v[i].kind == ITEM_STATEMENT
            && section->v[i].statement.kind == STATEMENT_PRAGMA)
            return 1;
    return 0;
}

MIG_FUNC void execute_section(Arena *a, Runner *r, const Body *body,
                              SectionKind kind, int *ndone)
{
    Connection was = {{NULL, 0, 0}};
    Names done = {0};
    int i;

    r->vacuum = NULL;
    if (executeHasPragma(&body->v[kind]))
        was = connection_read(a, r->db);
    executeItems(a, r, body, kind, executeStatement, ndone);
    connection_restore(a, r->db, &was, r->script ? &done : NULL);
    for (i = 0; i < done.n && ok(a); i++)
        script_statement(r->script, done.v[i]);
}

MIG_FUNC void execute_verify(Arena *a, Runner *r, const Body *body)
{
    executeItems(a, r, body, SECTION_VERIFY, executeVerifyStatement, NULL);
}
