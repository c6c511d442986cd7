/*
** Trying revisions: each is run up, down and up again on a scratch database.
**
** The database begins empty and takes the way of an upgrade from base, with the rows
** of seed.sql on it (seed.h).  Up runs there; down and up again on a copy of what it
** made, so that one downgrade that fails is the trouble of one revision.  After down
** the schema must be what it was before, after the second up what the first one made:
** the user's part of it, whatever the spelling.  No file but the source is touched:
** a revision cannot attach one.
*/
#ifndef MIG_TRIAL_H
#define MIG_TRIAL_H

#include "session.h"

/* Tries the revisions that an upgrade to target runs; for a range A:B those of them
** that are in it; with z NULL all.  JSON, an array of an object for each:
**
**      revision, message
**      up          "ok", "failed"; "skipped", if one that it stands on failed
**      down        "ok", "differs", "failed", "irreversible"; null, if not tried
**      again       "ok", "differs", "failed"; null, if not tried
**      ok          true, if nothing is to be mended
**      error       what failed first; or null
**      difference  how the schema differs, and after which; or null
**
** Errors: those of the source and the target, and of seed.sql's text. */
MIG_FUNC const char *trial_run(Arena *a, Session *session, Text target);

#endif
