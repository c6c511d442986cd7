/*
** Takes the power away at every sync while some SQL runs, and looks at what a disk
** may have kept.
**
**     power honest|lie MODE SYNCHRONOUS CHOICES SEED SETUP BODY [MIDWAY [DECIDE
**           [COPY]]]
**
** A database is made with SETUP on a disk that is kept in memory, in the journal
** mode MODE; then BODY runs.  Until a file is synced the disk has promised nothing
** of what was written to it; until a directory is synced, nothing of the names that
** came and went in it.  At each sync, before it takes place, and at the end, the
** power fails: all that was not synced is lost; all is kept; and CHOICES times each
** write is kept, lost or torn at random, each truncation and name kept or lost.  A
** sector of a torn write is kept, lost, or rubbish with all that it had before.
** What may be left at another moment may also be left at the next sync: so these
** moments are enough.
**
** Each of these disks is looked at as after a restart:
**
**   - the database passes integrity_check, and is, the log of attempts aside, as it
**     was before BODY, or after it, or after a statement of MIDWAY;
**   - once BODY has ended it is as after BODY, if SYNCHRONOUS promises that;
**   - where the database is not as before, COPY is, complete, what it was before;
**   - BODY runs again and comes to its end, if it is "interrupted" after DECIDE.
**
** With "lie" a sync does nothing: then a disk that breaks a promise must be found.
**
** Prints how many disks there were; exits with 1 at the first that is not sound.
** SEED makes the same choices again.
**
** The files of a database come here by a VFS; what the extension itself does to
** files by the linker's --wrap (see Makefile).  Names begin with /power/.
*/
#include "../ext/migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#define SECTOR 512
#define DATABASE "/power/test.db"

typedef sqlite3_int64 i64;
typedef unsigned char u8;

static void die(const char *what, const char *detail);

static void *must(void *p)
{
    if (!p)
        die("out of memory", "");
    return p;
}

/* ---- chance ---- */

static sqlite3_uint64 chanceState;

static void chance_seed(i64 seed, long point, long choice)
{
    chanceState = (sqlite3_uint64)seed * 1000003u + (sqlite3_uint64)point * 8191u
                + (sqlite3_uint64)choice + 1;
}

/* Below n.  Source: splitmix64, https://prng.di.unimi.it/splitmix64.c */
static int chance(int n)
{
    sqlite3_uint64 z = chanceState += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (int)((z ^ (z >> 31)) % (sqlite3_uint64)n);
}

/* ---- a disk ---- */

typedef struct Bytes {
    u8 *v;
    i64 n;
} Bytes;

/* A write (v is what) or a truncation (v is NULL) that was not synced. */
typedef struct Change {
    u8 *v;
    i64 at, n;
} Change;

typedef struct PowerFile PowerFile;

typedef struct Inode {
    struct Inode *next;         /* of the same disk */
    Bytes now, safe;            /* as programs see it; as it was synced */
    Change *change;             /* what leads from safe to now */
    int nchange;
    int nshared;                /* locks */
    PowerFile *reserved, *pending;
    u8 *shm[16];                /* shared memory, and its locks */
    int nmap, nshmshared[SQLITE_SHM_NLOCK];
    PowerFile *shmowner[SQLITE_SHM_NLOCK];
} Inode;

/* What a name stood for since its directory was synced: v[0] is safe, the last is
** now; NULL is no file. */
typedef struct Entry {
    char path[64];
    Inode **v;
    int n;
} Entry;

typedef struct Disk {
    Entry entry[16];
    int nentry;
    Inode *inodes;
} Disk;

static Disk *disk;              /* where files are opened */
static int isLie;

static void bytes_write(Bytes *b, const u8 *from, i64 at, i64 n)
{
    if (at + n > b->n) {
        b->v = must(realloc(b->v, (size_t)(at + n)));
        memset(b->v + b->n, 0, (size_t)(at + n - b->n));
        b->n = at + n;
    }
    memcpy(b->v + at, from, (size_t)n);
}

