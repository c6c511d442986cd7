/*
** What file.c needs of the system, on Windows: what it calls os... is what POSIX calls
** so, with paths in UTF-8.  Nobody else includes this.
*/
#ifndef MIG_OS_WINDOWS_H
#define MIG_OS_WINDOWS_H

#include <windows.h>

#include <direct.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <process.h>
#include <sys/stat.h>

/* A path as Windows takes it, no longer than this. */
#define WINDOWS_PATH 1024

#define O_CLOEXEC   0           /* osOpen() does so */
#define O_NONBLOCK  0

typedef struct _stat64 OsStat;

typedef struct OsEntry {
    char d_name[3 * 260];       /* UTF-8 of 260 UTF-16 units */
} OsEntry;

typedef struct OsDir {
    _WDIR *handle;
    OsEntry entry;
} OsDir;

#define osSync _commit
#define osLstat osStat
#define osCreate(path, mode)    osOpen(path, O_WRONLY | O_CREAT | O_EXCL)
#define osResemble(fd, like)    ((void)(like))      /* the directory says */

/* False with errno set if path is none. */
static int windowsWide(const char *path, wchar_t wide[WINDOWS_PATH])
{
    if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide,
                            WINDOWS_PATH))
        return 1;
    errno = ENOENT;
    return 0;
}

static int osOpen(const char *path, int flags)
{
    wchar_t wide[WINDOWS_PATH];

    return windowsWide(path, wide) ? _wopen(wide, flags | _O_BINARY | _O_NOINHERIT,
                                            _S_IREAD | _S_IWRITE) : -1;
}

static int osStat(const char *path, OsStat *st)
{
    wchar_t wide[WINDOWS_PATH];
    return windowsWide(path, wide) ? _wstat64(wide, st) : -1;
}

static int osUnlink(const char *path)
{
    wchar_t wide[WINDOWS_PATH];
    return windowsWide(path, wide) ? _wunlink(wide) : -1;
}

static int osRemoveDirectory(const char *path)
{
    wchar_t wide[WINDOWS_PATH];
    return windowsWide(path, wide) ? _wrmdir(wide) : -1;
}

/* One that is there is replaced, as on other systems. */
static int osRename(const char *from, const char *to)
{
    wchar_t wideFrom[WINDOWS_PATH], wideTo[WINDOWS_PATH];

    if (!windowsWide(from, wideFrom) || !windowsWide(to, wideTo))
        return -1;
    if (MoveFileExW(wideFrom, wideTo, MOVEFILE_REPLACE_EXISTING))
        return 0;
    errno = EACCES;
    return -1;
}

static int osMakeDirectory(const char *path)
{
    wchar_t wide[WINDOWS_PATH];
    return windowsWide(path, wide) ? _wmkdir(wide) : -1;
}

static OsDir *osOpenDirectory(const char *path)
{
    wchar_t wide[WINDOWS_PATH];
    OsDir *dir = sqlite3_malloc64(sizeof *dir);

    if (!dir)
        errno = ENOMEM;
    else if ((dir->handle = windowsWide(path, wide) ? _wopendir(wide) : NULL) != NULL)
        return dir;
    sqlite3_free(dir);
    return NULL;
}

static OsEntry *osReadDirectory(OsDir *dir)
{
    struct _wdirent *entry = _wreaddir(dir->handle);

    if (!entry || !WideCharToMultiByte(CP_UTF8, 0, entry->d_name, -1,
            dir->entry.d_name, (int)sizeof dir->entry.d_name, NULL, NULL))
        return NULL;
    return &dir->entry;
}

static void osCloseDirectory(OsDir *dir)
{
    _wclosedir(dir->handle);
    sqlite3_free(dir);
}

/* When a process that lives began; 0 if it does not, or is not ours to ask. */
static i64 osProcessBegan(int pid)
{
    HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE,
                                 (DWORD)pid);
    FILETIME began, ended, kernel, user;
    DWORD code = 0;
    i64 when = 0;

    if (process && GetExitCodeProcess(process, &code) && code == STILL_ACTIVE
        && GetProcessTimes(process, &began, &ended, &kernel, &user))
        when = (i64)((u64)began.dwHighDateTime << 32 | began.dwLowDateTime);
    if (process)
        CloseHandle(process);
    return when;
}

static int osProcessLives(int pid)
{
    return osProcessBegan(pid) != 0;
}

#endif
