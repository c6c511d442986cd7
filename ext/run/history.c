/*
** The version table and the log.  See history.h.
*/
#include "history.h"

#include "../base/file.h"
#include "../base/map.h"
#include "../migrate.h"

/* What the two tables must have, to be written and read again. */
static const char *const historyVersion = "version_num";
static const char *const historyLog =
    "id revision operation status message down_revisions depends_on branch_labels "
    "started_at duration_ms checksum actor tool error statement downgrade backup owner";

/* What is wrong with a table, as the rest of a sentence that begins with its name;
** "" if nothing is. */
static const char *historyProblem(Arena *a, sqlite3 *db, const char *table,
                                  const char *columns)
{
    sqlite3_str *wanted = text_begin();
    sqlite3_stmt *stmt;
    const char *problem = "", *sep = "";
    Text rest = text_of(columns);

    for (; rest.z; sep = ",")
        text_append(wanted, "%s(%TQ)", sep, text_cut(&rest, ' '));
    stmt = db_prepare(a, db, "WITH want(name) AS (VALUES %s), "
        "have AS (SELECT lower(name) AS name, upper(type) AS type, pk, "
        "\"notnull\" AND dflt_value IS NULL AS is_due "
        "FROM pragma_table_info(%Q, 'main')) "
        "SELECT 'is a ' || type FROM pragma_table_list(%Q) "
        "WHERE schema = 'main' AND type <> 'table' "
        "UNION ALL SELECT 'has no column ' || name FROM want "
        "WHERE name NOT IN (SELECT name FROM have) "
        "UNION ALL SELECT 'has a column ' || name || ', which is never filled' "
        "FROM have WHERE is_due AND pk = 0 AND name NOT IN (SELECT name FROM want) "
        "UNION ALL SELECT 'keeps numbers, not ids' FROM have "
        "WHERE name = 'version_num' AND type <> '' AND type NOT GLOB '*CHAR*' "
        "AND type NOT GLOB '*TEXT*' AND type NOT GLOB '*CLOB*' LIMIT 1",
        text_finish(a, wanted), table, table);
    if (db_step(a, stmt))
        problem = db_text(a, stmt, 0).z;
    db_finish(stmt);
    return problem;
}

/* Whether main has the table; one that is not as migrate makes it is refused.
** Something else of that name is in the way. */
static int historyHas(Arena *a, sqlite3 *db, const char *table, const char *columns)
{
    int is_log = columns == historyLog;
    const char *problem = "";
    int is_there = db_has_table(a, db, table);

    if (is_there)
        problem = historyProblem(a, db, table, columns);
    else if (db_value(a, db, "SELECT 1 FROM main.sqlite_schema WHERE type = 'index' "
                      "AND name = %Q COLLATE NOCASE", table))
        problem = "is an index";
    if (*problem && ok(a))
        err_set(a->err, ERR_UNSUPPORTED, "%s %s, so it is not the table that migrate "
                "makes; rename it%s", table, problem, is_log
                ? ", and a new one is made"
                : ", or set version_table to another name");
    return is_there && ok(a);
}

MIG_FUNC int history_has_version(Arena *a, sqlite3 *db, const char *table)
{
    return historyHas(a, db, table, historyVersion);
}

MIG_FUNC int history_has_log(Arena *a, sqlite3 *db)
{
    return historyHas(a, db, "_migrate_log", historyLog);
}

/* The rows of a version table that is there; one that is no text is refused, or
** else given as SQL writes it. */
static Names historyRead(Arena *a, sqlite3 *db, const char *table, int is_strict)
{
    Names rows = {0};
    sqlite3_stmt *stmt = db_prepare(a, db, "SELECT version_num, quote(version_num) "
                                    "FROM main.\"%w\" ORDER BY 1", table);

    while (db_step(a, stmt)) {
        int is_text = sqlite3_column_type(stmt, 0) == SQLITE_TEXT;
        Text row = db_text(a, stmt, is_text ? 0 : 1);
        if (is_strict && !is_text && ok(a))
            err_set(a->err, ERR_UNKNOWN_CURRENT, "a row of %s is %s, which is no id; "
                    "say with \"stamp --purge\" where the database is", table, row.z);
        names_push(a, &rows, row);
    }
    db_finish(stmt);
    return rows;
}