static void bytes_truncate(Bytes *b, i64 n)
{
    if (n < b->n)
        b->n = n;
}

static void bytes_copy(Bytes *to, const Bytes *from)
{
    to->n = 0;
    if (from->n)
        bytes_write(to, from->v, 0, from->n);
}

static Inode *inode_new(Disk *d)
{
    Inode *inode = must(calloc(1, sizeof *inode));

    inode->next = d->inodes;
    return d->inodes = inode;
}

static void inode_forget(Inode *inode)
{
    while (inode->nchange > 0)
        free(inode->change[--inode->nchange].v);
}

static Change *inode_change(Inode *inode, i64 at, i64 n)
{
    Change *change;

    inode->change = must(realloc(inode->change,
                    (size_t)(inode->nchange + 1) * sizeof *inode->change));
    change = &inode->change[inode->nchange++];
    change->v = NULL;
    change->at = at;
    change->n = n;
    return change;
}

static void inode_write(Inode *inode, const void *from, i64 at, i64 n)
{
    Change *change = inode_change(inode, at, n);

    change->v = must(malloc((size_t)n + 1));
    memcpy(change->v, from, (size_t)n);
    bytes_write(&inode->now, from, at, n);
}

static void inode_truncate(Inode *inode, i64 n)
{
    inode_change(inode, n, 0);
    bytes_truncate(&inode->now, n);
}

static void inode_sync(Inode *inode)
{
    bytes_copy(&inode->safe, &inode->now);
    inode_forget(inode);
}

static Entry *disk_entry(Disk *d, const char *path)
{
    Entry *e;
    int i;

    for (i = 0; i < d->nentry; i++)
        if (strcmp(d->entry[i].path, path) == 0)
            return &d->entry[i];
    if (d->nentry == 16 || strlen(path) >= sizeof e->path)
        die("too many names, or too long", path);
    e = &d->entry[d->nentry++];
    strcpy(e->path, path);
    e->v = must(calloc(1, sizeof *e->v));
    e->n = 1;
    return e;
}

static Inode *entry_now(const Entry *e)
{
    return e->v[e->n - 1];
}

static void entry_set(Entry *e, Inode *inode)
{
    e->v = must(realloc(e->v, (size_t)(e->n + 1) * sizeof *e->v));
    e->v[e->n++] = inode;
}

/* Syncs the directory that path is in. */
static void disk_sync_directory(Disk *d, const char *path)
{
    size_t n = (size_t)(strrchr(path, '/') - path) + 1;
    int i;

    for (i = 0; i < d->nentry; i++) {
        Entry *e = &d->entry[i];
        if (strncmp(e->path, path, n) == 0 && !strchr(e->path + n, '/')) {
            e->v[0] = entry_now(e);
            e->n = 1;
        }
    }
}

static void disk_free(Disk *d)
{
    while (d->nentry > 0)
        free(d->entry[--d->nentry].v);
    while (d->inodes) {
        Inode *inode = d->inodes;
        d->inodes = inode->next;
        inode_forget(inode);
        free(inode->change);
        free(inode->now.v);
        free(inode->safe.v);
        free(inode);
    }
    free(d);
}

/* ---- what a disk may keep ---- */

typedef enum Loss { LOSS_ALL, LOSS_NONE, LOSS_RANDOM } Loss;

static int lossKeep, lossTear;      /* of 100 writes, in this choice */

/* Writes some of the sectors. */
static void lose_tear(Bytes *b, const Change *change)
{
    i64 at = change->at, end = at + change->n;

    while (at < end) {
        i64 sector = at / SECTOR * SECTOR;
        i64 next = sector + SECTOR < end ? sector + SECTOR : end;
        int what = chance(5);

        if (what >= 2)
            bytes_write(b, change->v + (at - change->at), at, next - at);
        if (what == 4)          /* and what shares the sector is gone with it */
            for (at = sector; at < sector + SECTOR && at < b->n; at++)
                b->v[at] = (u8)chance(256);
        at = next;
    }
}

