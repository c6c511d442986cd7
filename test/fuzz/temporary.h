/*
** A small source in a temporary directory, which goes with the process.
*/
#include <unistd.h>

static char sourceDir[] = "/tmp/migrate-fuzz-XXXXXX";

static const struct SourceText {
    const char *name, *text;
} sourceFiles[] = {
    {"migrate.ini", "[migrate]\nlock_timeout = 0\n"},
    {"versions/a.sql",
     "-- a\n--\n-- Revision: a\n-- Revises: base\n\n-- migrate:up\n"
     "CREATE TABLE t(id INTEGER PRIMARY KEY, n UNIQUE);\n"
     "CREATE TABLE c(id INTEGER PRIMARY KEY, t REFERENCES t ON DELETE CASCADE);\n"
     "INSERT INTO t VALUES (1, 'one'), (2, 'two');\n"
     "-- migrate:down\nDROP TABLE c;\nDROP TABLE t;\n"},
    {"versions/b.sql",
     "-- b\n--\n-- Revision: b\n-- Revises: a\n\n"
     "-- migrate:up foreign_keys:off\n"
     "ALTER TABLE t ADD COLUMN IF NOT EXISTS x DEFAULT 'x';\n"
     "-- migrate:if (SELECT count(*) FROM t) = 2\nUPDATE t SET x = n;\n"
     "-- migrate:else\nCREATE INDEX t_x ON t(x);\n-- migrate:endif\n"
     "-- migrate:verify\nSELECT count(*) > 0 FROM t;\n"
     "-- migrate:down\nDROP INDEX IF EXISTS t_x;\n"
     "ALTER TABLE t DROP COLUMN IF EXISTS x;\n"},
    {"versions/c.sql",
     "-- c\n--\n-- Revision: c\n-- Revises: a\n-- Depends-On: b\n"
     "-- Branch-Labels: side\n\n-- migrate:up\nCREATE VIEW v AS SELECT * FROM t;\n"
     "-- migrate:down\nDROP VIEW v;\n"},
};

static const char *sourcePath(const char *name)
{
    static char path[200];

    snprintf(path, sizeof path, "%s/%s", sourceDir, name);
    return path;
}

static void sourceRemove(void)
{
    size_t i;

    for (i = 0; i < sizeof sourceFiles / sizeof *sourceFiles; i++)
        remove(sourcePath(sourceFiles[i].name));
    rmdir(sourcePath("versions"));
    rmdir(sourceDir);
}

static void sourceMake(void)
{
    size_t i;

    MUST(mkdtemp(sourceDir) != NULL);
    atexit(sourceRemove);
    MUST(mkdir(sourcePath("versions"), 0700) == 0);
    for (i = 0; i < sizeof sourceFiles / sizeof *sourceFiles; i++) {
        FILE *out = fopen(sourcePath(sourceFiles[i].name), "w");
        MUST(out && fputs(sourceFiles[i].text, out) >= 0 && fclose(out) == 0);
    }
}

/* ---- a connection with limits, and what must hold after each command ---- */

static int budget;      /* instructions of SQLite's machine, in thousands */

static int budgetSpent(void *unused)
{
    (void)unused;
    return --budget < 0;
}

static sqlite3 *connectionOpen(void)
{
    sqlite3 *db;

    MUST(sqlite3_open(":memory:", &db) == SQLITE_OK);
    MUST(sqlite3_migrate_init(db, NULL, NULL) == SQLITE_OK);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 1000000);
    sqlite3_progress_handler(db, 1000, budgetSpent, NULL);
    return db;
}

static int foreignKeys(sqlite3 *db)
{
    int on = 0;

    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &on);
    return on;
}

/* Runs a command.  Whatever comes of it: it leaves no transaction, the settings are
** what they were, and a failure has a message. */
static void command(sqlite3 *db, const char *sql)
{
    int autocommit = sqlite3_get_autocommit(db), on = foreignKeys(db);
    char *message = NULL;
    int rc;

    budget = 200;
    rc = sqlite3_exec(db, sql, NULL, NULL, &message);
    MUST(rc == SQLITE_OK || rc == SQLITE_NOMEM || (message && *message));
    MUST(!message || !strstr(message, "internal: "));
    MUST(!autocommit || sqlite3_get_autocommit(db) || strcmp(sql, "BEGIN") == 0);
    MUST(foreignKeys(db) == on);
    MUST(sqlite3_next_stmt(db, NULL) == NULL);
    sqlite3_free(message);
}

static const char *const commands[] = {
    "SELECT * FROM migrate_revisions",
    "SELECT *, doc, upgrade_sql FROM migrate_revisions WHERE is_applied",
    "SELECT * FROM migrate_history",
    "SELECT * FROM migrate_plan('upgrade', 'heads')",
    "SELECT migrate_current()",
    "SELECT migrate_sql('upgrade', 'heads')",
    "SELECT migrate_sql('downgrade', 'base')",
    "SELECT migrate_accept()",
    "SELECT migrate_upgrade('heads')",
    "SELECT migrate_current()",
    "BEGIN",
    "SELECT migrate_downgrade('a')",
    "COMMIT",
    "SELECT migrate_downgrade('base')",
    "SELECT migrate_stamp('heads')",
    "SELECT migrate_stamp('b', 'purge')",
    "SELECT migrate_upgrade('heads')",
    "SELECT migrate_stamp('base')",
    "SELECT migrate_upgrade('a')",
    "SELECT migrate_sync()",
};

/* Some commands, one after the other: which, the input decides; all would take too
** long for each. */
static void connectionUse(sqlite3 *db, const uint8_t *data, size_t n)
{
    enum { ALL = sizeof commands / sizeof *commands, SOME = 5 };
    unsigned sum = 0;
    size_t i;

    for (i = 0; i < n; i++)
        sum = sum * 31 + data[i];
    for (i = 0; i < SOME; i++)
        command(db, commands[(sum + i) % ALL]);
}

static void connectionClose(sqlite3 *db)
{
    MUST(sqlite3_close(db) == SQLITE_OK);
    MUST(sqlite3_memory_used() == 0);
}

/* Called once, by libFuzzer. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    sqlite3_hard_heap_limit64(64 << 20);
    sourceMake();
    setenv("MIGRATE_SOURCE", sourceDir, 1);
    return 0;
}
