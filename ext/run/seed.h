/*
** seed.sql beside migrate.ini: rows for trying revisions on.
**
** Each of its statements is run once, as soon as it compiles: after the revision that
** makes the last table or column that it names.  So the file needs no word about
** revisions, and every revision after that meets the rows.
*/
#ifndef MIG_SEED_H
#define MIG_SEED_H

#include "../sql/statement.h"
#include "../base/db.h"
#include "../source/tree.h"

typedef struct SeedItem {
    Text sql;
    Place place;
    int is_done;
} SeedItem;

typedef struct Seed {
    const char *name;           /* "seed.sql" */
    SeedItem *v;
    int n, cap;
} Seed;

/* The file, as a source names it. */
#define SEED_FILE "seed.sql"

/* Reads a source's file; no statements, if there is none.  Errors: sql-error, where
** something else than SELECT, INSERT, UPDATE or DELETE stands in it; io. */
MIG_FUNC Seed seed_read(Arena *a, const Tree *tree);

/* Runs what compiles by now.  Errors: those of the first statement that fails. */
MIG_FUNC void seed_run(Arena *a, Seed *seed, sqlite3 *db);

/* Reports the first statement that was never run.  Errors: sql-error. */
MIG_FUNC void seed_check(Arena *a, const Seed *seed, sqlite3 *db);

#endif