static void lose_changes(Bytes *b, const Inode *inode, Loss loss)
{
    int i;

    bytes_copy(b, &inode->safe);
    for (i = 0; i < inode->nchange && loss != LOSS_ALL; i++) {
        const Change *change = &inode->change[i];
        if (loss == LOSS_RANDOM && chance(100) >= lossKeep)
            continue;
        if (!change->v)
            bytes_truncate(b, change->at);
        else if (loss == LOSS_RANDOM && chance(100) < lossTear)
            lose_tear(b, change);
        else
            bytes_write(b, change->v, change->at, change->n);
    }
}

/* A disk that may be left of d. */
static Disk *disk_lose(const Disk *d, Loss loss)
{
    static const int percent[] = {5, 30, 50, 70, 95, 100};
    Disk *left = must(calloc(1, sizeof *left));
    int i;

    lossKeep = percent[chance(6)];
    lossTear = percent[chance(6)];
    for (i = 0; i < d->nentry; i++) {
        const Entry *e = &d->entry[i];
        const Inode *from = loss == LOSS_ALL ? e->v[0]
                          : loss == LOSS_NONE ? entry_now(e) : e->v[chance(e->n)];
        if (from) {
            Inode *to = inode_new(left);
            lose_changes(&to->safe, from, loss);
            bytes_copy(&to->now, &to->safe);
            disk_entry(left, e->path)->v[0] = to;
        }
    }
    return left;
}

static sqlite3_uint64 disk_hash(const Disk *d)
{
    sqlite3_uint64 h = 14695981039346656037u;
    int i;
    i64 k;

    for (i = 0; i < d->nentry; i++) {
        const Inode *inode = d->entry[i].v[0];
        const char *path = d->entry[i].path;
        while (*path)
            h = (h ^ (u8)*path++) * 1099511628211u;
        h = (h ^ (sqlite3_uint64)inode->safe.n) * 1099511628211u;
        for (k = 0; k < inode->safe.n; k++)
            h = (h ^ inode->safe.v[k]) * 1099511628211u;
    }
    return h;
}

static void power_fails(int is_end);

/* ---- the VFS: files ---- */

struct PowerFile {
    sqlite3_file base;
    Disk *disk;
    Inode *inode;
    char path[64];              /* "" for a file without a name */
    int syncs_directory;        /* its first sync does, as in SQLite's own VFS */
    int level;                  /* lock */
    int is_mapped;
};

static int f_close(sqlite3_file *file);

