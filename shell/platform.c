/*
** What a platform has of its own: terminals, signals, editors, paths.  No other
** file of the program asks which one it is on.
*/
#define _POSIX_C_SOURCE 200809L

#include "shell.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <io.h>
#include <windows.h>
#define isatty _isatty
#define fileno _fileno
#define access _access
#define R_OK 4
#else
#include <unistd.h>
#endif

#if defined(_WIN32)
const char PLATFORM_LIBRARY[] = "migrate.dll";
#elif defined(__APPLE__)
const char PLATFORM_LIBRARY[] = "migrate.dylib";
#else
const char PLATFORM_LIBRARY[] = "migrate.so";
#endif

/* ---- interrupts */

/* A signal's handler can reach nothing else, so these are the program's only
** variables. */
static volatile sig_atomic_t interrupted;
static sqlite3 *volatile running;

static void platform_interrupt(int number)
{
    (void)number;
    if (interrupted)
        _Exit(EXIT_INTERRUPTED);        /* SQLite rolls back when next opened */
    interrupted = 1;
    if (running)
        sqlite3_interrupt(running);
#ifdef _WIN32
    signal(number, platform_interrupt);
#endif
}

#ifdef _WIN32

void platform_catch(void)
{
    signal(SIGINT, platform_interrupt);
    signal(SIGTERM, platform_interrupt);
}

#else

void platform_catch(void)
{
    struct sigaction action = {0};

    action.sa_handler = platform_interrupt;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);           /* what failed is said, and undone */
    signal(SIGXFSZ, SIG_IGN);           /* ulimit -f */
}

#endif

void platform_watch(sqlite3 *db)
{
    running = db;
}

int platform_is_interrupted(void)
{
    return interrupted;
}

/* ---- terminals and files */

int platform_is_terminal(FILE *file)
{
    return isatty(fileno(file));
}

int platform_is_file(const char *path)
{
    return access(path, R_OK) == 0;
}

int platform_is_missing(sqlite3 *db)
{
    /* on Windows this is ERROR_FILE_NOT_FOUND, which is 2 as well */
    return sqlite3_extended_errcode(db) != SQLITE_CANTOPEN_ISDIR
        && sqlite3_system_errno(db) == ENOENT;
}

const char *platform_reason(sqlite3 *db)
{
    int number = sqlite3_system_errno(db);

#ifdef _WIN32
    number = 0;                 /* it is no errno */
#endif
    return number ? strerror(number) : sqlite3_errmsg(db);
}

#ifdef _WIN32

char *platform_directory(const char *program)
{
    char path[MAX_PATH];
    DWORD n = GetModuleFileNameA(NULL, path, sizeof path);

    (void)program;
    while (n > 0 && path[n - 1] != '\\')
        n--;
    return n ? sqlite3_mprintf("%.*s", (int)n - 1, path) : NULL;
}

#else

char *platform_directory(const char *program)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    const char *slash;

    if (n > 0) {
        path[n] = 0;
        program = path;
    }
    slash = strrchr(program, '/');
    if (!slash)
        return NULL;
    return sqlite3_mprintf("%.*s", (int)(slash - program), program);
}

#endif

/* ---- editors */

#ifdef _WIN32

#define PLATFORM_EDITOR "notepad"

static void platform_quote(sqlite3_str *line, const char *path)
{
    sqlite3_str_appendf(line, "\"%s\"", path);
}

#else

#define PLATFORM_EDITOR "vi"

static void platform_quote(sqlite3_str *line, const char *path)
{
    sqlite3_str_appendall(line, "'");
    for (; *path; path++) {
        if (*path == '\'')
            sqlite3_str_appendall(line, "'\\''");
        else
            sqlite3_str_appendchar(line, 1, *path);
    }
    sqlite3_str_appendall(line, "'");
}

#endif

int platform_edit(const char *path)
{
    const char *editor = getenv("VISUAL");
    sqlite3_str *line = sqlite3_str_new(NULL);
    char *command;
    int result;

    if (!editor || !*editor)
        editor = getenv("EDITOR");
    if (!editor || !*editor)
        editor = PLATFORM_EDITOR;
    sqlite3_str_appendf(line, "%s ", editor);   /* it may have arguments */
    platform_quote(line, path);
    command = sqlite3_str_finish(line);
    result = command ? system(command) : -1;
    sqlite3_free(command);
    return result == 0;
}
