/*
** A C program with the extension linked in that runs the cases of test/cases, each in
** a directory of its own, and counts.  The Tcl suite runs the same files
** (cases.test).  This program needs a C library and nothing else: it is for other
** processors and other C libraries (test/cross), for databases with a key, and for a
** stack that is small.
**
**     driver [-key KEY] [-load EXTENSION] [-stack KILOBYTES] DIRECTORY FILE ...
**
** DIRECTORY is there, and empty.  With -load the extension is not the one inside.  test/cases/README says what a case is made of.
*/
#include "../ext/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#ifdef _WIN32
#include <direct.h>
#include <windows.h>
#define mkdir(path, mode) _mkdir(path)
#define chdir _chdir
#define fopen driverOpenFile
#else
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

/* What a file of cases consists of: a line that begins with a word, and the lines
** below it that are indented by four blanks. */
typedef struct Block {
    char *word;
    char *argument;         /* the rest of the line */
    char *text;             /* the lines below, without the blanks */
    int line;
} Block;

typedef struct Driver {
    const char *key;        /* of every database; NULL: they are plain */
    const char *extension;  /* to load; NULL: the one that is linked in */
    const char *directory;
    char **file;            /* of cases */
    int nfile;
    const char *path;       /* the one at work */
    Block block;
    char *name;             /* of the case; NULL before the first */
    sqlite3 *db, *other;    /* closed until they are wanted */
    char *database;         /* what they are on */
    sqlite3_str *got;       /* the rows since the last look */
    char *error;            /* of the last SQL; NULL: it worked */
    int is_broken;          /* the case has failed already */
    int is_skipped;         /* it cannot be run here */
    int nlook;              /* how often the case has looked */
    int npass, nfail;
} Driver;

/* ---- small things ---- */

#ifdef _WIN32
/* fopen() of a path in UTF-8. */
static FILE *driverOpenFile(const char *path, const char *mode)
{
    wchar_t wide[260];

    MultiByteToWideChar(CP_UTF8, 0, path, -1, wide, 260);
    return _wfopen(wide, *mode == 'r' ? L"rb" : L"wb");
}
#endif

static __attribute__((noreturn)) void driverDie(const char *what)
{
    perror(what);
    exit(2);
}

static void driverBreak(Driver *d, const char *what, const char *expected,
                        const char *got)
{
    if (!d->is_broken)
        printf("FAIL %s (%s:%d)\n     %s: %s\n     got: %s\n", d->name, d->path,
               d->block.line, what, expected, got);
    d->is_broken = 1;
}

static char *driverFinish(sqlite3_str *str)
{
    char *z = sqlite3_str_finish(str);

    return z ? z : sqlite3_mprintf("");
}

/* Creates the directories that path names. */
static void driverMakeParents(const char *path)
{
    char *part = sqlite3_mprintf("%s", path);
    char *slash = part;

    while ((slash = strchr(slash + 1, '/')) != NULL) {
        *slash = 0;
        mkdir(part, 0777);      /* it may be there */
        *slash = '/';
    }
    sqlite3_free(part);
}

static void driverWrite(const char *path, const char *text)
{
    FILE *out;

    driverMakeParents(path);
    out = fopen(path, "wb");
    if (!out || fwrite(text, 1, strlen(text), out) != strlen(text) || fclose(out))
        driverDie(path);
}

static char *driverRead(const char *path)
{
    FILE *in = fopen(path, "rb");
    sqlite3_str *text = sqlite3_str_new(NULL);
    char some[512];
    size_t n;

    if (!in)
        driverDie(path);
    while ((n = fread(some, 1, sizeof some, in)) > 0)
        sqlite3_str_append(text, some, (int)n);
    fclose(in);
    return driverFinish(text);
}

/* ---- databases ---- */

/* The SQL function crash(): where the process dies, when it is told to. */
static void driverCrash(sqlite3_context *context, int n, sqlite3_value **value)
{
    (void)n;
    (void)value;
    if (sqlite3_user_data(context))
        _Exit(0);
}

static void driverLoad(Driver *d, sqlite3 *db)
{
    char *message = NULL;

    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL);
    if (sqlite3_load_extension(db, d->extension, NULL, &message) != SQLITE_OK) {
        printf("%s: %s\n", d->extension, message);
        exit(2);
    }
}

