/*
** Squashing: one revision that stands for a line of others (graph/replace.h).
**
** Its sections are those of the line, put together: the upgrades in order, the
** downgrades in reverse, the author's text untouched, data statements, comments
** and conditions included.  Before its file is written, the line and the new
** revision are run on two scratch databases, which must end the same.
*/
#ifndef MIG_SQUASH_H
#define MIG_SQUASH_H

#include "author.h"

/* Writes the revision that replaces range, "A:B", both included; its path.
** options is a JSON object, NULL for none: branch_label, rev_id and version_path,
** as for a new revision.
**
** Errors: bad-range (no line of two or more, or something hangs on its inside),
** unsupported (sections that cannot be put together), unproved, usage, those of
** targets, of running the line, and io. */
MIG_FUNC const char *squash_revision(Arena *a, Session *session, Text range,
                                     Text message, const char *options);

#endif