static int f_read(sqlite3_file *file, void *to, int n, i64 at)
{
    const Bytes *b = &((PowerFile *)file)->inode->now;
    i64 has = at >= b->n ? 0 : b->n - at < n ? b->n - at : n;

    if (has)
        memcpy(to, b->v + at, (size_t)has);
    memset((u8 *)to + has, 0, (size_t)(n - has));
    return has == n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int f_write(sqlite3_file *file, const void *from, int n, i64 at)
{
    inode_write(((PowerFile *)file)->inode, from, at, n);
    return SQLITE_OK;
}

static int f_truncate(sqlite3_file *file, i64 n)
{
    inode_truncate(((PowerFile *)file)->inode, n);
    return SQLITE_OK;
}

static int f_sync(sqlite3_file *file, int flags)
{
    PowerFile *f = (PowerFile *)file;

    (void)flags;
    power_fails(0);
    if (isLie)
        return SQLITE_OK;
    inode_sync(f->inode);
    if (f->syncs_directory)
        disk_sync_directory(f->disk, f->path);
    f->syncs_directory = 0;
    return SQLITE_OK;
}

static int f_size(sqlite3_file *file, i64 *n)
{
    *n = ((PowerFile *)file)->inode->now.n;
    return SQLITE_OK;
}

static int f_lock(sqlite3_file *file, int level)
{
    PowerFile *f = (PowerFile *)file;
    Inode *inode = f->inode;

    if (level <= f->level)
        return SQLITE_OK;
    if (inode->pending && inode->pending != f)
        return SQLITE_BUSY;
    if (level == SQLITE_LOCK_RESERVED && inode->reserved)
        return SQLITE_BUSY;
    if (level == SQLITE_LOCK_SHARED)
        inode->nshared++;
    if (level == SQLITE_LOCK_RESERVED)
        inode->reserved = f;
    if (level == SQLITE_LOCK_EXCLUSIVE) {
        if (inode->reserved && inode->reserved != f)
            return SQLITE_BUSY;
        inode->pending = f;
        if (inode->nshared > 1) {
            f->level = SQLITE_LOCK_PENDING;
            return SQLITE_BUSY;
        }
    }
    f->level = level;
    return SQLITE_OK;
}

static int f_unlock(sqlite3_file *file, int level)
{
    PowerFile *f = (PowerFile *)file;
    Inode *inode = f->inode;

    if (level >= f->level)
        return SQLITE_OK;
    if (inode->reserved == f)
        inode->reserved = NULL;
    if (inode->pending == f)
        inode->pending = NULL;
    if (level == SQLITE_LOCK_NONE)
        inode->nshared--;
    f->level = level;
    return SQLITE_OK;
}

static int f_reserved(sqlite3_file *file, int *out)
{
    const Inode *inode = ((PowerFile *)file)->inode;

    *out = inode->reserved || inode->pending;
    return SQLITE_OK;
}

static int f_control(sqlite3_file *file, int op, void *arg)
{
    (void)file;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int f_sector(sqlite3_file *file)
{
    (void)file;
    return SECTOR;
}

/* No promise: SQLite is at its most careful. */
static int f_traits(sqlite3_file *file)
{
    (void)file;
    return 0;
}

static int f_map(sqlite3_file *file, int region, int size, int extend,
                 void volatile **out)
{
    PowerFile *f = (PowerFile *)file;

    if (region >= 16)
        die("too much shared memory", f->path);
    f->inode->nmap += !f->is_mapped;
    f->is_mapped = 1;
    if (!f->inode->shm[region] && extend)
        f->inode->shm[region] = must(calloc(1, (size_t)size));
    *out = f->inode->shm[region];
    return SQLITE_OK;
}

static int f_shmlock(sqlite3_file *file, int at, int n, int flags)
{
    PowerFile *f = (PowerFile *)file;
    Inode *inode = f->inode;
    int i, own = flags & SQLITE_SHM_EXCLUSIVE;

    for (i = at; i < at + n && (flags & SQLITE_SHM_LOCK); i++)
        if ((inode->shmowner[i] && inode->shmowner[i] != f)
            || (own && inode->nshmshared[i]))
            return SQLITE_BUSY;
    for (i = at; i < at + n; i++) {
        if (own)
            inode->shmowner[i] = flags & SQLITE_SHM_LOCK ? f : NULL;
        else
            inode->nshmshared[i] += flags & SQLITE_SHM_LOCK ? 1 : -1;
    }
    return SQLITE_OK;
}

static void f_barrier(sqlite3_file *file)
{
    (void)file;
}

static int f_unmap(sqlite3_file *file, int is_delete)
{
    PowerFile *f = (PowerFile *)file;
    int i;

    (void)is_delete;
    if (f->is_mapped && --f->inode->nmap == 0) {
        for (i = 0; i < 16; i++) {
            free(f->inode->shm[i]);
            f->inode->shm[i] = NULL;
        }
    }
    f->is_mapped = 0;
    return SQLITE_OK;
}

static int f_close(sqlite3_file *file)
{
    f_unlock(file, SQLITE_LOCK_NONE);
    return f_unmap(file, 0);
}

static const sqlite3_io_methods fileMethods = {
    2, f_close, f_read, f_write, f_truncate, f_sync, f_size, f_lock, f_unlock,
    f_reserved, f_control, f_sector, f_traits, f_map, f_shmlock, f_barrier, f_unmap,
    NULL, NULL
};

/* ---- the VFS: names ---- */

static int v_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                  int *out)
{
    PowerFile *f = (PowerFile *)file;
    Entry *e = name ? disk_entry(disk, name) : NULL;

    (void)vfs;
    memset(f, 0, sizeof *f);
    f->disk = disk;
    f->inode = e ? entry_now(e) : inode_new(disk);
    if (!f->inode) {
        if (!(flags & SQLITE_OPEN_CREATE))
            return SQLITE_CANTOPEN;
        f->inode = inode_new(disk);
        entry_set(e, f->inode);
    }
    if (e)
        strcpy(f->path, e->path);
    f->syncs_directory = e && (flags & SQLITE_OPEN_CREATE) && (flags
        & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL));
    f->base.pMethods = &fileMethods;
    if (out)
        *out = flags;
    return SQLITE_OK;
}