static sqlite3 *driverOpen(Driver *d, const char *path, int is_to_crash)
{
    sqlite3 *db;
    char *key;

    if (sqlite3_open(path, &db) != SQLITE_OK) {
        printf("%s: %s\n", path, sqlite3_errmsg(db));
        exit(2);
    }
    sqlite3_create_function(db, "crash", 0, SQLITE_UTF8, is_to_crash ? d : NULL,
                            driverCrash, NULL, NULL);
    if (d->key) {
        key = sqlite3_mprintf("PRAGMA key = %Q", d->key);
        sqlite3_exec(db, key, NULL, NULL, NULL);
        sqlite3_free(key);
    }
    if (d->extension)
        driverLoad(d, db);
    return db;
}

static void driverClose(Driver *d, sqlite3 **db)
{
    if (sqlite3_close(*db) != SQLITE_OK)
        driverBreak(d, "close", "all is finished", sqlite3_errmsg(*db));
    *db = NULL;
}

static int driverRow(void *context, int n, char **value, char **column)
{
    Driver *d = context;
    int i;

    (void)column;
    for (i = 0; i < n; i++)
        sqlite3_str_appendf(d->got, "%s%s", i ? "|" : "", value[i] ? value[i] : "");
    sqlite3_str_appendall(d->got, "\n");
    return 0;
}

static void driverSql(Driver *d, sqlite3 *db, const char *sql)
{
    sqlite3_exec(db, sql, driverRow, d, &d->error);
}

/* ---- what a case can say ---- */

static void blockFile(Driver *d)
{
    driverWrite(d->block.argument, d->block.text);
}

/* Gives a file the line ends of Windows. */
static void blockWindows(Driver *d)
{
    char *text = driverRead(d->block.argument), *z;
    sqlite3_str *out = sqlite3_str_new(NULL);

    for (z = text; *z; z++) {
        if (*z == '\n')
            sqlite3_str_appendchar(out, 1, '\r');
        sqlite3_str_appendchar(out, 1, *z);
    }
    sqlite3_free(text);
    text = driverFinish(out);
    driverWrite(d->block.argument, text);
    sqlite3_free(text);
}

/* ID [<- PARENT ...] [dep:ID] [label:NAME]: a revision file.  The text is its
** section up, or says itself which sections there are. */
static void blockRevision(Driver *d)
{
    sqlite3_str *down = sqlite3_str_new(NULL), *more = sqlite3_str_new(NULL);
    int is_plain = strncmp(d->block.text, "-- migrate:up", 13) != 0;
    char *id = strtok(d->block.argument, " "), *word, *downs, *lines, *path, *text;

    while ((word = strtok(NULL, " ")) != NULL) {
        if (strncmp(word, "dep:", 4) == 0)
            sqlite3_str_appendf(more, "-- Depends-On: %s\n", word + 4);
        else if (strncmp(word, "label:", 6) == 0)
            sqlite3_str_appendf(more, "-- Branch-Labels: %s\n", word + 6);
        else if (strcmp(word, "<-") != 0)
            sqlite3_str_appendf(down, "%s%s", sqlite3_str_length(down) ? ", " : "",
                                word);
    }
    downs = driverFinish(down);
    lines = driverFinish(more);
    path = sqlite3_mprintf("migrations/versions/%s.sql", id);
    text = sqlite3_mprintf("-- revision %s\n--\n-- Revision: %s\n-- Revises: %s\n"
                           "%s\n%s%s", id, id, *downs ? downs : "base", lines,
                           is_plain ? "-- migrate:up\n" : "", d->block.text);
    driverWrite(path, text);
    sqlite3_free(downs);
    sqlite3_free(lines);
    sqlite3_free(path);
    sqlite3_free(text);
}

static void blockRemove(Driver *d)
{
    if (remove(d->block.argument) != 0)
        driverBreak(d, "remove", d->block.argument, "it is not there");
}

static void blockSql(Driver *d)
{
    if (!d->db)
        d->db = driverOpen(d, d->database, 0);
    driverSql(d, d->db, d->block.text);
}

static void blockOther(Driver *d)
{
    if (!d->other)
        d->other = driverOpen(d, d->database, 0);
    driverSql(d, d->other, d->block.text);
}