MIG_FUNC Names history_rows(Arena *a, sqlite3 *db, const char *table)
{
    Names none = {0};
    return history_has_version(a, db, table) ? historyRead(a, db, table, 1) : none;
}

MIG_FUNC Names history_any_rows(Arena *a, sqlite3 *db, const char *table)
{
    Names none = {0};
    return history_has_version(a, db, table) ? historyRead(a, db, table, 0) : none;
}

MIG_FUNC Names history_rows_again(Arena *a, sqlite3 *db, const char *table)
{
    return historyRead(a, db, table, 1);
}

/* As Alembic makes it: its tools can read the table, and take it over. */
MIG_FUNC const char *history_create_version(Arena *a, const char *table)
{
    return text_format(a, "CREATE TABLE IF NOT EXISTS main.\"%w\" (\n"
        "    version_num VARCHAR(32) NOT NULL,\n"
        "    CONSTRAINT \"%w_pkc\" PRIMARY KEY (version_num)\n)", table, table);
}

MIG_FUNC const char *history_create_log(void)
{
    return "CREATE TABLE IF NOT EXISTS main._migrate_log (\n"
        "    id INTEGER PRIMARY KEY,\n"
        "    revision TEXT,\n"
        "    operation TEXT NOT NULL,    -- upgrade, downgrade, stamp\n"
        "    status TEXT NOT NULL,       -- started, done, failed\n"
        "    message TEXT,\n"
        "    down_revisions TEXT,        -- a JSON array\n"
        "    depends_on TEXT,            -- a JSON array\n"
        "    branch_labels TEXT,         -- a JSON array\n"
        "    started_at TEXT NOT NULL,   -- UTC, ISO 8601\n"
        "    duration_ms INTEGER,\n"
        "    checksum TEXT,              -- SHA-256 of the revision's file\n"
        "    actor TEXT,\n"
        "    tool TEXT,\n"
        "    error TEXT,\n"
        "    statement TEXT,             -- the one that runs, outside a transaction\n"
        "    downgrade TEXT,             -- the section, for when the file is gone\n"
        "    backup TEXT,                -- the copy made before\n"
        "    owner TEXT                  -- the process that runs such a statement\n)";
}

MIG_FUNC const char *history_delete_row(Arena *a, const char *table, Text id)
{
    return text_format(a, "DELETE FROM main.\"%w\" WHERE version_num = %TQ", table,
                       id);
}

MIG_FUNC const char *history_delete_rows(Arena *a, const char *table)
{
    return text_format(a, "DELETE FROM main.\"%w\"", table);
}

MIG_FUNC const char *history_insert_row(Arena *a, const char *table, Text id)
{
    return text_format(a, "INSERT INTO main.\"%w\" (version_num) VALUES (%TQ)", table,
                       id);
}

MIG_FUNC const char *history_time(Arena *a, i64 ms)
{
    /* from days to a date of the Gregorian calendar, in eras of 400 years that
    ** begin in March: H. Hinnant, "chrono-compatible low-level date algorithms" */
    i64 day = ms / 86400000 + 719468;
    i64 era = day / 146097;
    int doe = (int)(day - era * 146097);
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int month = (5 * doy + 2) / 153;
    int time = (int)(ms % 86400000);

    return text_format(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                       (int)(yoe + era * 400) + (month >= 10),
                       month < 10 ? month + 3 : month - 9,
                       doy - (153 * month + 2) / 5 + 1, time / 3600000,
                       time / 60000 % 60, time / 1000 % 60, time % 1000);
}

/* A number, or NULL if it is not known. */
static const char *historyNumber(Arena *a, i64 n)
{
    return n < 0 ? "NULL" : text_format(a, "%lld", n);
}

/* A text, or NULL where there is none. */
static const char *historyText(Arena *a, Text t)
{
    return t.z ? text_format(a, "%TQ", t) : "NULL";
}

MIG_FUNC const char *history_insert_log(Arena *a, const LogEntry *e)
{
    return text_format(a, "INSERT INTO main._migrate_log (revision, operation, status, "
        "message, down_revisions, depends_on, branch_labels, started_at, "
        "duration_ms, checksum, actor, tool, error, downgrade, backup, owner)\n"
        "VALUES (%s, %Q, %Q, %s, %Q, %Q, %Q, %Q, %s, %Q, %Q, %Q, %Q, %Q, %Q, %Q)",
        historyText(a, e->revision), e->operation, e->status,
        historyText(a, e->message), e->down_revisions, e->depends_on,
        e->branch_labels, history_time(a, e->started),
        historyNumber(a, e->duration), e->checksum, file_user(a),
        "migrate " MIGRATE_VERSION, e->error, e->downgrade, e->backup,
        e->owner);
}

