/*
** Failure.  The first one is kept; main() prints it and exits with what it
** means.
*/
#include "shell.h"

#include <stdarg.h>
#include <string.h>

static char OUT_OF_MEMORY[] = "no-memory: out of memory";

/* The codes of SQLite's own failures.  All others are the program's fault. */
static const struct { int result; const char *code; } CODES[] = {
    {SQLITE_BUSY, "locked"},
    {SQLITE_CANTOPEN, "io"},
    {SQLITE_CORRUPT, "not-a-database"},
    {SQLITE_FULL, "io"},
    {SQLITE_INTERRUPT, "interrupted"},
    {SQLITE_IOERR, "io"},
    {SQLITE_LOCKED, "locked"},
    {SQLITE_NOMEM, "no-memory"},
    {SQLITE_NOTADB, "not-a-database"},
    {SQLITE_PERM, "io"},
    {SQLITE_READONLY, "read-only"},
};

static int fail_has_code(const char *message, const char *code)
{
    size_t n = strlen(code);
    return strncmp(message, code, n) == 0 && message[n] == ':';
}

static void fail_set(Shell *shell, char *error)
{
    int is_usage = error && fail_has_code(error, "usage");

    shell->error = error ? error : OUT_OF_MEMORY;
    shell->status = is_usage ? EXIT_USAGE
        : platform_is_interrupted() ? EXIT_INTERRUPTED : EXIT_FAILED;
}

void fail(Shell *shell, const char *format, ...)
{
    va_list args;

    if (shell->error)
        return;
    va_start(args, format);
    fail_set(shell, sqlite3_vmprintf(format, args));
    va_end(args);
}

/* Whether a message starts with a code: small letters and hyphens, a colon. */
static int fail_is_coded(const char *message)
{
    size_t n = strspn(message, "abcdefghijklmnopqrstuvwxyz-");
    return n > 0 && strncmp(message + n, ": ", 2) == 0;
}

/* The name of ours that SQLite misses, or NULL. */
static const char *fail_missing(const char *message)
{
    const char *name = strstr(message, ": migrate_");
    return name && strncmp(message, "no such ", 8) == 0 ? name + 2 : NULL;
}

void fail_sqlite(Shell *shell, sqlite3 *db, const char *where)
{
    const char *message = sqlite3_errmsg(db);
    const char *code = "internal";
    int result = sqlite3_errcode(db) & 0xff;
    size_t i;

    if (fail_is_coded(message)) {
        fail(shell, "%s", message);
        return;
    }
    if (fail_missing(message)) {
        fail(shell, "unsupported: this build of the extension has no %s; take one that "
             "was made without AUTHORING=no", fail_missing(message));
        return;
    }
    for (i = 0; i < sizeof CODES / sizeof *CODES; i++)
        if (CODES[i].result == result)
            code = CODES[i].code;
    fail(shell, "%s: %s%s%s",
        code, where ? where : "", where ? ": " : "", message);
}

void fail_print(Shell *shell, int is_coloured)
{
    char *z;

    if (!shell->error)
        return;
    for (z = shell->error; *z; z++)
        if ((unsigned char)*z < 0x20 || *z == 0x7f)
            *z = ' ';
    /* at once: standard error has no buffer */
    fprintf(stderr, "%s %s%s\n", is_coloured ? "\033[1;31mmigrate:\033[0m" : "migrate:",
        shell->error, shell->status == EXIT_INTERRUPTED
        ? "; what was not committed is rolled back" : "");
    if (shell->error != OUT_OF_MEMORY)
        sqlite3_free(shell->error);
    shell->error = NULL;
}
