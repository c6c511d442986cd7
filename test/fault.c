/*
** Makes every allocation, or every operation on a file, fail in turn while some
** SQL runs, and looks at what is left.
**
**     fault malloc|io once|on DATABASE SETUP BODY [STEP]
**
** For n = 1, 2, 3, ... (or, with STEP, only every so many) a fresh DATABASE is made with SETUP; BODY runs while the
** n-th call fails (and with "on" every later one too); until BODY runs to its end
** without a fault.  Each time:
**
**   - the connection can be used, is in autocommit, and has the settings it had;
**   - it closes, and no memory of SQLite's is left;
**   - the file, opened afresh, passes integrity_check and is as it was before BODY
**     or as it is after BODY, the log of attempts aside;
**   - an error is reported unless BODY did all it had to do;
**   - BODY, run again without a fault, does its work.
**
** Prints the number of faults and what came of them; exits with 1 at the first
** that was not borne.
*/
#include "../ext/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- what fails ---- */

static int isArmed;         /* faults are counted and made */
static int isOn;            /* all after the first fail, too */
static long countdown;      /* calls until the fault */
static long nfault;         /* faults made in this round */

static int fault(void)
{
    if (!isArmed)
        return 0;
    if (countdown > 0 && --countdown > 0)
        return 0;
    if (nfault > 0 && !isOn)
        return 0;
    nfault++;
    return 1;
}

/* ---- memory ---- */

static sqlite3_mem_methods memory;

static void *fault_malloc(int n)
{
    return fault() ? NULL : memory.xMalloc(n);
}

static void *fault_realloc(void *p, int n)
{
    return fault() ? NULL : memory.xRealloc(p, n);
}

/* ---- files: a VFS in front of the real one ---- */

typedef struct FaultFile {
    sqlite3_file base;
    sqlite3_file *real;
} FaultFile;

static sqlite3_vfs *realVfs;
static int isIo;

static int io_fault(void)
{
    return isIo && fault();
}

#define REAL(f) (((FaultFile *)(f))->real)

static int f_close(sqlite3_file *f)
{
    int rc = REAL(f)->pMethods ? REAL(f)->pMethods->xClose(REAL(f)) : SQLITE_OK;
    return rc;
}

static int f_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    return io_fault() ? SQLITE_IOERR_READ
                      : REAL(f)->pMethods->xRead(REAL(f), to, n, at);
}

static int f_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
    if (io_fault()) {
        REAL(f)->pMethods->xWrite(REAL(f), from, n / 2, at);    /* torn */
        return SQLITE_FULL;
    }
    return REAL(f)->pMethods->xWrite(REAL(f), from, n, at);
}

static int f_truncate(sqlite3_file *f, sqlite3_int64 n)
{
    return io_fault() ? SQLITE_IOERR_TRUNCATE
                      : REAL(f)->pMethods->xTruncate(REAL(f), n);
}

/* The machine keeps its power here: a sync that succeeds need not happen. */
static int f_sync(sqlite3_file *f, int flags)
{
    (void)f;
    (void)flags;
    return io_fault() ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int f_size(sqlite3_file *f, sqlite3_int64 *n)
{
    return io_fault() ? SQLITE_IOERR_FSTAT
                      : REAL(f)->pMethods->xFileSize(REAL(f), n);
}

static int f_lock(sqlite3_file *f, int level)
{
    return io_fault() ? SQLITE_IOERR_LOCK
                      : REAL(f)->pMethods->xLock(REAL(f), level);
}

static int f_unlock(sqlite3_file *f, int level)
{
    return REAL(f)->pMethods->xUnlock(REAL(f), level);
}

static int f_reserved(sqlite3_file *f, int *out)
{
    return io_fault() ? SQLITE_IOERR_CHECKRESERVEDLOCK
                      : REAL(f)->pMethods->xCheckReservedLock(REAL(f), out);
}

static int f_control(sqlite3_file *f, int op, void *arg)
{
    return REAL(f)->pMethods->xFileControl(REAL(f), op, arg);
}

static int f_sector(sqlite3_file *f)
{
    return REAL(f)->pMethods->xSectorSize(REAL(f));
}

static int f_traits(sqlite3_file *f)
{
    return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f));
}

static int f_map(sqlite3_file *f, int page, int size, int extend,
                 void volatile **out)
{
    return io_fault() ? SQLITE_IOERR_SHMMAP
        : REAL(f)->pMethods->xShmMap(REAL(f), page, size, extend, out);
}

