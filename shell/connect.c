/*
** From a name to an open database with the extension in it.
**
** Which database a command works on is for the extension to say: it knows the
** ini file and every way to spell a name.  So it is loaded into a database in
** memory first, and told of the options; then it is asked, and loaded again
** into the database that it names.
*/
#include "shell.h"

#include <stdlib.h>
#include <string.h>

/* ---- the extension */

#ifdef MIGRATE_STATIC

static void connect_load(Shell *shell)
{
    char *message = NULL;

    if (option_is_given(shell, OPT_EXTENSION))
        fail(shell, "usage: no --extension: this program has it inside");
    else if (sqlite3_migrate_init(shell->db, &message, NULL) != SQLITE_OK)
        fail(shell, "%s", message ? message : "no-memory: out of memory");
    sqlite3_free(message);
}

#else

#ifndef MIGRATE_LIBDIR
#define MIGRATE_LIBDIR "/usr/local/lib"
#endif

/* The extension in a directory below another, from sqlite3_malloc(); NULL if it
** is not there, or directory is NULL. */
static char *connect_find_in(const char *directory, const char *below)
{
    char *file = directory
        ? sqlite3_mprintf("%s%s/%s", directory, below, PLATFORM_LIBRARY) : NULL;

    if (file && platform_is_file(file))
        return file;
    sqlite3_free(file);
    return NULL;
}

/* The extension's path, from sqlite3_malloc(); NULL after a failure. */
static char *connect_find(Shell *shell)
{
    char *directory = platform_directory(shell->program);
    char *found = connect_find_in(directory, "");

    if (!found)
        found = connect_find_in(directory, "/../lib");
    if (!found)
        found = connect_find_in(MIGRATE_LIBDIR, "");
    if (!found)
        fail(shell, "io: no %s beside the program, in ../lib from there, or in "
            "%s; --extension or MIGRATE_EXTENSION says where it is",
            PLATFORM_LIBRARY, MIGRATE_LIBDIR);
    sqlite3_free(directory);
    return found;
}

