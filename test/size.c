/*
** How much memory an upgrade takes: 100 revisions, from a directory and from a bundle,
** in a thread with a stack of 64 KB.  Every allocation of the program is counted
** (malloc and its kin are wrapped by the linker); SQLite's page cache is outside of
** the heap.
**
**     heap DIRECTORY
**
** prints a line "NAME PEAK LEFT" for each way: bytes of heap at the highest, from
** sqlite3_open() on, and what is left after sqlite3_close().  DIRECTORY is there, and
** empty.
*/
#include "../ext/migrate.h"

#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define STACK (64 * 1024)
#define STACK_AREA (512 * 1024)     /* the least that a thread may have, and more */
#define PAGES 2000                  /* of the page cache */

static size_t live, peak;           /* one thread at a time */

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void __wrap_free(void *p);

static void *sizeCount(void *p)
{
    live += p ? malloc_usable_size(p) : 0;
    if (peak < live)
        peak = live;
    return p;
}

void *__wrap_malloc(size_t n)
{
    return sizeCount(__real_malloc(n));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return sizeCount(__real_calloc(n, size));
}

void *__wrap_realloc(void *p, size_t n)
{
    live -= p ? malloc_usable_size(p) : 0;
    return sizeCount(__real_realloc(p, n));
}

void __wrap_free(void *p)
{
    live -= p ? malloc_usable_size(p) : 0;
    __real_free(p);
}

static void sizeSql(sqlite3 *db, const char *sql)
{
    char *message = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK)
        return;
    fprintf(stderr, "%s\n", message);
    exit(1);
}

/* A revision such as people write: a table, an index, rows, a check, the way back. */
static void sizeRevision(int i)
{
    char path[64], before[16];
    FILE *out;

    snprintf(path, sizeof path, "migrations/versions/r%03d.sql", i);
    snprintf(before, sizeof before, i > 1 ? "r%03d" : "base", i - 1);
    out = fopen(path, "w");
    if (!out)
        exit(1);
    fprintf(out, "-- table %d\n--\n-- Revision: r%03d\n-- Revises: %s\n"
            "-- Created: 2026-01-05 12:00:00+00:00\n\n-- migrate:up\n"
            "CREATE TABLE t%d (\n    id INTEGER PRIMARY KEY,\n    name TEXT NOT NULL,\n"
            "    made TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP\n);\n"
            "CREATE INDEX t%d_name ON t%d (name);\n"
            "INSERT INTO t%d (name) VALUES ('one'), ('two'), ('three');\n"
            "ALTER TABLE t%d ADD COLUMN IF NOT EXISTS size INTEGER;\n\n"
            "-- migrate:verify\nSELECT count(*) = 3 FROM t%d;\n\n"
            "-- migrate:down\nDROP TABLE t%d;\n",
            i, i, before, i, i, i, i, i, i, i);
    fclose(out);
}

static void *sizeUpgrade(void *source)
{
    char *sql = sqlite3_mprintf("SELECT migrate_source(%Q);"
                                "SELECT migrate_upgrade();"
                                "CREATE TEMP TABLE done (n CHECK (n = 100));"
                                "INSERT INTO done SELECT count(*) FROM migrate_history",
                                (char *)source);
    sqlite3 *db;

    if (sqlite3_open("test.db", &db) != SQLITE_OK)
        exit(1);
    sizeSql(db, sql);
    sqlite3_close(db);
    sqlite3_free(sql);
    return NULL;
}

/* On a stack whose other pages are forbidden. */
static void sizeThread(void *source)
{
    char *stack = mmap(NULL, STACK_AREA, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pthread_attr_t attr;
    pthread_t thread;

    pthread_attr_init(&attr);
    if (stack == MAP_FAILED || mprotect(stack, STACK_AREA - STACK, PROT_NONE) != 0
        || pthread_attr_setstack(&attr, stack, STACK_AREA) != 0
        || pthread_create(&thread, &attr, sizeUpgrade, source) != 0)
        exit(1);
    pthread_join(thread, NULL);
}

static void sizeOf(const char *name, char *source)
{
    size_t before;

    sizeThread(source);             /* what is made once for all is made now */
    unlink("test.db");
    before = peak = live;
    sizeThread(source);
    unlink("test.db");
    printf("%s %ld %ld\n", name, (long)(peak - before), (long)live - (long)before);
}

int main(int argc, char **argv)
{
    static char page[PAGES * 4400];
    sqlite3 *db;
    int i;

    if (argc != 2 || chdir(argv[1]) != 0)
        return 2;
    sqlite3_config(SQLITE_CONFIG_PAGECACHE, page, 4400, PAGES);
    sqlite3_auto_extension((void (*)(void))sqlite3_migrate_init);
    sqlite3_open(":memory:", &db);
    sizeSql(db, "SELECT migrate_init()");
    for (i = 1; i <= 100; i++)
        sizeRevision(i);
    sizeSql(db, "SELECT migrate_bundle('bundle')");
    sqlite3_close(db);
    sizeOf("directory", "migrations");
    sizeOf("bundle", "bundle");
    return 0;
}