/* The rest of the case is not for databases with a key. */
static void blockPlain(Driver *d)
{
    d->is_skipped = d->key != NULL;
}

/* The connections are closed; the next is to the database that is named. */
static void blockOpen(Driver *d)
{
    driverClose(d, &d->db);
    driverClose(d, &d->other);
    sqlite3_free(d->database);
    d->database = sqlite3_mprintf("%s", d->block.argument);
}

static void blockGives(Driver *d)
{
    char *got = driverFinish(d->got);

    d->nlook++;
    d->got = sqlite3_str_new(NULL);
    if (strcmp(got, d->block.text) != 0)
        driverBreak(d, "expected", d->block.text, got);
    sqlite3_free(got);
}

static void blockFails(Driver *d)
{
    const char *pattern = d->block.argument;

    d->nlook++;
    if (!d->error)
        driverBreak(d, "expected an error", pattern, "none");
    else if (sqlite3_strglob(pattern, d->error) != 0)
        driverBreak(d, "expected an error", pattern, d->error);
    sqlite3_free(d->error);
    d->error = NULL;
}

/* Runs SQL in a process of its own, which dies where the SQL calls crash(). */
static void blockCrash(Driver *d)
{
#ifndef _WIN32
    int status;
    pid_t child;

    driverClose(d, &d->db);
    fflush(stdout);
    child = fork();
    if (child == 0) {
        driverSql(d, driverOpen(d, d->database, 1), d->block.text);
        printf("     %s\n", d->error ? d->error : "crash() was not called");
        fflush(stdout);
        _Exit(1);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        driverBreak(d, "crash", "a process that dies", "one that does not");
#else
    d->is_skipped = 1;
#endif
}

static void caseEnd(Driver *d)
{
    if (!d->name)
        return;
    driverClose(d, &d->db);
    driverClose(d, &d->other);
    if (!d->nlook && !d->is_skipped)
        driverBreak(d, "case", "one that looks at something", "none");
    if (d->is_skipped)
        printf("skipped: %s\n", d->name);
    else if (d->is_broken)
        d->nfail++;
    else
        d->npass++;
    sqlite3_free(sqlite3_str_finish(d->got));
    sqlite3_free(d->database);
    sqlite3_free(d->name);
    d->name = NULL;
    if (chdir("..") != 0)
        driverDie("..");
}

/* NAME: WHAT.  Begins anew, in an empty directory. */
static void blockCase(Driver *d)
{
    caseEnd(d);
    d->name = sqlite3_mprintf("%.*s", (int)strcspn(d->block.argument, ":"),
                              d->block.argument);
    d->database = sqlite3_mprintf("test.db");
    d->got = sqlite3_str_new(NULL);
    d->is_broken = d->is_skipped = d->nlook = 0;
    if (mkdir(d->name, 0777) != 0 || chdir(d->name) != 0)
        driverDie(d->name);
    driverMakeParents("migrations/versions/");
}

/* With is_line the text may stand on the line of its word. */
static const struct {
    const char *word;
    void (*run)(Driver *);
    int is_line;
} driverWord[] = {
    {"case", blockCase, 0},
    {"file", blockFile, 0},
    {"revision", blockRevision, 0},
    {"windows", blockWindows, 0},
    {"remove", blockRemove, 0},
    {"plain", blockPlain, 0},
    {"open", blockOpen, 0},
    {"sql", blockSql, 1},
    {"other", blockOther, 1},
    {"crash", blockCrash, 1},
    {"gives", blockGives, 1},
    {"fails", blockFails, 0},
};

/* ---- files of cases ---- */

static void driverRun(Driver *d)
{
    Block *block = &d->block;
    size_t i;

    /* an error that nobody asks for */
    if (d->error && strcmp(block->word, "fails") != 0) {
        driverBreak(d, "expected", "no error", d->error);
        sqlite3_free(d->error);
        d->error = NULL;
    }
    if (d->is_skipped && strcmp(block->word, "case") != 0)
        return;
    for (i = 0; i < sizeof driverWord / sizeof *driverWord; i++) {
        if (strcmp(block->word, driverWord[i].word) != 0)
            continue;
        if (driverWord[i].is_line && *block->argument) {
            sqlite3_free(block->text);
            block->text = sqlite3_mprintf("%s\n", block->argument);
        }
        driverWord[i].run(d);
        return;
    }
    printf("%s:%d: what is \"%s\"?\n", d->path, block->line, block->word);
    exit(2);
}

/* Cuts one line off. */
static char *driverLine(char **rest)
{
    char *line = *rest, *end = line + strcspn(line, "\n");

    *rest = *end ? end + 1 : end;
    *end = 0;
    return line;
}

/* Reads the lines of a block that are indented, and the empty ones between. */
static char *driverText(char **rest, int *line)
{
    sqlite3_str *text = sqlite3_str_new(NULL);
    int nempty = 0;

    for (; **rest == '\n' || strncmp(*rest, "    ", 4) == 0; ++*line) {
        char *one = driverLine(rest);
        if (!*one) {
            nempty++;
            continue;
        }
        sqlite3_str_appendchar(text, nempty, '\n');
        sqlite3_str_appendf(text, "%s\n", one + 4);
        nempty = 0;
    }
    return driverFinish(text);
}

static void driverFile(Driver *d, char *rest)
{
    int line = 1;

    while (*rest) {
        Block block = {NULL, NULL, NULL, 0};
        block.line = line++;
        block.word = driverLine(&rest);
        if (!*block.word || *block.word == '#')
            continue;
        block.argument = block.word + strcspn(block.word, " ");
        if (*block.argument)
            *block.argument++ = 0;
        block.text = driverText(&rest, &line);
        d->block = block;
        driverRun(d);
        sqlite3_free(d->block.text);
    }
    d->block.word = "case";
    caseEnd(d);
}

static void *driverMain(void *context)
{
    Driver *d = context;
    char **text = sqlite3_malloc64(sizeof *text * (size_t)d->nfile);
    int i;

    for (i = 0; i < d->nfile; i++)      /* before the first chdir */
        text[i] = driverRead(d->file[i]);
    if (chdir(d->directory) != 0)
        driverDie(d->directory);
    for (i = 0; i < d->nfile; i++) {
        d->path = d->file[i];
        driverFile(d, text[i]);
        sqlite3_free(text[i]);
    }
    sqlite3_free(text);
    return NULL;
}

/* Runs the cases on a stack of so many kilobytes.  A thread may have to have more,
** so what lies below them is forbidden. */
static void driverThread(Driver *d, int kilobytes)
{
#ifndef _WIN32
    size_t size = 512 * 1024, used = (size_t)kilobytes * 1024;
    char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pthread_attr_t attr;
    pthread_t thread;

    pthread_attr_init(&attr);
    if (stack == MAP_FAILED || used > size
        || mprotect(stack, size - used, PROT_NONE) != 0
        || pthread_attr_setstack(&attr, stack, size) != 0
        || pthread_create(&thread, &attr, driverMain, d) != 0)
        driverDie("-stack");
    pthread_join(thread, NULL);
#else
    (void)kilobytes;
    driverMain(d);
    puts("skipped: -stack");
#endif
}

int main(int argc, char **argv)
{
    static Driver d;
    int stack = 0;

    for (argv++, argc--; argc > 1 && **argv == '-'; argv += 2, argc -= 2) {
        if (strcmp(*argv, "-key") == 0)
            d.key = argv[1];
        else if (strcmp(*argv, "-load") == 0)
            d.extension = argv[1];
        else if (strcmp(*argv, "-stack") == 0)
            stack = atoi(argv[1]);
    }
    if (argc < 2) {
        fputs("usage: driver [-key KEY] [-load EXTENSION] [-stack KILOBYTES] "
              "DIRECTORY FILE ...\n", stderr);
        return 2;
    }
    d.directory = *argv;
    d.file = argv + 1;
    d.nfile = argc - 1;
    if (!d.extension)
        sqlite3_auto_extension((void (*)(void))sqlite3_migrate_init);
    if (stack)
        driverThread(&d, stack);
    else
        driverMain(&d);
    printf("driver: SQLite %s, %d bit%s\n%d passed, %d failed\n",
           sqlite3_libversion(), (int)sizeof(void *) * 8, d.key ? ", with a key" : "",
           d.npass, d.nfail);
    return d.nfail > 0;
}
