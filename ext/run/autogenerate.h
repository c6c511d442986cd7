/*
** The model against the database: what differs, and a revision that does away with
** it, proved before it is written.
*/
#ifndef MIG_AUTOGENERATE_H
#define MIG_AUTOGENERATE_H

#include "../schema/diff.h"
#include "author.h"

/* Both schemas and what differs. */
typedef struct Autogenerate {
    Project project;
    const char *owned;          /* an owner_condition() */
    Model from, to;
    Diff diff;
} Autogenerate;

/* Compares.  model is the path of a file, a directory or a database; empty: that of
** the settings.  Errors: those of the source, io, sql-error (the model does not
** run). */
MIG_FUNC void autogenerate_diff(Arena *a, Session *session, Text model,
                                Autogenerate *out);

/* As author_revision(); with the option "autogenerate" the sections are written, too,
** and these count:
**
**   model          the model
**   renames        {"old": "new"}: tables, or columns as "table.column"
**   plain          true: SQLite's own SQL only
**   allow_empty    true: a revision even if nothing differs
**
** Returns NULL, and writes nothing, if nothing differs.  Errors: not-at-head,
** unproved, those of autogenerate_diff() and author_revision(). */
MIG_FUNC const char *autogenerate_revision(Arena *a, Session *session, Text message,
                                           const char *options);

#endif