MIG_FUNC const char *history_log_statement(Arena *a, Text revision, Text sql)
{
    return text_format(a, "UPDATE main._migrate_log SET statement = %TQ "
        "WHERE revision = %TQ AND status = 'started'", sql, revision);
}

MIG_FUNC const char *history_log_done(Arena *a, const LogEntry *e)
{
    return text_format(a, "UPDATE main._migrate_log SET status = %Q, duration_ms = %s, "
        "error = %Q, owner = NULL%s\nWHERE revision = %TQ AND status = 'started'", e->status,
        historyNumber(a, e->duration), e->error,
        e->error ? "" : ", statement = NULL", e->revision);
}

MIG_FUNC const char *history_log_decided(void)
{
    return "UPDATE main._migrate_log SET status = 'failed', "
        "owner = NULL, error = 'interrupted; decided by stamp' WHERE status = 'started'";
}


MIG_FUNC Started history_started(Arena *a, sqlite3 *db)
{
    Started started = {{0}, {0}, {0}, {0}};
    sqlite3_stmt *stmt = NULL;

    if (history_has_log(a, db))
        stmt = db_prepare(a, db, "SELECT revision, operation, statement, owner "
            "FROM main._migrate_log WHERE status = 'started' ORDER BY id LIMIT 1");
    if (db_step(a, stmt)) {
        started.revision = db_text(a, stmt, 0);
        started.operation = db_text(a, stmt, 1);
        started.statement = db_text(a, stmt, 2);
        started.owner = db_text(a, stmt, 3);
        if (!started.revision.z)
            started.revision = text_of("?");
    }
    db_finish(stmt);
    return started;
}

/* The mark of a revision, made if it has none. */
static HistoryMark *historyMark(Arena *a, HistoryMarks *marks, Map *known,
                                Text revision)
{
    int i = map_add(a, known, revision, marks->n);

    if (i >= 0)
        return &marks->v[i];
    if (!ARENA_PUSH(a, marks->v, marks->n, marks->cap))
        return NULL;
    marks->v[marks->n].revision = revision;
    return &marks->v[marks->n++];
}

MIG_FUNC HistoryMarks history_marks(Arena *a, sqlite3 *db)
{
    HistoryMarks marks = {0};
    Map known;
    sqlite3_stmt *stmt = NULL;

    map_init(a, &known, 0);
    if (history_has_log(a, db))
        stmt = db_prepare(a, db, "SELECT revision, operation, checksum, started_at, "
            "message, down_revisions, id, depends_on, branch_labels "
            "FROM main._migrate_log "
            "WHERE status = 'done' AND revision IS NOT NULL ORDER BY id");
    while (db_step(a, stmt)) {
        HistoryMark *mark = historyMark(a, &marks, &known, db_text(a, stmt, 0));
        Text operation = db_text(a, stmt, 1);
        if (!mark)
            break;
        mark->log_id = db_int(stmt, 6);
        if (text_is(operation, "downgrade")) {
            mark->checksum = mark->applied_at = text_of(NULL);
            continue;
        }
        mark->checksum = db_text(a, stmt, 2);
        if (!mark->applied_at.z || text_is(operation, "upgrade"))
            mark->applied_at = db_text(a, stmt, 3);
        mark->message = db_text(a, stmt, 4);
        mark->down_revisions = db_text(a, stmt, 5);
        mark->depends_on = db_text(a, stmt, 7);
        mark->branch_labels = db_text(a, stmt, 8);
    }
    db_finish(stmt);
    return marks;
}

MIG_FUNC Text history_downgrade(Arena *a, sqlite3 *db, i64 log_id)
{
    Text downgrade = {NULL, 0};
    sqlite3_stmt *stmt = db_prepare(a, db, "SELECT downgrade FROM main._migrate_log "
                                    "WHERE id = %lld", log_id);

    if (db_step(a, stmt))
        downgrade = db_text(a, stmt, 0);
    db_finish(stmt);
    return downgrade;
}
