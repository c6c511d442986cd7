/*
** Makes every allocation, every operation on a file of SQLite's or of ours, fail in
** turn while some SQL runs, and looks at what is left.
**
**     fault WHAT HOW DATABASE SETUP BODY [STEP [MEND]]
**
** WHAT fails, and HOW:
**
**     malloc  once|on     an allocation of SQLite's and ours; and all later ones
**     io      once|on     an operation of SQLite's VFS
**     full    on          the disk: nothing grows any more after so many bytes
**     file    once        a system call of base/file.c: EIO
**             on          the same, and all later ones: ENOSPC
**             interrupt   a read or a write: EINTR, which must be borne
**             short       a read or a write: does a part of it, likewise
**
** For n = 1, 2, 3, ... (or, with STEP, only every so many) DATABASE and the source in
** the current directory are as SETUP left them; BODY runs while the n-th call fails;
** until BODY runs to its end without a fault.  BODY "load" is not SQL: the extension
** is loaded.  Each time:
**
**   - the connection can be used, is in autocommit, and has the settings it had;
**   - it closes, and no memory of SQLite's is left;
**   - the file, opened afresh, passes integrity_check and is as it was before BODY
**     or as it is after BODY, the log of attempts aside; so are the files of the
**     source; a copy that was made is whole;
**   - an error is reported unless BODY did all it had to do;
**   - BODY, run again without a fault, does its work.
**
** With MEND, BODY has a section outside of a transaction, which may be half done: then
** BODY, run again, says "interrupted", and after MEND does its work.
**
** Prints the number of faults and what came of them; exits with 1 at the first
** that was not borne.
*/
#include "../ext/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what fails ---- */

static enum { MALLOC, IO, FULL, FILES } what;
static enum { ONCE, ON, INTERRUPT, SHORT } how;
static int isArmed;         /* faults are counted and made */
static long countdown;      /* calls until the fault; of FULL: bytes */
static long nfault;         /* faults made in this round */

static int fault(void)
{
    if (!isArmed)
        return 0;
    if (countdown > 0 && --countdown > 0)
        return 0;
    if (nfault > 0 && how != ON)
        return 0;
    nfault++;
    return 1;
}

