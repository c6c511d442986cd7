/*
** A schema as data: what a database has, or what a model says it should have.
**
** An object keeps the text that sqlite_schema has of it; what the text says is
** read when it is asked for (sql/ddl.h), because most objects of two schemas are
** the same to the byte.  What is not the user's (owner.h) is left out.
*/
#ifndef MIG_MODEL_H
#define MIG_MODEL_H

#include "../base/db.h"
#include "../base/map.h"
#include "../sql/ddl.h"
#include "owner.h"

typedef struct ModelObject {
    DdlKind kind;
    Text name;
    Text table;         /* what an index or a trigger is on; else its own name */
    Text key;           /* kind and name in lower case: unique in a model */
    Text sql;           /* as sqlite_schema has it */
    Text hint;          /* "migrate:renamed-from" before the statement, or empty */
} ModelObject;

typedef struct Model {
    ModelObject *v;     /* in the order in which they were made */
    int n, cap;
    Map key;            /* a key's place in v */
    Names skipped;      /* a model's statements about rows, left out: where and what */
} Model;

/* The schema of main of db; owned is an owner_condition(). */
MIG_FUNC Model model_of(Arena *a, sqlite3 *db, const char *owned);

/* One text of a model: a file. */
typedef struct ModelText {
    const char *name;           /* for messages */
    Text text;
} ModelText;

typedef struct ModelTexts {
    ModelText *v;
    int n, cap;
} ModelTexts;

/* Reads the model at path: a file, or a directory of *.sql.  Errors: io. */
MIG_FUNC ModelTexts model_read(Arena *a, const char *path);

/* True if the text is a SQLite database. */
MIG_FUNC int model_is_database(Text text);

/* What the texts, run on a scratch database that is set up like db, make.  Where
** they say to the byte what there is already, in is that, and nothing is run; in
** may be NULL.
** Errors: sql-error with file, line and column. */
MIG_FUNC Model model_run(Arena *a, sqlite3 *db, const ModelTexts *texts,
                         const char *owned, const Model *in);

/* The object of that kind and name, or NULL. */
MIG_FUNC const ModelObject *model_find(Arena *a, const Model *model, DdlKind kind,
                                       Text name);

/* The table, virtual table or view of that name, or NULL. */
MIG_FUNC const ModelObject *model_find_table(Arena *a, const Model *model, Text name);

#endif
