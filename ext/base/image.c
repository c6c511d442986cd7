/*
** A database as bytes in memory.  See image.h.
**
** This is what sqlite3_deserialize() and sqlite3_serialize() are for; but an
** extension can call them only since SQLite 3.39.  What they stand on, the VFS
** "memdb", is in every library that this runs on: bytes are written to, and read
** from, the one file that a connection to it has.
*/
#include "image.h"

#include <limits.h>

/* The file behind the connection, before anything was read from it. */
static sqlite3_file *imageFile(Arena *a, sqlite3 *image)
{
    sqlite3_file *file = NULL;
    int rc = sqlite3_file_control(image, "main", SQLITE_FCNTL_FILE_POINTER, &file);

    if (rc != SQLITE_OK)
        db_fail(a, image, rc, ERR_IO);
    return ok(a) ? file : NULL;
}

static void imageFill(Arena *a, sqlite3 *image, Text bytes)
{
    sqlite3_file *file = imageFile(a, image);
    int rc;

    if (!file)
        return;
    rc = file->pMethods->xWrite(file, bytes.z, bytes.n, 0);
    if (rc == SQLITE_FULL || rc == SQLITE_NOMEM || rc == SQLITE_IOERR_NOMEM)
        err_set(a->err, ERR_NO_MEMORY, "no room for %d bytes", bytes.n);
    else if (rc != SQLITE_OK)
        db_fail(a, image, rc, ERR_IO);
}

/* Bytes from elsewhere: no trigger, view or function in their schema is run. */
static void imageGuard(Arena *a, sqlite3 *image)
{
    static const struct { int op, on; } guard[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1}, {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
    };
    size_t i;
    int on;

    for (i = 0; i < sizeof guard / sizeof *guard; i++)
        sqlite3_db_config(image, guard[i].op, guard[i].on, &on);
    db_exec(a, image, "PRAGMA query_only = ON; PRAGMA cell_size_check = ON");
}

MIG_FUNC sqlite3 *image_open(Arena *a, Text bytes)
{
    sqlite3 *image = NULL;
    int rc;

    if (!ok(a))
        return NULL;
    if (!sqlite3_vfs_find("memdb")) {
        err_set(a->err, ERR_UNSUPPORTED, "this SQLite was built without databases "
                "in memory (SQLITE_OMIT_DESERIALIZE)");
        return NULL;
    }
    rc = sqlite3_open_v2("migrate", &image, SQLITE_OPEN_READWRITE
                         | SQLITE_OPEN_CREATE | SQLITE_OPEN_PRIVATECACHE, "memdb");
    if (rc != SQLITE_OK && image)
        db_fail(a, image, rc, ERR_IO);
    else if (rc != SQLITE_OK)
        err_set(a->err, ERR_NO_MEMORY, "out of memory");
    if (ok(a) && bytes.n) {
        imageFill(a, image, bytes);
        imageGuard(a, image);
    }
    if (ok(a))
        return image;
    image_close(image);
    return NULL;
}

MIG_FUNC void image_close(sqlite3 *image)
{
    sqlite3_close(image);
}

MIG_FUNC Text image_bytes(Arena *a, sqlite3 *image)
{
    sqlite3_file *file = imageFile(a, image);
    Text bytes = {NULL, 0};
    i64 n = 0;
    int rc;
    char *to;

    if (!file)
        return bytes;
    rc = file->pMethods->xFileSize(file, &n);
    to = rc == SQLITE_OK && n < INT_MAX ? ARENA_NEW(a, char, n) : NULL;
    if (to)
        rc = file->pMethods->xRead(file, to, (int)n, 0);
    if (rc != SQLITE_OK)
        db_fail(a, image, rc, ERR_IO);
    else if (!to)
        err_set(a->err, ERR_NO_MEMORY, "no room for %lld bytes", n);
    bytes.z = to;
    bytes.n = ok(a) ? (int)n : 0;
    return bytes;
}
