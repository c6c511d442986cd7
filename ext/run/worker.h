/*
** Who runs a section outside of a transaction, and whether that is still so.
**
** Another process is asked for by its number and age (base/file.h).  Within this one
** the connections that run such a section are known to SQLite: each lends it a VFS
** of its name meanwhile, which nobody opens a file with.  So what a connection left
** half done, and could not even say so (the disk is full), does not look as if it
** were still at work.
*/
#ifndef MIG_WORKER_H
#define MIG_WORKER_H

#include "session.h"

typedef struct Worker {
    const char *name;       /* what the log has of it */
    sqlite3_vfs vfs;
} Worker;

/* From worker_begin() to worker_end() the connection runs a section. */
MIG_FUNC void worker_begin(Arena *a, Worker *worker, const Session *session);
MIG_FUNC void worker_end(Worker *worker);

/* Whether the worker that the log names is at work. */
MIG_FUNC int worker_lives(Arena *a, Text name);

#endif
