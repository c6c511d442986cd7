/*
** Who runs a section outside of a transaction.  See worker.h.
*/
#include "worker.h"

#include "../base/file.h"

MIG_FUNC void worker_begin(Arena *a, Worker *worker, const Session *session)
{
    memset(worker, 0, sizeof *worker);
    worker->name = text_format(a, "%s/%p", file_process(a), (const void *)session);
    if (!ok(a))
        return;
    worker->vfs = *sqlite3_vfs_find(NULL);
    worker->vfs.zName = worker->name;
    worker->vfs.pNext = NULL;
    if (sqlite3_vfs_register(&worker->vfs, 0) != SQLITE_OK)
        err_set(a->err, ERR_NO_MEMORY, "out of memory");
}

MIG_FUNC void worker_end(Worker *worker)
{
    if (worker->vfs.zName)
        sqlite3_vfs_unregister(&worker->vfs);
}

MIG_FUNC int worker_lives(Arena *a, Text name)
{
    Text rest = name, process = text_cut(&rest, '/');

    if (text_is(process, file_process(a)))
        return sqlite3_vfs_find(text_copy(a, name)) != NULL;
    return file_process_lives(a, process);
}