static int v_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    Entry *e = disk_entry(disk, name);

    (void)vfs;
    if (!entry_now(e))
        return SQLITE_IOERR_DELETE_NOENT;
    entry_set(e, NULL);
    if (sync) {
        power_fails(0);
        if (!isLie)
            disk_sync_directory(disk, name);
    }
    return SQLITE_OK;
}

static int v_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    const Inode *inode = entry_now(disk_entry(disk, name));

    (void)vfs;
    *out = inode && (flags != SQLITE_ACCESS_EXISTS || inode->now.n > 0);
    return SQLITE_OK;
}

static int v_full(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
    (void)vfs;
    sqlite3_snprintf(n, out, "%s", name);
    return SQLITE_OK;
}

static int v_random(sqlite3_vfs *vfs, int n, char *out)
{
    (void)vfs;
    memset(out, 'r', (size_t)n);        /* the same nonces in every run */
    return n;
}

static void power_install(void)
{
    static sqlite3_vfs vfs;

    sqlite3_initialize();
    vfs = *sqlite3_vfs_find(NULL);
    vfs.iVersion = 2;
    vfs.szOsFile = sizeof(PowerFile);
    vfs.zName = "power";
    vfs.pNext = NULL;
    vfs.xOpen = v_open;
    vfs.xDelete = v_delete;
    vfs.xAccess = v_access;
    vfs.xFullPathname = v_full;
    vfs.xRandomness = v_random;
    sqlite3_vfs_register(&vfs, 1);
}

/* ---- the extension's own calls ---- */

int __real_open(const char *path, int flags, ...);
int __real_close(int fd);
int __real_fsync(int fd);
int __real_unlink(const char *path);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_close(int fd);
int __wrap_fsync(int fd);
int __wrap_unlink(const char *path);
int __wrap_kill(pid_t pid, int sig);
pid_t __wrap_getpid(void);
pid_t __real_getpid(void);

#define FD 100000               /* of the first file in memory */

static struct {
    int is_open;
    char path[64];
    Inode *inode;               /* NULL: a directory */
    Disk *disk;
} fds[8];

static int is_power(const char *path)
{
    return strncmp(path, "/power/", 7) == 0;
}

int __wrap_open(const char *path, int flags, ...)
{
    Entry *e;
    va_list ap;
    int i, mode;

    va_start(ap, flags);
    mode = flags & O_CREAT ? va_arg(ap, int) : 0;
    va_end(ap);
    if (!is_power(path))
        return __real_open(path, flags, mode);
    for (i = 0; fds[i].is_open; i++) {}
    fds[i].is_open = 1;
    fds[i].disk = disk;
    fds[i].inode = NULL;
    sqlite3_snprintf(sizeof fds[i].path, fds[i].path, "%s", path);
    if (path[strlen(path) - 1] != '/') {
        e = disk_entry(disk, path);
        if (entry_now(e) && (flags & O_EXCL)) {
            fds[i].is_open = 0;
            errno = EEXIST;
            return -1;
        }
        if (!entry_now(e))
            entry_set(e, inode_new(disk));
        fds[i].inode = entry_now(e);
    }
    return FD + i;
}

