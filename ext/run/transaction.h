/*
** The transaction that an operation runs in.
**
** In autocommit it is one of our own, begun with BEGIN IMMEDIATE, so that what is
** read in it is still true when it is written.  Inside a transaction of the
** caller it is a savepoint.  Another writer is waited for, up to a limit, without
** touching a busy handler of the host: only a timeout, which can be read and put
** back, is put aside meanwhile.
**
** After sqlite3_interrupt() SQLite runs no statement until the outermost one
** ends, not even ROLLBACK.  A statement that would write, however, is still
** aborted with everything that its transaction did: so the BEGIN IMMEDIATE is
** kept prepared for that; a transaction of the caller goes with it, as it does
** after any interrupted write.  Source: https://www.sqlite.org/c3ref/interrupt.html.
*/
#ifndef MIG_TRANSACTION_H
#define MIG_TRANSACTION_H

#include "session.h"

typedef struct Transaction {
    sqlite3 *db;
    const Session *session;     /* whom to tell that we wait */
    sqlite3_stmt *begin;        /* prepared as long as the operation runs */
    int timeout;                /* milliseconds to wait for another writer */
    int is_nested;              /* the caller has a transaction */
    int is_open;
} Transaction;

/* Readies it for db; nothing is begun.  Errors: busy-statement. */
MIG_FUNC void transaction_init(Arena *a, Transaction *t, const Session *session,
                               sqlite3 *db, int timeout);
MIG_FUNC void transaction_release(Transaction *t);

/* Begins.  Errors: locked, read-only, io. */
MIG_FUNC void transaction_begin(Arena *a, Transaction *t);

/* Commits; what cannot be committed is rolled back.  Errors: foreign-key, locked,
** io. */
MIG_FUNC void transaction_commit(Arena *a, Transaction *t);

/* Undoes everything since transaction_begin(), whether the operation failed or
** not; without an open transaction nothing.  Never fails: what cannot be rolled
** back by a statement is by SQLite itself. */
MIG_FUNC void transaction_rollback(Transaction *t);

/* Puts a busy timeout of the host aside, so that ours is the only wait; returns it, for
** transaction_resume() to put it back. */
MIG_FUNC int transaction_hasten(Arena *a, const Transaction *t);
MIG_FUNC void transaction_resume(const Transaction *t, int timeout);

/* A wait for somebody else's lock: true after a pause, false once it is over. */
typedef struct Wait {
    int waited, pause;      /* milliseconds */
    i64 since;              /* when it began: trying takes time, too, where the host
                            ** has a busy timeout; 0: not yet */
} Wait;
MIG_FUNC int transaction_wait(Arena *a, const Transaction *t, Wait *wait);

/* Whether what was just tried failed for a lock, and may be tried again: then the
** failure is forgotten, after a pause. */
MIG_FUNC int transaction_again(Arena *a, const Transaction *t, Wait *wait);

#endif
