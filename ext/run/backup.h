/*
** A copy of the database, made before a command changes it.
**
** With the setting backup = on it is <database>.<UTC time>.bak; a path as the
** setting's value is the file.  SQLite's backup interface makes it, which is right
** for WAL too: https://www.sqlite.org/backup.html.  It is complete and synced
** before anything changes, and never written over a file that is there.
*/
#ifndef MIG_BACKUP_H
#define MIG_BACKUP_H

#include "runner.h"

/* Makes the copy that the settings ask for, if any; r->backup is its path.
** Errors: io, locked, in-transaction, unsupported (a database in memory). */
MIG_FUNC void backup_make(Runner *r);

/* Takes it away again: the command found nothing to do. */
MIG_FUNC void backup_unmake(Runner *r);

#endif
