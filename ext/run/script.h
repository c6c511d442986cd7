/*
** A script: SQL written down while the runner works on a scratch database, for
** somebody to run with the sqlite3 shell.
**
** The script does what the command would do and checks what it would check: that
** the version rows are those it was made for, and each verify section.  In plain
** SQL a check is a row that a CHECK constraint of a temporary table refuses.
**
** What it cannot say: double-quoted strings are read as the shell is set up to
** read them (.dbconfig dqs_dml); functions of a host are not in the shell;
** random(), the clock and last_insert_rowid() of what ran before a section answer
** anew.  A line of nothing but "/" or "go" within a statement ends it for the shell
** and gets an empty comment, which a stored schema then keeps.
*/
#ifndef MIG_SCRIPT_H
#define MIG_SCRIPT_H

#include "../sql/token.h"

typedef struct Script {
    sqlite3_str *out;
    int nstatement;         /* written so far */
    int is_muted;           /* what happens now is not a part of it */
    int is_range;           /* made for a range: no database was asked */
    int is_exact;           /* the scratch database has the rows, too */
    int has_check;          /* the temporary table is there */
    int foreign_keys;       /* enforcement where the script will run */
    int saw_rows;           /* a condition read rows that are not there */
    i64 clock;              /* the time that its log rows bear */
} Script;

MIG_FUNC void script_init(Script *script, i64 clock);

/* One statement, without its semicolon. */
MIG_FUNC void script_statement(Script *script, Text sql);

/* The switch of foreign key enforcement. */
MIG_FUNC void script_foreign_keys(Script *script, int on);

/* A comment of one line. */
MIG_FUNC void script_comment(Script *script, const char *z);

/* Stops the script here unless the SELECT gives a row whose first of ncolumn
** columns is true. */
MIG_FUNC void script_check(Arena *a, Script *script, Text select, int ncolumn);

/* Forgets what was written. */
MIG_FUNC void script_clear(Script *script);

/* The script, with its head; "" if nothing was written.  script is released. */
MIG_FUNC const char *script_finish(Arena *a, Script *script, const char *head);

/* The value as SQL has it written: it reads back as the same value. */
MIG_FUNC const char *script_literal(Arena *a, sqlite3_value *value);

/* On the scratch connection, while a condition is compiled: notes in saw_rows
** whether it reads more than the schema. */
MIG_FUNC void script_watch(Script *script, sqlite3 *scratch, int on);

#endif
