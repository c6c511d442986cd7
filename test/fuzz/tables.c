/*
** Fuzzes what the database remembers: version table and log, as the extension made
** them and then filled with anything; or made by somebody else.
**
** The input is a list of changes, each a byte that says which, then what it needs.
*/
#include "fuzz.h"
#include "bytes.h"
#include "temporary.h"

static const char *const columns[] = {
    "id", "revision", "operation", "status", "message", "down_revisions",
    "depends_on", "branch_labels", "started_at", "duration_ms", "checksum",
    "error", "statement", "downgrade", "backup", "no_such",
};

static const char *const texts[] = {
    "'a'", "'b'", "'c'", "'done'", "'started'", "'failed'", "'upgrade'",
    "'downgrade'", "'stamp'", "'[\"a\"]'", "'[1, null, {}]'", "'['", "''",
    "'base'", "'a b'", "'head'", "'it''s; \"so\"'", "char(0)", "x'ff00fe'",
    "cast(x'ff41' AS TEXT)", "cast(x'61006200' AS TEXT)", "NULL", "0", "-1",
    "9223372036854775807", "1e308", "randomblob(20)", "char(10)", "char(65534)",
    "printf('%.*c', 5000, 'x')", "'2026-01-05T12:00:00.000Z'", "'gone'",
    "'[\"gone\", \"b\"]'",
    "'-- migrate:down foreign_keys:off' || char(10) || 'DROP TABLE IF EXISTS t;'",
};

/* Other shapes that the two tables may have. */
static const char *const shapes[] = {
    "CREATE TABLE _migrate_version(version_num)",
    "CREATE TABLE _migrate_version(version_num INTEGER PRIMARY KEY, other NOT NULL)",
    "CREATE TABLE _migrate_version(other)",
    "CREATE VIEW _migrate_version AS SELECT 'a' AS version_num",
    "CREATE TABLE _migrate_version(version_num, x AS (version_num || 'x') UNIQUE, "
        "CHECK(version_num <> 'b'))",
    "CREATE TABLE _migrate_version(version_num TEXT COLLATE nocase PRIMARY KEY) "
        "WITHOUT ROWID",
    "CREATE TABLE _migrate_log(id, revision, operation, status, message, "
        "down_revisions, checksum, started_at)",
    "CREATE VIEW _migrate_log AS SELECT 1 AS id, 'a' AS revision",
    "CREATE TABLE _migrate_log(x)",
    "CREATE TRIGGER one AFTER INSERT ON _migrate_version BEGIN "
        "DELETE FROM _migrate_version WHERE version_num <> new.version_num; END",
    "CREATE TRIGGER two BEFORE DELETE ON _migrate_version BEGIN "
        "SELECT RAISE(IGNORE); END",
    "CREATE TRIGGER three AFTER INSERT ON _migrate_log BEGIN "
        "SELECT RAISE(ABORT, 'not now'); END",
    "CREATE TRIGGER four AFTER INSERT ON _migrate_version BEGIN "
        "SELECT migrate_upgrade('heads'); END",
    "CREATE TRIGGER five AFTER UPDATE ON _migrate_log BEGIN "
        "SELECT RAISE(ROLLBACK, 'gone'); END",
    "CREATE TRIGGER six AFTER INSERT ON t BEGIN "
        "INSERT INTO _migrate_version VALUES (new.id); END",
};

static const char *const starts[] = {
    "heads", "a", "b", "side@head",
};

#define PICK(in, list) \
    ((list)[bytesBelow((in), (int)(sizeof (list) / sizeof *(list)))])

/* Whatever comes of it. */
static void change(sqlite3 *db, Bytes *in)
{
    int what = bytesBelow(in, 8);
    const char *x = PICK(in, texts), *y = PICK(in, texts), *c = PICK(in, columns);
    char *sql = NULL, *shape;

    switch (what) {
    case 0:
        sql = sqlite3_mprintf("INSERT INTO _migrate_version(version_num) VALUES (%s)",
                              x);
        break;
    case 1:
        sql = sqlite3_mprintf("UPDATE _migrate_version SET version_num = %s "
                              "WHERE version_num <> %s", x, y);
        break;
    case 2:
        sql = sqlite3_mprintf("DELETE FROM _migrate_version WHERE version_num = %s", x);
        break;
    case 3:
        sql = sqlite3_mprintf("UPDATE _migrate_log SET %s = %s WHERE revision IS %s",
                              c, x, y);
        break;
    case 4:
        sql = sqlite3_mprintf("INSERT INTO _migrate_log(revision, operation, status, "
            "started_at, %s) VALUES (%s, %s, %s, 'now', %s)", c, x, y,
            PICK(in, texts), PICK(in, texts));
        break;
    case 5:
        sql = sqlite3_mprintf("DELETE FROM _migrate_log WHERE revision = %s", x);
        break;
    case 6:
        sql = sqlite3_mprintf("ALTER TABLE %s DROP COLUMN %s", bytesBelow(in, 2)
                              ? "_migrate_log" : "_migrate_version", c);
        break;
    case 7:
        shape = sqlite3_mprintf("%s", PICK(in, shapes));
        if (strstr(shape, "TRIGGER") == NULL)
            sqlite3_exec(db, strstr(shape, "_log") ? "DROP TABLE _migrate_log"
                         : "DROP TABLE _migrate_version", NULL, NULL, NULL);
        sql = shape;
        break;
    }
    budget = 200;
    sqlite3_exec(db, sql, NULL, NULL, NULL);
    sqlite3_free(sql);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    sqlite3 *db = connectionOpen();
    Bytes in = {data, n};
    char *start = sqlite3_mprintf("SELECT migrate_upgrade(%Q)", PICK(&in, starts));
    int i;

    command(db, start);
    sqlite3_free(start);
    for (i = 0; i < 20 && in.n; i++)
        change(db, &in);
    connectionUse(db, data, n);
    connectionClose(db);
    return 0;
}
