/*
** The failure of an operation.  See err.h.
*/
#include "err.h"

#include "text.h"

/* Past this length of a message, further findings are not spelled out. */
#define ERR_FINDINGS_MAX 4000

static const struct { char name[22]; short sqlite; } errCode[ERR_COUNT] = {
    [ERR_NONE]                  = {"", SQLITE_OK},
    [ERR_NO_SOURCE]             = {"no-source", SQLITE_ERROR},
    [ERR_BAD_CONFIG]            = {"bad-config", SQLITE_ERROR},
    [ERR_BAD_REVISION]          = {"bad-revision", SQLITE_ERROR},
    [ERR_DUPLICATE_REVISION]    = {"duplicate-revision", SQLITE_ERROR},
    [ERR_DUPLICATE_LABEL]       = {"duplicate-label", SQLITE_ERROR},
    [ERR_ILLEGAL_ID]            = {"illegal-id", SQLITE_ERROR},
    [ERR_MISSING_PARENT]        = {"missing-parent", SQLITE_ERROR},
    [ERR_CYCLE]                 = {"cycle", SQLITE_ERROR},
    [ERR_BAD_BUNDLE]            = {"bad-bundle", SQLITE_ERROR},
    [ERR_BAD_SIGNATURE]         = {"bad-signature", SQLITE_AUTH},
    [ERR_NOT_FOUND]             = {"not-found", SQLITE_ERROR},
    [ERR_AMBIGUOUS]             = {"ambiguous", SQLITE_ERROR},
    [ERR_MULTIPLE_HEADS]        = {"multiple-heads", SQLITE_ERROR},
    [ERR_NO_SUCH_BRANCH]        = {"no-such-branch", SQLITE_ERROR},
    [ERR_NOT_IN_BRANCH]         = {"not-in-branch", SQLITE_ERROR},
    [ERR_NOT_REACHABLE]         = {"not-reachable", SQLITE_ERROR},
    [ERR_RELATIVE_OUT_OF_RANGE] = {"relative-out-of-range", SQLITE_ERROR},
    [ERR_AMBIGUOUS_WALK]        = {"ambiguous-walk", SQLITE_ERROR},
    [ERR_OVERLAP]               = {"overlap", SQLITE_ERROR},
    [ERR_BAD_RANGE]             = {"bad-range", SQLITE_ERROR},
    [ERR_SQL]                   = {"sql-error", SQLITE_ERROR},
    [ERR_VERIFY_FAILED]         = {"verify-failed", SQLITE_ERROR},
    [ERR_CONSTRAINT]            = {"constraint", SQLITE_CONSTRAINT},
    [ERR_FOREIGN_KEY]           = {"foreign-key", SQLITE_CONSTRAINT},
    [ERR_UNBOUND]               = {"unbound", SQLITE_ERROR},
    [ERR_TRANSACTION_CONTROL]   = {"transaction-control", SQLITE_ERROR},
    [ERR_IRREVERSIBLE]          = {"irreversible", SQLITE_ERROR},
    [ERR_MODIFIED]              = {"modified", SQLITE_ERROR},
    [ERR_INTERRUPTED]           = {"interrupted", SQLITE_INTERRUPT},
    [ERR_UNSUPPORTED]           = {"unsupported", SQLITE_ERROR},
    [ERR_UNKNOWN_CURRENT]       = {"unknown-current", SQLITE_ERROR},
    [ERR_NOT_AT_HEAD]           = {"not-at-head", SQLITE_ERROR},
    [ERR_UNPROVED]              = {"unproved", SQLITE_ERROR},
    [ERR_LOCKED]                = {"locked", SQLITE_BUSY},
    [ERR_READ_ONLY]             = {"read-only", SQLITE_READONLY},
    [ERR_IN_TRANSACTION]        = {"in-transaction", SQLITE_ERROR},
    [ERR_BUSY_STATEMENT]        = {"busy-statement", SQLITE_LOCKED},
    [ERR_NOT_A_DATABASE]        = {"not-a-database", SQLITE_NOTADB},
    [ERR_USAGE]                 = {"usage", SQLITE_MISUSE},
    [ERR_REFUSED]               = {"refused", SQLITE_AUTH},
    [ERR_IO]                    = {"io", SQLITE_IOERR},
    [ERR_NO_MEMORY]             = {"no-memory", SQLITE_NOMEM},
    [ERR_INTERNAL]              = {"internal", SQLITE_INTERNAL},
};

/* A message is one line of UTF-8, whatever is quoted in it: control characters become
** blanks, bytes that are no text question marks. */
static void errOneLine(char *z)
{
    Text rest = text_of(z);
    int bad;

    while ((bad = text_bad_utf8(rest)) >= 0) {
        z[rest.z - z + bad] = '?';
        rest = text_slice(rest, bad, rest.n);
    }
    for (; *z; z++)
        if ((unsigned char)*z < ' ')
            *z = ' ';
}

static void errVset(Err *err, ErrCode code, const char *format, va_list args)
{
    char *what = format_vnew(format, args);

    err->code = code;
    if (what) {
        errOneLine(what);
        err->message = sqlite3_mprintf("%s: %s", err_name(code), what);
    }
    sqlite3_free(what);
}

MIG_FUNC void err_set(Err *err, ErrCode code, const char *format, ...)
{
    va_list args;

    if (err->code)
        return;
    va_start(args, format);
    errVset(err, code, format, args);
    va_end(args);
}

MIG_FUNC void err_add(Err *err, ErrCode code, const char *format, ...)
{
    Err more = {0};
    va_list args;

    va_start(args, format);
    errVset(&more, code, format, args);
    va_end(args);
    err_join(err, &more);
}

MIG_FUNC void err_append(Err *err, const char *format, ...)
{
    char *more, *all;
    va_list args;

    if (!err->code || !err->message)
        return;
    va_start(args, format);
    more = format_vnew(format, args);
    va_end(args);
    all = more ? sqlite3_mprintf("%s%s", err->message, more) : NULL;
    sqlite3_free(more);
    if (all) {
        errOneLine(all);
        sqlite3_free(err->message);
        err->message = all;
    }
}

MIG_FUNC void err_release(Err *err)
{
    sqlite3_free(err->message);
    err->message = NULL;
    err->code = ERR_NONE;
}

MIG_FUNC void err_join(Err *to, Err *from)
{
    static const char *const others = "; and others";
    size_t n = to->message ? strlen(to->message) : 0;
    size_t k = strlen(others);

    if (!to->code) {
        *to = *from;
        from->message = NULL;
        from->code = ERR_NONE;
        return;
    }
    if (from->code && n < ERR_FINDINGS_MAX)
        err_append(to, "; %s", err_message(from));
    else if (from->code && strcmp(to->message + n - k, others) != 0)
        err_append(to, "%s", others);
    err_release(from);
}

MIG_FUNC const char *err_message(const Err *err)
{
    if (!err->code)
        return "";
    return err->message ? err->message : "no-memory: out of memory";
}

MIG_FUNC const char *err_name(ErrCode code)
{
    return errCode[code].name;
}

MIG_FUNC int err_sqlite(ErrCode code)
{
    return errCode[code].sqlite;
}
