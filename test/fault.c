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
**             unable      a sync of a directory: EINVAL, likewise
**
** For n = 1, 2, 3, ... (or, with STEP, only every so many; with STEP /N about N of them,
** evenly) DATABASE and the source in
** the current directory are as SETUP left them; BODY runs while the n-th call fails;
** until BODY runs to its end without a fault.  BODY "load", "load startup" or "load
** readonly" is not SQL: that entry point is called; "load again" calls the first where
** it was and something is set; "readonly: SQL" runs where only the last was.  Each time:
**
**   - the connection can be used, is in autocommit, and has the settings it had;
**   - it closes, and no statement, file or memory of SQLite's is left;
**   - the file, opened afresh, passes integrity_check and is as it was before BODY
**     or as it is after BODY, the log of attempts aside; so are the files of the
**     source; a copy that was made is whole;
**   - an error is reported unless BODY did all it had to do, and answered what it
**     answers without a fault;
**   - BODY, run again without a fault, does its work: in turn on the same connection
**     and on a new one.  What was left before, log and all, was run again before.
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
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what fails ---- */

static enum { MALLOC, IO, FULL, FILES } what;
static enum { ONCE, ON, INTERRUPT, SHORT, UNABLE } how;
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
    if ((flags & SQLITE_SHM_LOCK) && io_fault())
        return SQLITE_IOERR_SHMLOCK;
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
    return io_fault() ? SQLITE_CANTOPEN : realVfs->xFullPathname(realVfs, name, n, out);
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

/* Faults that must be borne. */
static int is_harmless(void)
{
    return how == INTERRUPT || how == SHORT || how == UNABLE;
}

/* Whether a call fails; errno says how. */
static int file_fault(void)
{
    if (what != FILES || is_harmless() || !fault())
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
    struct stat st;

    if (what == FILES && how == UNABLE && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)
        && fault()) {
        errno = EINVAL;
        return -1;
    }
    return file_fault() ? -1 : 0;       /* the machine keeps its power */
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

/* Always the same, so that every run answers the same. */
static int v_time(sqlite3_vfs *vfs, sqlite3_int64 *now)
{
    (void)vfs;
    *now = 212650000000000;
    return SQLITE_OK;
}

static void fault_install(void)
{
    static sqlite3_vfs vfs;
    sqlite3_mem_methods faulty;

    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
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
    vfs.xCurrentTimeInt64 = v_time;
    sqlite3_vfs_register(&vfs, 1);
}

/* ---- the source: what is in it, and how it was ---- */

static const char *database, *setupSql, *bodySql, *mendSql;
static char *sourceStart;   /* the files of the start, a line each */

/* What is below path, but for the database, a line each: directories end with a
** slash, files with their size, so that an empty one is seen.  With start set, what
** was not there at the start is removed instead. */
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
        if (entry[i]->d_name[0] != '.'
            && strncmp(entry[i]->d_name, database, strlen(database)) != 0) {
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

    source_walk(out, ".", NULL);
    return sqlite3_str_finish(out);
}

/* ---- a round ---- */

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

typedef int Entry(sqlite3 *, char **, const sqlite3_api_routines *);