/* Whether the disk has no room for so many bytes more. */
static int full(sqlite3_int64 n)
{
    if (!isArmed || what != FULL || n <= 0)
        return 0;
    if (nfault == 0 && countdown >= n) {
        countdown -= (long)n;
        return 0;
    }
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

static int io_fault(void)
{
    return what == IO && fault();
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

/* By how much a file grows that is written up to end. */
static sqlite3_int64 f_growth(sqlite3_file *f, sqlite3_int64 end)
{
    sqlite3_int64 size = 0;

    REAL(f)->pMethods->xFileSize(REAL(f), &size);
    return end - size;
}

static int f_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
    if (io_fault() || full(f_growth(f, at + n))) {
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

/* ---- files of base/file.c: its system calls, by the linker's --wrap ---- */

int __real_open(const char *path, int flags, ...);
int __real_close(int fd);
int __real_fsync(int fd);
ssize_t __real_read(int fd, void *to, size_t n);
ssize_t __real_write(int fd, const void *from, size_t n);
int __real_stat(const char *path, struct stat *st);
int __real_mkdir(const char *path, mode_t mode);
DIR *__real_opendir(const char *path);
struct dirent *__real_readdir(DIR *dir);
int __wrap_open(const char *path, int flags, ...);
int __wrap_close(int fd);
int __wrap_fsync(int fd);
ssize_t __wrap_read(int fd, void *to, size_t n);
ssize_t __wrap_write(int fd, const void *from, size_t n);
int __wrap_stat(const char *path, struct stat *st);
int __wrap_mkdir(const char *path, mode_t mode);
DIR *__wrap_opendir(const char *path);
struct dirent *__wrap_readdir(DIR *dir);

/* Whether a call fails; errno says how. */
static int file_fault(void)
{
    if (what != FILES || how == INTERRUPT || how == SHORT || !fault())
        return 0;
    errno = how == ON ? ENOSPC : EIO;
    return 1;
}

/* How many bytes a read or a write of n may move; -1: none, errno says why. */
static ssize_t file_part(size_t n)
{
    if (what != FILES || !(how == INTERRUPT || how == SHORT))
        return file_fault() ? -1 : (ssize_t)n;
    if (!fault())
        return (ssize_t)n;
    errno = EINTR;
    return how == INTERRUPT ? -1 : (ssize_t)(n + 1) / 2;
}

int __wrap_open(const char *path, int flags, ...)
{
    va_list args;
    int mode;

    va_start(args, flags);
    mode = flags & O_CREAT ? va_arg(args, int) : 0;
    va_end(args);
    return file_fault() ? -1 : __real_open(path, flags, mode);
}

int __wrap_close(int fd)
{
    int is_bad = file_fault(), code = errno;

    if (!is_bad)
        return __real_close(fd);
    __real_close(fd);
    errno = code;
    return -1;
}

int __wrap_fsync(int fd)
{
    (void)fd;                   /* the machine keeps its power */
    return file_fault() ? -1 : 0;
}

ssize_t __wrap_read(int fd, void *to, size_t n)
{
    ssize_t part = file_part(n);
    return part < 0 ? -1 : __real_read(fd, to, (size_t)part);
}

ssize_t __wrap_write(int fd, const void *from, size_t n)
{
    ssize_t part = file_part(n);
    return part < 0 ? -1 : __real_write(fd, from, (size_t)part);
}

int __wrap_stat(const char *path, struct stat *st)
{
    return file_fault() ? -1 : __real_stat(path, st);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
    return file_fault() ? -1 : __real_mkdir(path, mode);
}

DIR *__wrap_opendir(const char *path)
{
    return file_fault() ? NULL : __real_opendir(path);
}

struct dirent *__wrap_readdir(DIR *dir)
{
    return file_fault() ? NULL : __real_readdir(dir);
}

static void fault_install(void)
{
    static sqlite3_vfs vfs;
    sqlite3_mem_methods faulty;

    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
    if (what == MALLOC) {
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

/* ---- the source: what is in it, and how it was ---- */

static char *sourceStart;   /* the files of the start, a line each */

/* What is below path, a line each: directories end with a slash, files with their
** size, so that an empty one is seen.  With start set, what was not there at the
** start is removed instead. */
static void source_walk(sqlite3_str *out, const char *path, const char *start)
{
    struct dirent **entry;
    struct stat st;
    char *line;
    int i, n = scandir(path, &entry, NULL, alphasort);

    for (i = 0; i < n; i++) {
        char *name = sqlite3_mprintf("%s/%s", path, entry[i]->d_name);
        int is_dir;
        stat(name, &st);
        is_dir = S_ISDIR(st.st_mode);
        line = is_dir ? sqlite3_mprintf("%s/\n", name)
                      : sqlite3_mprintf("%s %lld\n", name, (sqlite3_int64)st.st_size);
        if (entry[i]->d_name[0] != '.') {
            if (out)
                sqlite3_str_appendall(out, line);
            if (is_dir)
                source_walk(out, name, start);
            if (start && !strstr(start, line))
                remove(name);
        }
        sqlite3_free(line);
        sqlite3_free(name);
        free(entry[i]);
    }
    if (n >= 0)
        free(entry);
}

static char *source_contents(void)
{
    sqlite3_str *out = sqlite3_str_new(NULL);

    source_walk(out, "migrations", NULL);
    source_walk(out, "new", NULL);
    return sqlite3_str_finish(out);
}

/* ---- a round ---- */

static const char *database, *setupSql, *bodySql, *mendSql;

static void die(const char *why, const char *detail)
{
    printf("fault %ld of round %ld: %s: %s\n", nfault, countdown, why,
           detail ? detail : "");
    exit(1);
}

static char *path_of(const char *suffix)
{
    static char path[1000];

    snprintf(path, sizeof path, "%s%s", database, suffix);
    return path;
}

static sqlite3 *open_plain(const char *path)
{
    sqlite3 *db;

    if (sqlite3_open(path, &db) != SQLITE_OK)
        die("open", sqlite3_errmsg(db));
    return db;
}

static sqlite3 *open_database(void)
{
    sqlite3 *db = open_plain(database);
    char *message = NULL;

    if (sqlite3_migrate_init(db, &message, NULL) != SQLITE_OK)
        die("init", message);
    return db;
}

/* Adds all rows of the query. */
static void append_rows(sqlite3_str *out, sqlite3 *db, const char *sql)
{
    sqlite3_stmt *rows;
    int i;

    if (sqlite3_prepare_v2(db, sql, -1, &rows, NULL) != SQLITE_OK)
        die("read", sqlite3_errmsg(db));
    while (sqlite3_step(rows) == SQLITE_ROW) {
        for (i = 0; i < sqlite3_column_count(rows); i++)
            sqlite3_str_appendf(out, "%s|", sqlite3_column_text(rows, i));
        sqlite3_str_appendall(out, "\n");
    }
    if (sqlite3_finalize(rows) != SQLITE_OK)
        die("read", sqlite3_errmsg(db));
}

/* All that a database has, but the log of attempts, as text. */
static void append_contents(sqlite3_str *out, const char *path)
{
    static const char *const list =
        "SELECT 'SELECT ' || quote(name) || ', * FROM \"' || name || '\" ORDER BY 2' "
        "FROM sqlite_schema WHERE type = 'table' AND name <> '_migrate_log' "
        "AND name NOT LIKE '%_fts_%' ORDER BY name";
    sqlite3 *db = open_plain(path);
    sqlite3_stmt *tables;

    append_rows(out, db, "SELECT name, sql FROM sqlite_schema WHERE tbl_name "
                "<> '_migrate_log' ORDER BY name");
    sqlite3_prepare_v2(db, list, -1, &tables, NULL);
    while (sqlite3_step(tables) == SQLITE_ROW)
        append_rows(out, db, (const char *)sqlite3_column_text(tables, 0));
    sqlite3_finalize(tables);
    append_rows(out, db, "PRAGMA integrity_check");
    sqlite3_close(db);
}

/* That, and the files of the source. */
static char *contents(void)
{
    sqlite3_str *out = sqlite3_str_new(NULL);
    char *files = source_contents(), *text;

    append_contents(out, database);
    sqlite3_str_appendall(out, files);
    sqlite3_free(files);
    text = sqlite3_str_finish(out);
    if (!strstr(text, "\nok|\n") && strncmp(text, "ok|\n", 4) != 0)
        die("integrity", text);
    return text;
}

static struct { char *bytes; size_t n; } image;     /* the database after SETUP */

static void remove_all(void)
{
    static const char *const suffix[] = {"", "-journal", "-wal", "-shm", ".bak",
                                         ".bak-journal", ".bak-wal"};
    size_t i;

    for (i = 0; i < sizeof suffix / sizeof *suffix; i++)
        unlink(path_of(suffix[i]));
}

static void setup(void)
{
    char *message = NULL;
    sqlite3 *db;
    FILE *in;

    remove_all();
    db = open_database();
    if (sqlite3_exec(db, setupSql, NULL, NULL, &message) != SQLITE_OK)
        die("setup", message);
    sqlite3_close(db);
    sourceStart = source_contents();
    in = fopen(database, "rb");
    if (in) {
        fseek(in, 0, SEEK_END);
        image.n = (size_t)ftell(in);
        rewind(in);
        image.bytes = malloc(image.n + 1);
        if (fread(image.bytes, 1, image.n, in) != image.n)
            die("setup", "the file cannot be read");
        fclose(in);
    }
}

static void fresh(void)
{
    FILE *out;

    remove_all();
    source_walk(NULL, "migrations", sourceStart);
    source_walk(NULL, "new", sourceStart);
    rmdir("new");
    out = fopen(database, "wb");
    if (!out || fwrite(image.bytes, 1, image.n, out) != image.n || fclose(out) != 0)
        die("fresh", database);
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

/* Runs BODY, or loads the extension. */
static int run_body(sqlite3 *db, char **message)
{
    return strcmp(bodySql, "load") == 0 ? sqlite3_migrate_init(db, message, NULL)
                                        : sqlite3_exec(db, bodySql, NULL, NULL, message);
}

static sqlite3 *open_for_body(void)
{
    sqlite3 *db = strcmp(bodySql, "load") == 0 ? open_plain(database)
                                               : open_database();

    sqlite3_busy_timeout(db, 777);
    sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
    return db;
}

/* What BODY must leave as it was. */
static void check_connection(sqlite3 *db, const char *message)
{
    static const struct { const char *sql; sqlite3_int64 value; } want[] = {
        {"PRAGMA busy_timeout", 777}, {"PRAGMA foreign_keys", 1},
        {"PRAGMA recursive_triggers", 0}, {"PRAGMA synchronous", 2},
        {"PRAGMA writable_schema", 0}, {"PRAGMA legacy_alter_table", 0},
        {"SELECT count(*) FROM pragma_database_list WHERE name <> 'temp'", 1},
    };
    size_t i;

    if (!sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    if (setting(db, "SELECT 41 + 1") != 42
        || sqlite3_exec(db, "BEGIN IMMEDIATE; ROLLBACK", NULL, NULL, NULL) != SQLITE_OK)
        die("the connection cannot be used", sqlite3_errmsg(db));
    for (i = 0; i < sizeof want / sizeof *want; i++)
        if (setting(db, want[i].sql) != want[i].value)
            die("a setting was left changed", want[i].sql);
    if (sqlite3_close(db) != SQLITE_OK)
        die("the connection does not close", message);
}

/* A copy that was made is the database as it was, whole. */
static void check_copy(void)
{
    sqlite3_str *was, *is;
    char *z, *y;

    if (access(path_of(".bak"), F_OK) != 0)
        return;
    is = sqlite3_str_new(NULL);
    append_contents(is, path_of(".bak"));
    fresh();
    was = sqlite3_str_new(NULL);
    append_contents(was, database);
    z = sqlite3_str_finish(is);
    y = sqlite3_str_finish(was);
    if (strcmp(z, y) != 0)
        die("a broken copy", z);
    sqlite3_free(z);
    sqlite3_free(y);
}

/* BODY, run again, ends as it does without a fault. */
static void check_again(const char *after)
{
    char *message = NULL, *now;
    sqlite3 *db;

    unlink(path_of(".bak"));
    db = open_for_body();
    if (run_body(db, &message) != SQLITE_OK) {
        if (!mendSql || !strstr(message, "interrupted: "))
            die("not to be repeated", message);
        sqlite3_free(message);
        if (sqlite3_exec(db, mendSql, NULL, NULL, &message) != SQLITE_OK
            || run_body(db, &message) != SQLITE_OK)
            die("not to be mended", message);
    }
    sqlite3_close(db);
    now = contents();
    if (strcmp(now, after) != 0)
        die("repeated, it ends elsewhere", now);
    sqlite3_free(now);
}

static long nerror, nborne;     /* rounds with a fault: what came of them */

/* One round; false once no fault was made. */
static int round_of(long n, const char *before, const char *after)
{
    char *message = NULL, *now;
    int rc, is_done;
    sqlite3 *db;

    fresh();
    db = open_for_body();
    countdown = n;
    nfault = 0;
    isArmed = 1;
    rc = run_body(db, &message);
    isArmed = 0;
    countdown = n;
    if ((how == INTERRUPT || how == SHORT) && rc != SQLITE_OK)
        die("not borne", message);
    check_connection(db, message);
    now = contents();
    is_done = strcmp(now, after) == 0;
    if (!is_done && strcmp(now, before) != 0 && !mendSql)
        die("half done", message ? message : now);
    if (rc == SQLITE_OK && !is_done)
        die("no error, and not done", now);
    if (rc != SQLITE_OK && rc != SQLITE_NOMEM && (!message || !*message))
        die("an error without a message", "");
    if (message && strstr(message, "internal: "))
        die("not expected", message);
    if (nfault) {
        nerror += rc != SQLITE_OK;
        nborne += rc == SQLITE_OK;
    }
    sqlite3_free(message);
    sqlite3_free(now);
    if (!is_done)
        check_again(after);
    else
        check_copy();
    return nfault > 0;
}

int main(int argc, char **argv)
{
    static const char *const whats[] = {"malloc", "io", "full", "file"};
    static const char *const hows[] = {"once", "on", "interrupt", "short"};
    char *before, *after, *message = NULL;
    long n, step;
    sqlite3 *db;
    int i;

    if (argc < 6 || argc > 8)
        return 2;
    for (i = 0; i < 4; i++) {
        if (strcmp(argv[1], whats[i]) == 0)
            what = i;
        if (strcmp(argv[2], hows[i]) == 0)
            how = i;
    }
    database = argv[3];
    setupSql = argv[4];
    bodySql = argv[5];
    step = argc > 6 ? atol(argv[6]) : 1;
    mendSql = argc > 7 ? argv[7] : NULL;
    fault_install();
    setup();
    fresh();
    before = contents();
    db = open_for_body();
    if (run_body(db, &message) != SQLITE_OK)
        die("without a fault", message);
    sqlite3_close(db);
    after = contents();
    /* of a full disk: room for 0, 512, 1024, ... bytes more */
    for (n = what == FULL ? 0 : 1; round_of(n, before, after);
         n += what == FULL ? 512 * step : step) {}
    fresh();
    free(image.bytes);
    sqlite3_free(sourceStart);
    sqlite3_free(before);
    sqlite3_free(after);
    if (sqlite3_memory_used() != 0)
        die("memory is left", "");
    printf("%ld faults: %ld errors, %ld borne\n", nerror + nborne, nerror, nborne);
    return 0;
}
