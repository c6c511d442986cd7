/*
** A change of the schema under way: the connection, who hears of each statement,
** and the few means that the ways of a change share.
**
** In place means that the text in sqlite_schema is edited.  It is read again at
** once; other connections hear of it by the DROP TABLE that follows.
** Source: https://www.sqlite.org/lang_altertable.html#otheralter.
*/
#ifndef MIG_WORK_H
#define MIG_WORK_H

#include "../base/db.h"

/* Who hears of a change; what is NULL is not told. */
typedef struct ChangeHost {
    void *context;
    int is_script;      /* what runs is written down: rows move in one statement */
    /* how the table is changed, before it is: "in-place" or "rebuild" */
    void (*announce)(void *context, Text table, const char *way);
    void (*write)(void *context, Text sql);     /* a statement has run */
    void (*check)(void *context, Text select);  /* what must be true, was asked */
    /* nDone of nTotal rows of the table are moved: other than 0 stops the change */
    int (*progress)(void *context, Text table, i64 ndone, i64 ntotal);
} ChangeHost;

typedef struct Work {
    Arena *a;
    sqlite3 *db;
    const ChangeHost *host;
    Text schema;        /* the database that the table is in */
    int is_quiet;       /* a rehearsal: nobody hears of it */
    int writable, defensive, legacy;    /* settings as they were */
    int strings_ddl, strings_dml, unchecked;
    i64 rowid;          /* sqlite3_last_insert_rowid(), too */
} Work;

/* Begins a change within a savepoint; work_end() keeps it, or undoes it if the Err
** is set, and puts the settings back. */
MIG_FUNC void work_begin(Work *w, Arena *a, sqlite3 *db, Text schema,
                         const ChangeHost *host);
MIG_FUNC void work_end(Work *w);

/* From here on a word in double quotes that names nothing is a string, as it was where
** the schema was made; the host may have that forbidden.  False if it has not. */
MIG_FUNC int work_allow_strings(Work *w);

/* Runs one statement, and says so to the host.  Errors: as db_exec(). */
MIG_FUNC void work_run(Work *w, const char *format, ...);

/* Asks whether rows of a table are as the condition says: true if there is one.  The
** host hears of it, so that a script can ask again. */
MIG_FUNC int work_any(Work *w, const char *table, const char *condition);

/* A name that no object of the database has. */
MIG_FUNC Text work_free_name(Work *w, const char *prefix);

/* Between these sqlite_schema may be written; the schema is read again after. */
MIG_FUNC void work_edit_begin(Work *w);
MIG_FUNC void work_edit_end(Work *w);

/* Raises the schema's number, by which other connections hear of an edit. */
MIG_FUNC void work_note(Work *w);

/* What SQLite returns when it is to read the table: it makes one whose generated columns
** are made of themselves, too. */
MIG_FUNC int work_read(Work *w, Text table);

/* Runs what follows on trial: work_try_end() undoes it, but keeps the Err. */
MIG_FUNC void work_try_begin(Work *w);
MIG_FUNC void work_try_end(Work *w);

#endif
