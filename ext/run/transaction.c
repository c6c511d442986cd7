/*
** The transaction that an operation runs in.  See transaction.h.
*/
#include "transaction.h"

#include "../base/db.h"

/* ---- who else is at work ---- */

/* Refuses to begin while a statement of this connection is in the middle of the
** database.  The one that called us is running too, but reads no table. */
static void transactionCheckStatements(Arena *a, Transaction *t)
{
    sqlite3_stmt *stmt = NULL;
    const char *other = NULL;
    int nbusy = 0;

    while ((stmt = sqlite3_next_stmt(t->db, stmt)) != NULL) {
        if (sqlite3_stmt_busy(stmt)) {
            nbusy++;
            other = sqlite3_sql(stmt);
        }
    }
    if (t->is_nested ? nbusy > 1
                     : sqlite3_txn_state(t->db, NULL) != SQLITE_TXN_NONE)
        err_set(a->err, ERR_BUSY_STATEMENT, "a statement of this connection is "
                "still reading or writing; finish or reset it first: %.80s",
                other ? other : "");
}

MIG_FUNC int transaction_wait(Arena *a, const Transaction *t, Wait *wait)
{
    migrate_event event = {MIGRATE_EVENT_WAITING, NULL, NULL, NULL, NULL, NULL,
                           NULL, 0, 0, 0};
    i64 now = db_clock(t->db);

    if (wait->since == 0)
        wait->since = now;
    if (wait->waited < now - wait->since)
        wait->waited = (int)(now - wait->since);
    if (wait->waited >= t->timeout)
        return 0;
    wait->pause = wait->pause ? wait->pause * 2 : 1;
    if (wait->pause > 50)
        wait->pause = 50;
    if (wait->pause > t->timeout - wait->waited)
        wait->pause = t->timeout - wait->waited;
    event.nDone = wait->waited;
    event.nTotal = t->timeout;
    session_event(a, t->session, &event);
    sqlite3_sleep(wait->pause);
    wait->waited += wait->pause;
    return ok(a);
}

MIG_FUNC int transaction_again(Arena *a, const Transaction *t, Wait *wait)
{
    Err locked;
    int is_again;

    if (a->err->code != ERR_LOCKED)
        return 0;
    locked = *a->err;
    memset(a->err, 0, sizeof *a->err);
    is_again = transaction_wait(a, t, wait);
    if (is_again || !ok(a))
        err_release(&locked);
    else
        *a->err = locked;
    return is_again;
}

/* A busy handler of the host's own stays: its timeout is 0. */
MIG_FUNC int transaction_hasten(Arena *a, const Transaction *t)
{
    int timeout = (int)db_value(a, t->db, "PRAGMA busy_timeout");

    if (timeout > 0)
        sqlite3_busy_timeout(t->db, 0);
    return timeout;
}

MIG_FUNC void transaction_resume(const Transaction *t, int timeout)
{
    if (timeout > 0)
        sqlite3_busy_timeout(t->db, timeout);
}

/* Steps a statement that may find the database locked, as long as that lasts and
** our patience. */
static int transactionStep(Arena *a, Transaction *t, sqlite3_stmt *stmt)
{
    int host = transaction_hasten(a, t);
    Wait wait = {0, 0, 0};
    int rc = SQLITE_INTERRUPT;

    if (!ok(a))
        return rc;
    do {
        sqlite3_reset(stmt);
        rc = sqlite3_step(stmt);
    } while (rc == SQLITE_BUSY && transaction_wait(a, t, &wait));
    if (rc == SQLITE_BUSY)
        err_set(a->err, ERR_LOCKED, "another connection is %s the database; waited "
                "%d ms (lock_timeout)", t->is_open ? "reading from" : "writing to",
                wait.waited);
    else if (rc != SQLITE_DONE)
        db_fail(a, t->db, rc, ERR_SQL);
    sqlite3_reset(stmt);
    transaction_resume(t, host);
    return rc;
}

/* ---- begin and end ---- */

MIG_FUNC void transaction_init(Arena *a, Transaction *t, const Session *session,
                               sqlite3 *db, int timeout)
{
    memset(t, 0, sizeof *t);
    t->db = db;
    t->session = session;
    t->timeout = timeout;
    t->is_nested = !sqlite3_get_autocommit(db);
    t->begin = db_prepare(a, db, "BEGIN IMMEDIATE");
    if (ok(a))
        transactionCheckStatements(a, t);
}

MIG_FUNC void transaction_release(Transaction *t)
{
    transaction_rollback(t);
    sqlite3_finalize(t->begin);
    t->begin = NULL;
}

MIG_FUNC void transaction_begin(Arena *a, Transaction *t)
{
    if (!ok(a))
        return;
    if (sqlite3_db_readonly(t->db, "main") == 1) {
        err_set(a->err, ERR_READ_ONLY, "the database is opened read-only: %s",
                sqlite3_db_filename(t->db, "main"));
        return;
    }
    if (t->is_nested)
        db_exec(a, t->db, "SAVEPOINT _migrate");
    else
        transactionStep(a, t, t->begin);
    t->is_open = ok(a);
}

/* What violates the deferred foreign keys that COMMIT refuses. */
static void transactionForeignKeys(Arena *a, sqlite3 *db)
{
    Err err = {0};
    Arena own;
    sqlite3_stmt *stmt;

    err_set(a->err, ERR_FOREIGN_KEY, "rows refer to what is not there");
    arena_init(&own, &err);
    stmt = db_prepare(&own, db, "SELECT \"table\", rowid, parent, count(*) OVER () "
                      "FROM pragma_foreign_key_check LIMIT 1");
    if (db_step(&own, stmt))
        err_append(a->err, ": %lld, the first in %s at rowid %lld, refers to %s",
                   db_int(stmt, 3), db_text(&own, stmt, 0).z, db_int(stmt, 1),
                   db_text(&own, stmt, 2).z);
    db_finish(stmt);
    arena_release(&own);
    err_release(&err);
}

MIG_FUNC void transaction_commit(Arena *a, Transaction *t)
{
    sqlite3_stmt *stmt;
    int rc;

    if (!ok(a) || !t->is_open)
        return;
    stmt = db_prepare(a, t->db, t->is_nested ? "RELEASE _migrate" : "COMMIT");
    if (stmt) {
        Err err = {0};
        Err *outer = a->err;
        a->err = &err;
        rc = transactionStep(a, t, stmt);
        a->err = outer;
        if ((rc & 0xff) == SQLITE_CONSTRAINT) {
            err_release(&err);
            transactionForeignKeys(a, t->db);
        } else if (err.code) {
            err_join(a->err, &err);
        }
    }
    sqlite3_finalize(stmt);
    if (ok(a))
        t->is_open = 0;
    else
        transaction_rollback(t);
}

MIG_FUNC void transaction_rollback(Transaction *t)
{
    char *message = NULL;

    if (!t->is_open)
        return;
    t->is_open = 0;
    if (sqlite3_get_autocommit(t->db))
        return;                 /* SQLite has rolled back already */
    sqlite3_exec(t->db, t->is_nested ? "ROLLBACK TO _migrate; RELEASE _migrate"
                                     : "ROLLBACK", NULL, NULL, &message);
    if (message && !sqlite3_get_autocommit(t->db)) {
        sqlite3_step(t->begin); /* interrupted: see transaction.h */
        sqlite3_reset(t->begin);
    }
    sqlite3_free(message);
}