static int f_shmlock(sqlite3_file *f, int at, int n, int flags)
{
    return REAL(f)->pMethods->xShmLock(REAL(f), at, n, flags);
}

static void f_barrier(sqlite3_file *f)
{
    REAL(f)->pMethods->xShmBarrier(REAL(f));
}

static int f_unmap(sqlite3_file *f, int is_delete)
{
    return REAL(f)->pMethods->xShmUnmap(REAL(f), is_delete);
}

static const sqlite3_io_methods fileMethods = {
    2, f_close, f_read, f_write, f_truncate, f_sync, f_size, f_lock, f_unlock,
    f_reserved, f_control, f_sector, f_traits, f_map, f_shmlock, f_barrier, f_unmap,
    NULL, NULL
};

static int v_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags,
                  int *out)
{
    FaultFile *file = (FaultFile *)f;
    int rc;

    (void)vfs;
    file->base.pMethods = NULL;
    file->real = (sqlite3_file *)(file + 1);
    if (io_fault())
        return SQLITE_CANTOPEN;
    rc = realVfs->xOpen(realVfs, name, file->real, flags, out);
    if (rc == SQLITE_OK)
        file->base.pMethods = &fileMethods;
    return rc;
}

static int v_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    return io_fault() ? SQLITE_IOERR_DELETE : realVfs->xDelete(realVfs, name, sync);
}

static int v_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)vfs;
    return io_fault() ? SQLITE_IOERR_ACCESS
                      : realVfs->xAccess(realVfs, name, flags, out);
}

static int v_full(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
    (void)vfs;
    return realVfs->xFullPathname(realVfs, name, n, out);
}

static void fault_install(int io)
{
    static sqlite3_vfs vfs;
    sqlite3_mem_methods faulty;

    isIo = io;
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
    if (!io) {
        sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory);
        faulty = memory;
        faulty.xMalloc = fault_malloc;
        faulty.xRealloc = fault_realloc;
        sqlite3_config(SQLITE_CONFIG_MALLOC, &faulty);
    }
    sqlite3_initialize();
    realVfs = sqlite3_vfs_find(NULL);
    vfs = *realVfs;
    vfs.szOsFile = (int)sizeof(FaultFile) + realVfs->szOsFile;
    vfs.zName = "fault";
    vfs.pNext = NULL;
    vfs.xOpen = v_open;
    vfs.xDelete = v_delete;
    vfs.xAccess = v_access;
    vfs.xFullPathname = v_full;
    sqlite3_vfs_register(&vfs, 1);
}

/* ---- a round ---- */

static const char *database, *setupSql, *bodySql;

static void die(const char *what, const char *detail)
{
    printf("fault %ld: %s: %s\n", nfault, what, detail ? detail : "");
    exit(1);
}

static sqlite3 *open_database(void)
{
    sqlite3 *db;
    char *message = NULL;

    if (sqlite3_open(database, &db) != SQLITE_OK)
        die("open", sqlite3_errmsg(db));
    if (sqlite3_migrate_init(db, &message, NULL) != SQLITE_OK)
        die("init", message);
    return db;
}

/* All that the file has, but the log of attempts, as one text. */
static char *contents(void)
{
    static const char *const list =
        "SELECT 'SELECT ' || quote(name) || ', * FROM \"' || name || '\" ORDER BY 2' "
        "FROM sqlite_schema WHERE type = 'table' AND name <> '_migrate_log' "
        "AND name NOT LIKE '%_fts_%' ORDER BY name";
    sqlite3 *db = open_database();
    sqlite3_str *out = sqlite3_str_new(NULL);
    sqlite3_stmt *tables, *rows;
    int i;

    sqlite3_str_appendall(out, "schema:\n");
    if (sqlite3_prepare_v2(db, "SELECT name, sql FROM sqlite_schema WHERE tbl_name "
            "<> '_migrate_log' ORDER BY name", -1, &rows, NULL) != SQLITE_OK)
        die("read", sqlite3_errmsg(db));
    while (sqlite3_step(rows) == SQLITE_ROW)
        sqlite3_str_appendf(out, "%s %s\n", sqlite3_column_text(rows, 0),
                            sqlite3_column_text(rows, 1));
    sqlite3_finalize(rows);
    sqlite3_prepare_v2(db, list, -1, &tables, NULL);
    while (sqlite3_step(tables) == SQLITE_ROW) {
        if (sqlite3_prepare_v2(db, (const char *)sqlite3_column_text(tables, 0), -1,
                               &rows, NULL) != SQLITE_OK)
            die("read", sqlite3_errmsg(db));
        while (sqlite3_step(rows) == SQLITE_ROW) {
            for (i = 0; i < sqlite3_column_count(rows); i++)
                sqlite3_str_appendf(out, "%s|", sqlite3_column_text(rows, i));
            sqlite3_str_appendall(out, "\n");
        }
        sqlite3_finalize(rows);
    }
    sqlite3_finalize(tables);
    if (sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &rows, NULL) != SQLITE_OK
        || sqlite3_step(rows) != SQLITE_ROW
        || strcmp((const char *)sqlite3_column_text(rows, 0), "ok") != 0)
        die("integrity", sqlite3_errmsg(db));
    sqlite3_finalize(rows);
    sqlite3_close(db);
    return sqlite3_str_finish(out);
}