static void connect_load(Shell *shell)
{
    static const char WRAP[] = "error during initialization: ";
    const char *file = option_value(shell, OPT_EXTENSION);
    char *found = NULL;
    char *message = NULL;

    if (!file)
        file = getenv("MIGRATE_EXTENSION");
    if (!file || !*file)
        file = found = connect_find(shell);
    if (shell->error || !file)
        return;
    sqlite3_db_config(
        shell->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL);
    if (sqlite3_load_extension(
            shell->db, file, "sqlite3_migrate_init", &message) != SQLITE_OK) {
        if (message && strncmp(message, WRAP, sizeof WRAP - 1) == 0)
            fail(shell, "%s", message + sizeof WRAP - 1);
        else
            fail(shell, "io: cannot load %s: %s",
                file, message ? message : "out of memory");
    }
    sqlite3_db_config(
        shell->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_free(message);
    sqlite3_free(found);
}

#endif

/* ---- the options, for the extension */

/* In the order in which they are set: a key before what it must have signed.
** One that has no value is switched on. */
static const struct { OptionId id; const char *sql; } SETTINGS[] = {
    {OPT_TRUSTED_KEY, "SELECT migrate_config('trusted_key', ?)"},
    {OPT_SOURCE, "SELECT migrate_source(?)"},
    {OPT_NAME, "SELECT migrate_config('name', ?)"},
    {OPT_DATABASE, "SELECT migrate_config('database', ?)"},
    {OPT_TRANSACTION, "SELECT migrate_config('transaction', ?)"},
    {OPT_BACKUP, "SELECT migrate_config('backup', ?)"},
};

/* -x NAME=VALUE */
static void connect_set_value(Shell *shell, const char *pair)
{
    int n = (int)strcspn(pair, "=");
    char *name = sqlite3_mprintf("%.*s", n, pair);

    query_int(shell, "SELECT migrate_config('x.' || ?, ?)",
        name, pair + n + 1);
    sqlite3_free(name);
}

static void connect_configure(Shell *shell)
{
    size_t i;
    int j;

    for (i = 0; i < sizeof SETTINGS / sizeof *SETTINGS; i++) {
        const char *value = option_value(shell, SETTINGS[i].id);
        if (option_is_given(shell, SETTINGS[i].id))
            query_int(shell, SETTINGS[i].sql, value ? value : "on");
    }
    for (j = 0; j < shell->ngiven; j++)
        if (shell->given[j].id == OPT_X)
            connect_set_value(shell, shell->given[j].value);
}

/* ---- the database */

static Need connect_need(const Shell *shell)
{
    Need need = shell->command->need;

    if (option_is_given(shell, OPT_SQL))
        return strchr(line_word(shell, 0, ""), ':')
            ? NEED_NOTHING : NEED_IF_THERE;
    if (option_is_given(shell, OPT_DRY_RUN) && need == NEED_CREATE)
        return NEED_IF_THERE;       /* an empty one in memory is as good */
    if (option_is_given(shell, OPT_AUTOGENERATE))
        return NEED_EXISTING;
    return need;
}

enum { CONNECT_SLICE = 100 };   /* milliseconds between two looks for an interrupt */

/* Reads the file for the first time, which SQLite does only when it has to; waits for
** a lock as long as timeout, if nobody wants to stop.  A result code of SQLite's. */
static int connect_read(sqlite3 *db, int timeout)
{
    int result;

    do {
        sqlite3_busy_timeout(db,
            timeout < CONNECT_SLICE ? timeout : CONNECT_SLICE);
        result = sqlite3_exec(db, "PRAGMA schema_version", NULL, NULL, NULL);
        timeout -= CONNECT_SLICE;
    } while ((result & 0xff) == SQLITE_BUSY && timeout > 0
        && !platform_is_interrupted());
    return result;
}

/* Makes db, which is called name, the connection: extension, options, how long it
** waits, keys. */
static void connect_use(Shell *shell, sqlite3 *db, const char *name, int timeout,
    const char *foreign_keys)
{
    char *pragma = sqlite3_mprintf("PRAGMA foreign_keys = %Q", foreign_keys);

    connect_close(shell);
    shell->db = db;
    shell->database = name ? sqlite3_mprintf("%s", name) : NULL;
    platform_watch(db);
    sqlite3_extended_result_codes(db, 1);
    if (connect_read(db, timeout) == SQLITE_OK)
        connect_load(shell);
    else if (platform_is_interrupted())
        fail(shell, "interrupted: %s: %s", name, sqlite3_errmsg(db));
    else
        fail_sqlite(shell, db, name);
    sqlite3_busy_timeout(db, timeout);
    connect_configure(shell);
    if (foreign_keys && pragma)
        query_int(shell, pragma);
    sqlite3_free(pragma);
}

static void connect_use_memory(Shell *shell)
{
    sqlite3 *db = NULL;

    if (sqlite3_open(":memory:", &db) == SQLITE_OK) {
        connect_use(shell, db, NULL, 0, NULL);
    } else {
        fail_sqlite(shell, db, NULL);
        sqlite3_close(db);
    }
}

/* The database called name, open; NULL if it is not there and need not be, and
** after a failure. */
static sqlite3 *connect_file(Shell *shell, const char *name, Need need)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI;
    sqlite3 *db = NULL;
    int result = sqlite3_open_v2(name, &db, flags, NULL);

    if (result != SQLITE_OK && platform_is_missing(db)) {
        sqlite3_close(db);
        db = NULL;
        if (need == NEED_IF_THERE)
            return NULL;
        if (need == NEED_EXISTING)
            fail(shell, "io: no such database: %s; "
                "\"migrate upgrade\" makes it", name);
        /* a source that cannot be read must not leave an empty file behind */
        query_int(shell, "SELECT count(*) FROM migrate_revisions");
        if (shell->error)
            return NULL;
        flags |= SQLITE_OPEN_CREATE;
        result = sqlite3_open_v2(name, &db, flags, NULL);
    }
    if (result == SQLITE_OK)
        return db;
    /* where nothing may be made, SQLite looks whether something is there: the
    ** reason is that of the second look */
    fail(shell, "io: cannot %s %s: %s%s", flags & SQLITE_OPEN_CREATE
        ? "make" : "open", name, platform_reason(db), flags & SQLITE_OPEN_CREATE
        ? "; its directory must be there, and let you write" : "");
    sqlite3_close(db);
    return NULL;
}

/* Opens the database called name in place of the one in memory. */
static void connect_use_file(Shell *shell, const char *name, Need need)
{
    sqlite3 *db = connect_file(shell, name, need);
    char *keys;
    int timeout;

    if (!db)
        return;
    keys = query_text(shell, "SELECT migrate_config('foreign_keys')");
    timeout = (int)query_int(shell, "SELECT migrate_config('lock_timeout')");
    connect_use(shell, db, name, timeout, keys);
    sqlite3_free(keys);
}

void connect_open(Shell *shell)
{
    Need need = connect_need(shell);
    char *name;

    connect_use_memory(shell);
    if (need == NEED_NOTHING)
        return;
    if (need == NEED_STARTUP)
        need = query_int(shell, "SELECT migrate_config('startup') = 'upgrade'")
            ? NEED_CREATE : NEED_IF_THERE;
    name = query_text(shell, "SELECT migrate_config('database')");
    if (name)
        connect_use_file(shell, name, need);
    else if (need != NEED_IF_THERE)
        fail(shell, "usage: no database: give --database, DATABASE_URL or "
            "database in migrate.ini");
    sqlite3_free(name);
}

void connect_close(Shell *shell)
{
    platform_watch(NULL);
    sqlite3_close(shell->db);
    shell->db = NULL;
    sqlite3_free(shell->database);
    shell->database = NULL;
}