/* What open() is where files may be large. */
int __wrap_open64(const char *path, int flags, ...)
{
    va_list ap;
    int mode;

    va_start(ap, flags);
    mode = flags & O_CREAT ? va_arg(ap, int) : 0;
    va_end(ap);
    return __wrap_open(path, flags, mode);
}

int __wrap_close(int fd)
{
    if (fd < FD)
        return __real_close(fd);
    fds[fd - FD].is_open = 0;
    return 0;
}

int __wrap_fsync(int fd)
{
    if (fd < FD)
        return __real_fsync(fd);
    power_fails(0);
    if (isLie)
        return 0;
    if (fds[fd - FD].inode)
        inode_sync(fds[fd - FD].inode);
    else
        disk_sync_directory(fds[fd - FD].disk, fds[fd - FD].path);
    return 0;
}

int __wrap_unlink(const char *path)
{
    Entry *e;

    if (!is_power(path))
        return __real_unlink(path);
    e = disk_entry(disk, path);
    if (entry_now(e))
        entry_set(e, NULL);
    return 0;
}

/* After the restart no process of before is there, and this is another one. */
static int isRestarted;

pid_t __wrap_getpid(void)
{
    return __real_getpid() + isRestarted;
}

int __wrap_kill(pid_t pid, int sig)
{
    (void)pid;
    (void)sig;
    errno = ESRCH;
    return -1;
}

/* ---- databases ---- */

static const char *journalMode, *synchronous;
static const char *setupSql, *bodySql, *midwaySql, *decideSql, *copyPath;
static long npoint, ndisk, choiceNow, nchoice;
static i64 seed;

static void die(const char *what, const char *detail)
{
    printf("power fails at sync %ld, choice %ld (seed %lld): %s: %s\n", npoint,
           choiceNow, seed, what, detail ? detail : "");
    exit(1);
}

static sqlite3 *open_database(const char *path)
{
    sqlite3 *db;
    char *message = NULL;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL)
        != SQLITE_OK)
        die("open", sqlite3_errmsg(db));
    if (sqlite3_migrate_init(db, &message, NULL) != SQLITE_OK)
        die("init", message);
    return db;
}

/* One with a small cache, so that a transaction is written before its end, and a
** log that is often moved into the database. */
static sqlite3 *open_for_work(void)
{
    sqlite3 *db = open_database(DATABASE);
    char *message = NULL;
    char *sql = sqlite3_mprintf("PRAGMA page_size = 1024; "
        "PRAGMA journal_mode = %s; PRAGMA synchronous = %s; PRAGMA cache_size = 8; "
        "PRAGMA wal_autocheckpoint = 12; PRAGMA foreign_keys = ON", journalMode,
        synchronous);

    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        die("settings", message);
    sqlite3_free(sql);
    return db;
}

static void append_row(sqlite3_str *out, sqlite3_stmt *stmt)
{
    int i;

    for (i = 0; i < sqlite3_column_count(stmt); i++)
        sqlite3_str_appendf(out, "%s|", sqlite3_column_text(stmt, i));
    sqlite3_str_appendall(out, "\n");
}

static void append_rows(sqlite3_str *out, sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt;
    int rc;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        die("read", sqlite3_errmsg(db));
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
        append_row(out, stmt);
    if (rc != SQLITE_DONE)
        die("read", sqlite3_errmsg(db));
    sqlite3_finalize(stmt);
}

