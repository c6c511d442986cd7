/*
** A revision that is to be written, proved: run up, down and up again on scratch
** copies of the database's schema, without rows and with rows in every table.
*/
#ifndef MIG_PROVE_H
#define MIG_PROVE_H

#include "../schema/generate.h"
#include "author.h"

typedef struct Proof {
    Session *session;
    sqlite3 *base;                  /* a scratch copy of the database's schema, from
                                    ** which others are made; it stays as it is */
    const char *owned;          /* what is compared: an owner_condition() */
    const Diff *up;                 /* from the database to the model */
    const AuthorFile *file;         /* the revision, not yet on the disk */
    int nreview_up, nreview_down;   /* what may fail for some rows, and says so */
} Proof;

/* Errors: unproved, with what is not as it should be. */
MIG_FUNC void prove_revision(Arena *a, const Proof *proof);

#endif
