/*
** The statements that turn one schema into another, as a person would write them.
**
** Where ALTER TABLE of SPEC section 7 can say it, a table's change is one of these;
** otherwise, and always if plain is asked for, it is SQLite's own ALTER TABLE or the
** twelve steps of https://www.sqlite.org/lang_altertable.html#otheralter.
**
** Order: what is in the way goes first (triggers, views, indexes); then names change;
** new tables, changed ones, those that go; then indexes, views and triggers.
*/
#ifndef MIG_GENERATE_H
#define MIG_GENERATE_H

#include "diff.h"

typedef struct GenerateOptions {
    int is_plain;           /* SQLite's own SQL only */
    int is_down;            /* what it brings back has to hold for rows that are there */
    int is_wide;            /* views and triggers go out of the way whether or not they
                            ** seem to have to do with a table that changes */
} GenerateOptions;

typedef struct Generated {
    const char *sql;        /* the statements, with comments; "" for none */
    int no_foreign_keys;    /* the section needs foreign_keys:off */
    int nreview;            /* statements that fail on some rows */
} Generated;

MIG_FUNC Generated generate_sql(Arena *a, const Diff *diff,
                                const GenerateOptions *options);

#endif
