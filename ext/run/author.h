/*
** New revisions: checked against the graph before their file is written.
*/
#ifndef MIG_AUTHOR_H
#define MIG_AUTHOR_H

#include "project.h"

/* Writes a new revision; its path.  options is a JSON object, NULL for none:
**
**   head           target(s) that it revises; default "head" (a text or an array)
**   splice         true: a head need not be one
**   branch_label   label(s) of the new revision
**   depends_on     target(s) that it depends on
**   rev_id         its id; default 12 random hex digits
**   version_path   the directory it goes to, one of version_locations
**
** Errors: usage, those of the targets and of the graph, io. */
MIG_FUNC const char *author_revision(Arena *a, Session *session, Text message,
                                     const char *options);

/* The same for a revision that merges the revisions named, separated by blanks
** or commas. */
MIG_FUNC const char *author_merge(Arena *a, Session *session, Text revisions,
                                  Text message, const char *options);

/* Makes a new source; what it wrote, a line each. */
MIG_FUNC const char *author_init(Arena *a, Session *session, const char *dir);

#endif
