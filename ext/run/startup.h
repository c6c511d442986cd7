/*
** What an application asks for when it starts.
**
** On a developer's machine, with ENVIRONMENT=development and DB_AUTO_MIGRATE true,
** the database is upgraded to the heads.  Anywhere else nothing is changed; if
** revisions are pending, sqlite3_log() is told, with SQLITE_WARNING.
*/
#ifndef MIG_STARTUP_H
#define MIG_STARTUP_H

#include "session.h"

/* True if the environment says that a start upgrades: DB_AUTO_MIGRATE is true, 1,
** yes or on, in any case. */
MIG_FUNC int startup_upgrades(void);

/* Upgrades or warns; the number of revisions that are pending then.  Errors: those
** of an upgrade, or of its plan. */
MIG_FUNC i64 startup_run(Arena *a, Session *session);

#endif
