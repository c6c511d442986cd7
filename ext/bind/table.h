/*
** Eponymous virtual tables: one module that serves them all.
**
** A table is described by a TableDef.  When a query begins, open() reads what the
** rows are made of; each value is made when it is asked for, so that a listing of
** ten thousand revisions does not compute what nobody looks at.
*/
#ifndef MIG_TABLE_H
#define MIG_TABLE_H

#include "../run/session.h"

#define TABLE_ARG_MAX 2

typedef struct TableCursor TableCursor;

typedef struct TableDef {
    const char *name;
    const char *columns;        /* of CREATE TABLE; HIDDEN ones are arguments or
                                ** extras that SELECT * leaves out */
    int arg;                    /* the first column that is an argument */
    int narg;
    int is_direct;              /* it runs SQL of files: never for a view or a trigger,
                                ** which may be those of a hostile database */
    /* Reads; sets cursor->nrow and cursor->data.  An argument that was not given
    ** has z NULL; with one that is NULL there are no rows. */
    void (*open)(TableCursor *cursor, const Text *arg);
    /* The value of a column in row cursor->row: one of the sqlite3_result_
    ** functions is called, or none for NULL. */
    void (*column)(TableCursor *cursor, sqlite3_context *context, int column);
} TableDef;

struct TableCursor {
    sqlite3_vtab_cursor base;
    Session *session;
    const TableDef *def;
    Err err;
    Arena a;                    /* lives as long as the rows */
    void *data;                 /* what open() made, in a */
    int row, nrow;
    Text arg[TABLE_ARG_MAX];
};

/* The tables. */
MIG_FUNC const TableDef tableRevisions, tableHistory, tablePlan, tableSettings;

/* For hosts without a source: what the version rows are. */
MIG_FUNC const TableDef tableVersion;

/* Registers the tables on the session's connection; an SQLite result code. */
MIG_FUNC int table_register(Session *session, const TableDef *def);

/* Results. */
MIG_FUNC void table_result(sqlite3_context *context, Text t);   /* NULL if z is */
MIG_FUNC void table_result_z(sqlite3_context *context, const char *z);

#endif
