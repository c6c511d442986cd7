/*
** The failure of an operation: a code, a message, and what SQLite said.
**
** An operation has one Err.  Whoever can fail reports there, does nothing once
** it is set, and returns something harmless; so steps follow one another
** without ladders, and clean-up always runs.  The first failure wins.
**
** A message is one line of UTF-8: "code: what is wrong, with what, and where", and,
** where a person can mend it, how.  The codes are stable; they are listed once, in
** err.c, with the result code that SQLite's callers get beside them.
*/
#ifndef MIG_ERR_H
#define MIG_ERR_H

#include "format.h"

typedef enum ErrCode {
    ERR_NONE,
    /* the source */
    ERR_NO_SOURCE, ERR_BAD_CONFIG, ERR_BAD_REVISION, ERR_DUPLICATE_REVISION,
    ERR_DUPLICATE_LABEL, ERR_ILLEGAL_ID, ERR_MISSING_PARENT, ERR_CYCLE,
    ERR_BAD_BUNDLE, ERR_BAD_SIGNATURE,
    /* targets */
    ERR_NOT_FOUND, ERR_AMBIGUOUS, ERR_MULTIPLE_HEADS, ERR_NO_SUCH_BRANCH,
    ERR_NOT_IN_BRANCH, ERR_NOT_REACHABLE, ERR_RELATIVE_OUT_OF_RANGE,
    ERR_AMBIGUOUS_WALK, ERR_OVERLAP, ERR_BAD_RANGE,
    /* running */
    ERR_SQL, ERR_VERIFY_FAILED, ERR_CONSTRAINT, ERR_FOREIGN_KEY, ERR_UNBOUND,
    ERR_TRANSACTION_CONTROL, ERR_IRREVERSIBLE, ERR_MODIFIED, ERR_INTERRUPTED,
    ERR_UNSUPPORTED,
    /* the database */
    ERR_UNKNOWN_CURRENT, ERR_NOT_AT_HEAD, ERR_UNPROVED, ERR_LOCKED,
    ERR_READ_ONLY, ERR_IN_TRANSACTION, ERR_BUSY_STATEMENT, ERR_NOT_A_DATABASE,
    /* the rest */
    ERR_USAGE, ERR_REFUSED, ERR_IO, ERR_NO_MEMORY, ERR_INTERNAL,
    ERR_COUNT
} ErrCode;

typedef struct Err {
    ErrCode code;       /* ERR_NONE until something fails */
    char *message;      /* "code: ...", from sqlite3_malloc; NULL if memory ran
                        ** out, and then err_message() still answers */
} Err;

/* Sets code and message, unless err is set already.  The code's name and ": "
** are put before what is formatted (format.h). */
MIG_FUNC void err_set(Err *err, ErrCode code, const char *format, ...);

/* Like err_set(), but adds to a failure that is set already, after "; ": the
** findings of one load are reported together.  Past a few lines it only counts. */
MIG_FUNC void err_add(Err *err, ErrCode code, const char *format, ...);

/* Appends to the message of a failure that is set: where it happened, how to
** mend it. */
MIG_FUNC void err_append(Err *err, const char *format, ...);

/* Forgets the failure. */
MIG_FUNC void err_release(Err *err);

/* Moves the failure of from to to; a to that is set already gets it added, as
** by err_add().  from is released. */
MIG_FUNC void err_join(Err *to, Err *from);

/* The message, never NULL; "" if nothing failed. */
MIG_FUNC const char *err_message(const Err *err);

/* The stable name of a code: "sql-error". */
MIG_FUNC const char *err_name(ErrCode code);

/* The SQLite result code that a function which failed so returns. */
MIG_FUNC int err_sqlite(ErrCode code);

#endif