static sqlite3 *open_database(Entry *load)
{
    sqlite3 *db = open_plain(database);
    char *message = NULL;

    if (load(db, &message, NULL) != SQLITE_OK)
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
        "SELECT 'SELECT ' || quote(name) || iif(wr, '', ', rowid') || ', * FROM \"' || "
        "name || '\" ORDER BY 2' FROM pragma_table_list WHERE schema = 'main' AND type = "
        "'table' AND name NOT IN ('_migrate_log', 'sqlite_schema') ORDER BY name";
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

/* The bytes of the database; NULL if it has a journal, or is not there. */
static char *bytes_of_database(size_t *n)
{
    char *bytes;
    FILE *in;

    if (access(path_of("-journal"), F_OK) == 0 || access(path_of("-wal"), F_OK) == 0)
        return NULL;
    in = fopen(database, "rb");
    if (!in)
        return NULL;
    fseek(in, 0, SEEK_END);
    *n = (size_t)ftell(in);
    rewind(in);
    bytes = malloc(*n + 1);
    if (fread(bytes, 1, *n, in) != *n)
        die("the database cannot be read", database);
    fclose(in);
    return bytes;
}

/* The database after SETUP, and what contents() says of it. */
static struct { char *bytes; size_t n; char *contents; } image;

/* The contents of the database, and the files of the source. */
static char *contents(void)
{
    sqlite3_str *out = sqlite3_str_new(NULL);
    char *files = source_contents(), *text, *bytes;
    size_t n;

    bytes = bytes_of_database(&n);
    if (bytes && image.contents && n == image.n && memcmp(bytes, image.bytes, n) == 0)
        sqlite3_str_appendall(out, image.contents);
    else
        append_contents(out, database);
    free(bytes);
    sqlite3_str_appendall(out, files);
    sqlite3_free(files);
    text = sqlite3_str_finish(out);
    if (!strstr(text, "\nok|\n") && strncmp(text, "ok|\n", 4) != 0)
        die("integrity", text);
    return text;
}

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
    sqlite3_str *is;
    sqlite3 *db;

    remove_all();
    db = open_database(sqlite3_migrate_init);
    if (sqlite3_exec(db, setupSql, NULL, NULL, &message) != SQLITE_OK)
        die("setup", message);
    sqlite3_close(db);
    sourceStart = source_contents();
    image.bytes = bytes_of_database(&image.n);
    if (!image.bytes)
        die("setup", "it leaves a journal");
    is = sqlite3_str_new(NULL);
    append_contents(is, database);
    image.contents = sqlite3_str_finish(is);
}