static void fresh(void)
{
    static const char *const suffix[] = {"", "-journal", "-wal", "-shm", ".bak"};
    char path[1000], *message = NULL;
    sqlite3 *db;
    size_t i;

    for (i = 0; i < sizeof suffix / sizeof *suffix; i++) {
        snprintf(path, sizeof path, "%s%s", database, suffix[i]);
        unlink(path);
    }
    db = open_database();
    if (sqlite3_exec(db, setupSql, NULL, NULL, &message) != SQLITE_OK)
        die("setup", message);
    sqlite3_close(db);
}

static sqlite3_int64 setting(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    sqlite3_int64 value = -1;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK
        && sqlite3_step(stmt) == SQLITE_ROW)
        value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return value;
}

int main(int argc, char **argv)
{
    char *before, *after, *message = NULL;
    long n, nerror = 0, ndone = 0, step;
    sqlite3 *db;

    if (argc != 6 && argc != 7)
        return 2;
    step = argc > 6 ? atol(argv[6]) : 1;
    fault_install(strcmp(argv[1], "io") == 0);
    isOn = strcmp(argv[2], "on") == 0;
    database = argv[3];
    setupSql = argv[4];
    bodySql = argv[5];
    fresh();
    before = contents();
    db = open_database();
    if (sqlite3_exec(db, bodySql, NULL, NULL, &message) != SQLITE_OK)
        die("without a fault", message);
    sqlite3_close(db);
    after = contents();
    for (n = 1;; n += step) {
        char *now;
        int rc;

        fresh();
        db = open_database();
        sqlite3_busy_timeout(db, 777);
        sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
        countdown = n;
        nfault = 0;
        isArmed = 1;
        rc = sqlite3_exec(db, bodySql, NULL, NULL, &message);
        isArmed = 0;
        if (!sqlite3_get_autocommit(db))
            sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
        if (setting(db, "SELECT 41 + 1") != 42)
            die("the connection cannot be used", sqlite3_errmsg(db));
        if (setting(db, "PRAGMA busy_timeout") != 777
            || setting(db, "PRAGMA foreign_keys") != 1)
            die("a setting was left changed", message);
        if (sqlite3_close(db) != SQLITE_OK)
            die("the connection does not close", message);
        now = contents();
        if (strcmp(now, before) != 0 && strcmp(now, after) != 0)
            die("half done", message ? message : now);
        if (rc == SQLITE_OK && strcmp(now, after) != 0)
            die("no error, and not done", now);
        nerror += rc != SQLITE_OK;
        ndone += rc == SQLITE_OK;
        if (rc != SQLITE_OK && rc != SQLITE_NOMEM && (!message || !*message))
            die("an error without a message", "");
        sqlite3_free(message);
        message = NULL;
        db = open_database();
        if (strcmp(now, after) != 0
            && sqlite3_exec(db, bodySql, NULL, NULL, &message) != SQLITE_OK)
            die("not to be repeated", message);
        sqlite3_close(db);
        sqlite3_free(now);
        if (nfault == 0)
            break;
    }
    sqlite3_free(before);
    sqlite3_free(after);
    if (sqlite3_memory_used() != 0)
        die("memory is left", "");
    printf("%ld faults: %ld errors, %ld borne\n", (n - 1) / step, nerror, ndone - 1);
    return 0;
}
