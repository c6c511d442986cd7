/*
** What the database remembers: the version table and the log.
**
** _migrate_version(version_num) has a row for each current head, in Alembic's own
** shape; its name is a setting.  _migrate_log has a row for each operation, and
** for each applied revision its place in the graph and its downgrade.  Both are
** ordinary tables of main, made when first needed.
**
** What changes them is handed out as SQL, because the runner may write it down
** instead (a script).
*/
#ifndef MIG_HISTORY_H
#define MIG_HISTORY_H

#include "../base/db.h"
#include "../base/digest.h"

/* True if the table is there.  Errors: unsupported, if it is not as it is made
** here, or by Alembic. */
MIG_FUNC int history_has_version(Arena *a, sqlite3 *db, const char *table);
MIG_FUNC int history_has_log(Arena *a, sqlite3 *db);

/* The version rows, sorted; none if there is no version table.  Errors:
** unsupported; unknown-current, if one is no text. */
MIG_FUNC Names history_rows(Arena *a, sqlite3 *db, const char *table);

/* The same, whatever is in them. */
MIG_FUNC Names history_any_rows(Arena *a, sqlite3 *db, const char *table);

/* The same as history_rows(), of a table that is known to be there and good. */
MIG_FUNC Names history_rows_again(Arena *a, sqlite3 *db, const char *table);

/* One row of the log.  Texts may be NULL. */
typedef struct LogEntry {
    const char *operation;      /* "upgrade", "downgrade", "stamp" */
    const char *status;         /* "started", "done", "failed" */
    Text revision;
    Text message;
    const char *down_revisions; /* JSON arrays */
    const char *depends_on, *branch_labels;
    i64 started;                /* milliseconds since 1970 */
    i64 duration;               /* milliseconds; -1: not known */
    const char *checksum;
    const char *error;
    const char *downgrade;      /* the section, its directive included */
    const char *backup;         /* the path of the copy made before */
    const char *owner;          /* of what has started: see worker.h */
} LogEntry;

MIG_FUNC const char *history_create_version(Arena *a, const char *table);
MIG_FUNC const char *history_create_log(void);
MIG_FUNC const char *history_delete_row(Arena *a, const char *table, Text id);
MIG_FUNC const char *history_delete_rows(Arena *a, const char *table);
MIG_FUNC const char *history_insert_row(Arena *a, const char *table, Text id);
MIG_FUNC const char *history_insert_log(Arena *a, const LogEntry *entry);

/* Of the entry that says an operation has started: which statement runs now, that
** it is done, that somebody decided what became of it. */
MIG_FUNC const char *history_log_statement(Arena *a, Text revision, Text sql);
MIG_FUNC const char *history_log_done(Arena *a, const LogEntry *entry);
MIG_FUNC const char *history_log_decided(void);

/* The operation outside of a transaction that has started and did not end yet. */
typedef struct Started {
    Text revision;              /* z NULL: there is none */
    Text operation;
    Text statement;             /* which it is at */
    Text owner;                 /* who runs it, or did */
} Started;
MIG_FUNC Started history_started(Arena *a, sqlite3 *db);

/* What the log says of each revision that was ever upgraded or stamped. */
typedef struct HistoryMark {
    Text revision;
    i64 log_id;                 /* the log's last word on it */
    Text checksum;              /* as it was applied; z NULL: not known, or */
    Text applied_at;            /* undone since */
    Text message;
    Text down_revisions, depends_on, branch_labels;     /* JSON */
} HistoryMark;

typedef struct HistoryMarks {
    HistoryMark *v;
    int n, cap;
} HistoryMarks;
MIG_FUNC HistoryMarks history_marks(Arena *a, sqlite3 *db);

/* The downgrade that a row of the log keeps; z NULL for none. */
MIG_FUNC Text history_downgrade(Arena *a, sqlite3 *db, i64 log_id);

/* The time in UTC, ISO 8601. */
MIG_FUNC const char *history_time(Arena *a, i64 ms);

#endif