static void fresh(void)
{
    FILE *out;

    remove_all();
    source_walk(NULL, ".", sourceStart);
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

/* ---- BODY, and what it answers ---- */

/* What it answered; not in SQLite's memory, which may fail. */
static struct { char *z; size_t n, cap; } answer;

static void answer_add(const char *z)
{
    size_t n = strlen(z);

    if (answer.n + n + 1 > answer.cap) {
        answer.cap = 2 * answer.cap + n + 1;
        answer.z = realloc(answer.z, answer.cap);
    }
    memcpy(answer.z + answer.n, z, n + 1);
    answer.n += n;
}

static int answer_row(void *unused, int n, char **value, char **name)
{
    int i;

    (void)unused;
    (void)name;
    for (i = 0; i < n; i++) {
        answer_add(value[i] ? value[i] : "NULL");
        answer_add(i < n - 1 ? "|" : "\n");
    }
    return 0;
}

static int is_again(void)
{
    return strcmp(bodySql, "load again") == 0;
}

/* The entry point that BODY names, or NULL. */
static Entry *entry_of_body(void)
{
    return strcmp(bodySql, "load") == 0 || is_again() ? sqlite3_migrate_init
         : strcmp(bodySql, "load startup") == 0 ? sqlite3_migrate_startup_init
         : strcmp(bodySql, "load readonly") == 0 ? sqlite3_migrate_readonly_init : NULL;
}

/* What BODY is, where only history may be read; or NULL. */
static const char *readonly_of_body(void)
{
    return strncmp(bodySql, "readonly: ", 10) == 0 ? bodySql + 10 : NULL;
}

/* Runs BODY, with faults if they are armed; its answer is in answer.  That of an entry
** point is what it registered. */
static int run_body(sqlite3 *db, char **message)
{
    Entry *load = entry_of_body();
    const char *sql = readonly_of_body();
    int rc, was_armed = isArmed;

    answer.n = 0;
    answer_add("");
    rc = load ? load(db, message, NULL)
              : sqlite3_exec(db, sql ? sql : bodySql, answer_row, NULL, message);
    isArmed = 0;
    if (load && rc == SQLITE_OK)
        sqlite3_exec(db, "SELECT name, narg FROM pragma_function_list "
                     "WHERE name LIKE 'migrate%' UNION ALL "
                     "SELECT name, 0 FROM pragma_module_list "
                     "WHERE name LIKE 'migrate%' ORDER BY 1, 2", answer_row, NULL, NULL);
    if (is_again())
        sqlite3_exec(db, "SELECT migrate_source()", answer_row, NULL, NULL);
    isArmed = was_armed;
    return rc;
}

/* A connection with settings that a host may have. */
static sqlite3 *open_for_body(void)
{
    sqlite3 *db = entry_of_body() && !is_again() ? open_plain(database)
                : open_database(readonly_of_body() ? sqlite3_migrate_readonly_init
                                                   : sqlite3_migrate_init);

    if (is_again())
        sqlite3_exec(db, "SELECT migrate_source('old')", NULL, NULL, NULL);
    sqlite3_busy_timeout(db, 777);
    sqlite3_exec(db, "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON", NULL,
                 NULL, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return db;
}

/* What BODY, which ended with rc, must leave as it was. */
static void check_connection(sqlite3 *db, int rc)
{
    /* what a revision set or attached, SQLite without memory does not take back: see
    ** run/connection.h */
    static const struct { const char *sql; sqlite3_int64 value; int is_its; } want[] = {
        {"PRAGMA recursive_triggers", 0, 1}, {"PRAGMA ignore_check_constraints", 0, 1},
        {"SELECT count(*) FROM pragma_database_list WHERE name <> 'temp'", 1, 1},
        {"PRAGMA busy_timeout", 777, 0}, {"PRAGMA foreign_keys", 1, 0},
        {"PRAGMA synchronous", 2, 0}, {"PRAGMA writable_schema", 0, 0},
        {"PRAGMA legacy_alter_table", 0, 0}, {"PRAGMA cell_size_check", 1, 0},
        {"PRAGMA query_only", 0, 0}, {"PRAGMA defer_foreign_keys", 0, 0},
        {"SELECT count(*) FROM temp.sqlite_schema", 0, 0},
    };
    size_t i;
    int on = 0;

    if (!sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    if (setting(db, "SELECT 41 + 1") != 42
        || sqlite3_exec(db, "BEGIN IMMEDIATE; ROLLBACK", NULL, NULL, NULL) != SQLITE_OK)
        die("the connection cannot be used", sqlite3_errmsg(db));
    for (i = 0; i < sizeof want / sizeof *want; i++)
        if (setting(db, want[i].sql) != want[i].value
            && !(want[i].is_its && rc == SQLITE_NOMEM))
            die("a setting was left changed", want[i].sql);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, -1, &on);
    if (!on)
        die("a setting was left changed", "defensive");
    if (sqlite3_next_stmt(db, NULL))
        die("a statement is left", sqlite3_sql(sqlite3_next_stmt(db, NULL)));
}

/* The descriptor that the next file will have. */
static int next_descriptor(void)
{
    int fd = __real_open("/dev/null", O_RDONLY);

    __real_close(fd);
    return fd;
}

static int descriptor;          /* that, while no database is open */

static void close_database(sqlite3 *db)
{
    if (sqlite3_close(db) != SQLITE_OK)
        die("the connection does not close", sqlite3_errmsg(db));
    if (next_descriptor() != descriptor)
        die("a file is left open", database);
}

/* A copy that was made is the database as it was, whole. */
static void check_copy(void)
{
    sqlite3_str *is;
    char *z;

    if (access(path_of(".bak"), F_OK) != 0)
        return;
    is = sqlite3_str_new(NULL);
    append_contents(is, path_of(".bak"));
    z = sqlite3_str_finish(is);
    if (strcmp(z, image.contents) != 0)
        die("a broken copy", z);
    sqlite3_free(z);
}

/* BODY, run again, ends as it does without a fault. */
static void check_again(sqlite3 *db, const char *after)
{
    char *message = NULL, *now;

    unlink(path_of(".bak"));
    if (run_body(db, &message) != SQLITE_OK) {
        if (!mendSql || !strstr(message, "interrupted: "))
            die("not to be repeated", message);
        sqlite3_free(message);
        if (sqlite3_exec(db, mendSql, NULL, NULL, &message) != SQLITE_OK
            || run_body(db, &message) != SQLITE_OK)
            die("not to be mended", message);
    }
    now = contents();
    if (strcmp(now, after) != 0)
        die("repeated, it ends elsewhere", now);
    sqlite3_free(now);
}

/* ---- what was left, and was run again ---- */

static sqlite3_uint64 *left;
static long nleft;

/* True the first time that this is left, with that in the log. */
static int is_new(const char *now)
{
    sqlite3_str *all = sqlite3_str_new(NULL);
    sqlite3_uint64 hash = 14695981039346656037u;
    sqlite3 *db = open_plain(database);
    char *z;
    size_t k;
    long i;

    sqlite3_str_appendall(all, now);
    if (setting(db, "SELECT count(*) FROM sqlite_schema WHERE name = '_migrate_log'"))
        append_rows(all, db, "SELECT revision, operation, status, error "
                    "FROM _migrate_log ORDER BY id");
    sqlite3_close(db);
    z = sqlite3_str_finish(all);
    for (k = 0; z[k]; k++)
        hash = (hash ^ (unsigned char)z[k]) * 1099511628211u;
    sqlite3_free(z);
    for (i = 0; i < nleft; i++)
        if (left[i] == hash)
            return 0;
    left = realloc(left, (size_t)(nleft + 1) * sizeof *left);
    left[nleft++] = hash;
    return 1;
}

static long nround, nerror, nborne;     /* rounds; those with a fault: what came of it */

static void check_outcome(int rc, const char *message, const char *now,
                          const char *before, const char *after, const char *answers)
{
    int is_done = strcmp(now, after) == 0;

    if (is_harmless() && rc != SQLITE_OK)
        die("not borne", message);
    if (!is_done && strcmp(now, before) != 0 && !mendSql)
        die("half done", message ? message : now);
    if (rc == SQLITE_OK && !is_done)
        die("no error, and not done", now);
    if (rc == SQLITE_OK && strcmp(answer.z, answers) != 0)
        die("no error, and another answer", answer.z);
    if (rc != SQLITE_OK && rc != SQLITE_NOMEM && (!message || !*message))
        die("an error without a message", "");
    if (message && strstr(message, "internal: "))
        die("not expected", message);
    if (nfault) {
        nerror += rc != SQLITE_OK;
        nborne += rc == SQLITE_OK;
    }
}

/* One round; false once no fault was made. */
static int round_of(long n, const char *before, const char *after, const char *answers)
{
    char *message = NULL, *now;
    int rc, is_kept = nround++ % 2;
    sqlite3 *db;

    fresh();
    db = open_for_body();
    countdown = n;
    nfault = 0;
    isArmed = 1;
    rc = run_body(db, &message);
    isArmed = 0;
    countdown = n;
    check_connection(db, rc);
    if (!is_kept)
        close_database(db);
    now = contents();
    check_outcome(rc, message, now, before, after, answers);
    sqlite3_free(message);
    if (strcmp(now, after) == 0) {
        check_copy();
    } else if (is_new(now)) {
        if (!is_kept)
            db = open_for_body();
        is_kept = 1;
        check_again(db, after);
    }
    if (is_kept)
        close_database(db);
    sqlite3_free(now);
    return nfault > 0;
}

/* How many calls there are to fail, or bytes to be refused, in all of BODY. */
static long count_calls(void)
{
    char *message = NULL;
    sqlite3 *db;

    fresh();
    db = open_for_body();
    countdown = LONG_MAX;
    isArmed = 1;
    run_body(db, &message);
    isArmed = 0;
    sqlite3_close(db);
    return (LONG_MAX - countdown) / (what == FULL ? 512 : 1);
}

int main(int argc, char **argv)
{
    static const char *const whats[] = {"malloc", "io", "full", "file"};
    static const char *const hows[] = {"once", "on", "interrupt", "short",
                                       "unable"};
    char *before, *after, *answers, *message = NULL;
    long n, step;
    sqlite3 *db;
    int i;

    if (argc < 6 || argc > 8)
        return 2;
    for (i = 0; i < 4; i++)
        if (strcmp(argv[1], whats[i]) == 0)
            what = i;
    for (i = 0; i < 5; i++)
        if (strcmp(argv[2], hows[i]) == 0)
            how = i;
    database = argv[3];
    setupSql = argv[4];
    bodySql = argv[5];
    step = argc > 6 ? atol(argv[6]) : 1;
    mendSql = argc > 7 ? argv[7] : NULL;
    fault_install();
    descriptor = next_descriptor();
    setup();
    fresh();
    before = contents();
    db = open_for_body();
    if (run_body(db, &message) != SQLITE_OK)
        die("without a fault", message);
    sqlite3_close(db);
    answers = strdup(answer.z);
    after = contents();
    if (argc > 6 && *argv[6] == '/')
        step = count_calls() / atol(argv[6] + 1) + 1;
    /* of a full disk: room for 0, 512, 1024, ... bytes more */
    for (n = what == FULL ? 0 : 1; round_of(n, before, after, answers);
         n += what == FULL ? 512 * step : step) {}
    fresh();
    free(image.bytes);
    free(answers);
    free(answer.z);
    free(left);
    sqlite3_free(image.contents);
    sqlite3_free(sourceStart);
    sqlite3_free(before);
    sqlite3_free(after);
    if (sqlite3_memory_used() != 0)
        die("memory is left", "");
    printf("%ld faults: %ld errors, %ld borne\n", nerror + nborne, nerror, nborne);
    return 0;
}