/* All that the database has, but the log of attempts, as one text. */
static char *contents(const char *path)
{
    sqlite3 *db = open_database(path);
    sqlite3_str *out = sqlite3_str_new(NULL);
    sqlite3_stmt *stmt = NULL;

    if (sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &stmt, NULL)
            != SQLITE_OK
        || sqlite3_step(stmt) != SQLITE_ROW)
        die("integrity", sqlite3_errmsg(db));
    if (strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") != 0)
        die("integrity", (const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    sqlite3_str_appendall(out, "schema:\n");
    append_rows(out, db, "SELECT name, sql FROM sqlite_schema WHERE tbl_name <> "
                "'_migrate_log' ORDER BY name");
    if (sqlite3_prepare_v2(db, "SELECT 'SELECT ' || quote(name) || ', rowid, * FROM "
            "\"' || name || '\" ORDER BY 2' FROM sqlite_schema WHERE type = 'table' AND "
            "name <> '_migrate_log' ORDER BY name", -1, &stmt, NULL) != SQLITE_OK)
        die("read", sqlite3_errmsg(db));
    while (sqlite3_step(stmt) == SQLITE_ROW)
        append_rows(out, db, (const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return sqlite3_str_finish(out);
}

/* ---- what it may be ---- */

#define STATES 32
static char *states[STATES];    /* before, after, and those between */
static long nseen[STATES];
static int nstate;

static int state_find(const char *now)
{
    int i = 0;

    while (i < nstate && strcmp(states[i], now) != 0)
        i++;
    return i;
}

static void state_push(void)
{
    char *now = contents(DATABASE);

    if (nstate >= 2 && state_find(now) < nstate)
        sqlite3_free(now);
    else if (nstate < STATES)
        states[nstate++] = now;
    else
        die("too many states", "");
}

static void fresh(void)
{
    char *message = NULL;
    sqlite3 *db;

    if (disk)
        disk_free(disk);
    disk = must(calloc(1, sizeof *disk));
    db = open_for_work();
    if (sqlite3_exec(db, setupSql, NULL, NULL, &message) != SQLITE_OK)
        die("setup", message);
    sqlite3_close(db);
}

static void run(const char *sql)
{
    sqlite3 *db = open_for_work();
    char *message = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        die("without a fault", message);
    sqlite3_close(db);
}

static void states_learn(void)
{
    const char *sql = midwaySql;

    fresh();
    state_push();
    run(bodySql);
    state_push();
    fresh();
    while (*sql) {
        sqlite3 *db = open_for_work();
        sqlite3_stmt *stmt;
        if (sqlite3_prepare_v2(db, sql, -1, &stmt, &sql) != SQLITE_OK)
            die("midway", sqlite3_errmsg(db));
        while (sqlite3_step(stmt) == SQLITE_ROW) {}
        if (sqlite3_finalize(stmt) != SQLITE_OK)
            die("midway", sqlite3_errmsg(db));
        sqlite3_close(db);
        state_push();
    }
}

/* ---- after a power failure ---- */

static int isArmed;             /* the power fails at each sync */
static int isPromised;          /* what is committed lasts */
static sqlite3_uint64 *tried;
static long ntried;

/* True the first time that it is asked for such a disk. */
static int is_new(const Disk *d)
{
    sqlite3_uint64 hash = disk_hash(d);
    long i;

    for (i = 0; i < ntried; i++)
        if (tried[i] == hash)
            return 0;
    tried = must(realloc(tried, (size_t)(ntried + 1) * sizeof *tried));
    tried[ntried++] = hash;
    return 1;
}

static void look_at_copy(void)
{
    char *copy;

    if (!entry_now(disk_entry(disk, copyPath)))
        die("the database has changed, and there is no copy", copyPath);
    copy = contents(copyPath);
    if (strcmp(copy, states[0]) != 0)
        die("the database has changed, and the copy is not what it was", copy);
    sqlite3_free(copy);
}

static void run_again(void)
{
    sqlite3 *db;
    char *message = NULL, *now;
    int rc;

    if (*copyPath)
        __wrap_unlink(copyPath);
    isRestarted = 1;
    db = open_for_work();
    rc = sqlite3_exec(db, bodySql, NULL, NULL, &message);
    if (rc != SQLITE_OK && *decideSql && strstr(message, "interrupted")) {
        sqlite3_free(message);
        message = NULL;
        rc = sqlite3_exec(db, decideSql, NULL, NULL, &message);
        if (rc == SQLITE_OK)
            rc = sqlite3_exec(db, bodySql, NULL, NULL, &message);
    }
    if (rc != SQLITE_OK)
        die("not to be repeated", message);
    sqlite3_close(db);
    isRestarted = 0;
    now = contents(DATABASE);
    if (strcmp(now, states[1]) != 0)
        die("repeated, and not done", now);
    sqlite3_free(now);
}

/* Looks at the current disk as after a restart. */
static void look(int is_end)
{
    char *now = contents(DATABASE);
    int state = state_find(now);

    if (state == nstate)
        die("half done", now);
    if (is_end && isPromised && state != 1)
        die("done, and lost again", now);
    if (*copyPath && state != 0)
        look_at_copy();
    nseen[state]++;
    sqlite3_free(now);
    run_again();
}

static void power_fails(int is_end)
{
    Disk *whole = disk;

    if (!isArmed)
        return;
    isArmed = 0;
    npoint++;
    for (choiceNow = 0; choiceNow < nchoice + 2; choiceNow++) {
        chance_seed(seed, npoint, choiceNow);
        disk = disk_lose(whole, choiceNow == 0 ? LOSS_ALL
                              : choiceNow == 1 ? LOSS_NONE : LOSS_RANDOM);
        ndisk++;
        if (is_new(disk) || is_end)
            look(is_end);
        disk_free(disk);
    }
    disk = whole;
    isArmed = 1;
}

static void disk_settle(Disk *d)
{
    Inode *inode;
    int i;

    for (inode = d->inodes; inode; inode = inode->next)
        inode_sync(inode);
    for (i = 0; i < d->nentry; i++)
        disk_sync_directory(d, d->entry[i].path);
}

int main(int argc, char **argv)
{
    sqlite3 *db;
    char *message = NULL;
    int is_rollback, lies;
    long nbetween = 0, i;

    if (argc < 8)
        return 2;
    lies = strcmp(argv[1], "lie") == 0;
    journalMode = argv[2];
    synchronous = argv[3];
    nchoice = atol(argv[4]);
    seed = atol(argv[5]);
    setupSql = argv[6];
    bodySql = argv[7];
    midwaySql = argc > 8 ? argv[8] : "";
    decideSql = argc > 9 ? argv[9] : "";
    copyPath = argc > 10 ? argv[10] : "";
    /* a journal that is deleted may come back, unless synchronous is extra */
    is_rollback = strcmp(journalMode, "delete") == 0;
    isPromised = strcmp(synchronous, is_rollback ? "extra" : "full") == 0;
    power_install();
    states_learn();

    fresh();
    db = open_for_work();
    disk_settle(disk);
    isLie = lies;
    isArmed = 1;
    if (sqlite3_exec(db, bodySql, NULL, NULL, &message) != SQLITE_OK)
        die("with the power on", message);
    power_fails(1);
    sqlite3_close(db);
    power_fails(1);
    isArmed = 0;

    for (i = 2; i < nstate; i++)
        nbetween += nseen[i];
    printf("%ld syncs, %ld disks, %ld of them different: %ld before, %ld between, "
           "%ld after\n", npoint, ndisk, ntried, nseen[0], nbetween, nseen[1]);
    disk_free(disk);
    while (nstate > 0)
        sqlite3_free(states[--nstate]);
    free(tried);
    return 0;
}
