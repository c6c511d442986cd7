/*
** Files, directories and the environment.  See file.h.
*/
#include "file.h"

#include <limits.h>
#include <stdlib.h>
#ifdef _WIN32
#include "os_windows.h"
#else
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* what os_windows.h has under these names too */
typedef struct stat OsStat;
typedef struct dirent OsEntry;
typedef DIR OsDir;
#define osOpen                  open
#define osCreate(path, mode)    \
    open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
#define osStat                  stat
#define osLstat                 lstat
#define osSync                  fsync
#define osUnlink                unlink
#define osRemoveDirectory       rmdir
#define osRename                rename
#define osMakeDirectory(path)   mkdir(path, 0777)
#define osOpenDirectory         opendir
#define osReadDirectory         readdir
#define osCloseDirectory        closedir
#define osProcessLives(pid)     (kill(pid, 0) == 0 || errno == EPERM)

/* Lets those at a file who may be at the other, as far as we can. */
static int osResemble(int fd, const OsStat *like)
{
    return (geteuid() != 0 || fchown(fd, like->st_uid, like->st_gid) == 0)
        && fchmod(fd, like->st_mode & 0777) == 0;
}
#endif

static void fileFail(Arena *a, const char *path)
{
    err_set(a->err, ERR_IO, "%s: %s", path, strerror(errno));
}

static FileKind fileKind(const OsStat *st)
{
    return S_ISREG(st->st_mode) ? FILE_REGULAR
         : S_ISDIR(st->st_mode) ? FILE_DIRECTORY : FILE_OTHER;
}

MIG_FUNC FileKind file_kind(const char *path)
{
    OsStat st;

    return osStat(path, &st) == 0 ? fileKind(&st) : FILE_NONE;
}

MIG_FUNC FileKind file_find(Arena *a, const char *path)
{
    OsStat st;

    if (!ok(a))
        return FILE_NONE;
    if (osStat(path, &st) == 0)
        return fileKind(&st);
    if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
        fileFail(a, path);
    return FILE_NONE;
}

/* Reads up to n bytes, however the system cuts them up; -1 on failure. */
static i64 fileFill(int fd, char *to, i64 n)
{
    i64 got = 0;

    while (got < n) {
        ssize_t k = read(fd, to + got, (size_t)(n - got));
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return -1;
        if (k == 0)
            break;
        got += k;
    }
    return got;
}

MIG_FUNC Text file_read_head(Arena *a, const char *path, char *to, int size,
                             int *whole)
{
    Text head = {to, 0};
    i64 got = -1;
    int fd;

    *whole = 0;
    if (!ok(a) || !to)
        return head;
    fd = osOpen(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);  /* a pipe may be silent */
    if (fd >= 0)
        got = fileFill(fd, to, (i64)size + 1);
    if (got < 0)
        fileFail(a, path);
    if (fd >= 0)
        close(fd);
    *whole = got >= 0 && got <= size;
    head.n = got < 0 ? 0 : got > size ? size : (int)got;
    return head;
}

MIG_FUNC Text file_read(Arena *a, const char *path)
{
    Text none = {NULL, 0};
    OsStat st;
    int whole, size, more;

    /* it may grow between stat and read, or not say its size: then it is read again */
    for (more = 0; ok(a); more += 4096) {
        Text text;
        if (osStat(path, &st) != 0) {
            fileFail(a, path);
            break;
        }
        if (!S_ISREG(st.st_mode)) {
            err_set(a->err, ERR_IO, "%s: not a file", path);
            break;
        }
        if (st.st_size > FILE_SIZE_MAX) {
            err_set(a->err, ERR_IO, "%s: larger than %d bytes", path,
                    FILE_SIZE_MAX);
            break;
        }
        size = (int)st.st_size + more;
        text = file_read_head(a, path, ARENA_NEW(a, char, size + 1), size, &whole);
        if (whole)
            return text;
    }
    return none;
}

static int fileWrite(int fd, Text content)
{
    while (content.n > 0) {
        ssize_t k = write(fd, content.z, (size_t)content.n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return 0;
        content.z += k;
        content.n -= (int)k;
    }
    return 1;
}

static int fileIsSeparator(char c)
{
#ifdef _WIN32
    if (c == '\\')
        return 1;
#endif
    return c == '/';
}

MIG_FUNC const char *file_directory(Arena *a, const char *path)
{
    Text dir = text_of(path);

    while (dir.n > 1 && fileIsSeparator(dir.z[dir.n - 1]))
        dir.n--;
    while (dir.n > 0 && !fileIsSeparator(dir.z[dir.n - 1]))
        dir.n--;
    return text_copy(a, dir);
}

/* What says that a directory cannot be opened, or cannot be synced, on this system or
** in this file system at all: then a file that is synced is all they promise. */
static int fileIsNoDirectorySync(int code)
{
    return code == EACCES || code == EISDIR || code == EINVAL || code == EBADF
        || code == ENOTSUP;
}

/* Syncs a directory, as file_directory() gives it, so that a new name in it lasts;
** false with errno set if that failed. */
static int fileSyncDirectory(const char *dir)
{
    int fd = osOpen(*dir ? dir : ".", O_RDONLY | O_CLOEXEC);
    int code = fd < 0 || osSync(fd) != 0 ? errno : 0;

    if (fd >= 0)
        close(fd);
    errno = code;
    return code == 0 || fileIsNoDirectorySync(code);
}

/* Makes a file at path, which messages call shown, with its content synced; for those
** who may read like, or, if that is NULL, for whom the system says. */
static void fileMake(Arena *a, const char *path, const char *shown, Text content,
                     const OsStat *like)
{
    int fd, done;

    if (!ok(a))
        return;
    fd = osCreate(path, like ? 0600 : 0666);
    if (fd < 0) {
        fileFail(a, shown);
        return;
    }
    if (like)
        osResemble(fd, like);
    done = fileWrite(fd, content) && osSync(fd) == 0;
    if (!done)
        fileFail(a, shown);
    if (close(fd) != 0 && done) {
        done = 0;
        fileFail(a, shown);
    }
    if (!done)
        osUnlink(path);
}

static void fileCreate(Arena *a, const char *path, Text content, const OsStat *like)
{
    const char *dir = file_directory(a, path);

    fileMake(a, path, path, content, like);
    if (ok(a) && !fileSyncDirectory(dir)) {
        fileFail(a, path);
        osUnlink(path);
    }
}

MIG_FUNC void file_create(Arena *a, const char *path, Text content)
{
    fileCreate(a, path, content, NULL);
}

MIG_FUNC void file_create_like(Arena *a, const char *path, const char *like)
{
    Text empty = {NULL, 0};
    OsStat st;

    fileCreate(a, path, empty, like && osStat(like, &st) == 0 ? &st : NULL);
}

MIG_FUNC void file_replace(Arena *a, const char *path, Text content)
{
    const char *dir = file_directory(a, path), *beside;
    unsigned number;
    OsStat st;

    /* a device or a link would be gone */
    if (osLstat(path, &st) == 0 && fileKind(&st) == FILE_OTHER)
        err_set(a->err, ERR_IO, "%s: neither a file nor free for one, but a link, a "
                "device or a pipe; name another path", path);
    sqlite3_randomness(sizeof number, &number);
    beside = text_format(a, "%s.%08x", path, number);
    fileMake(a, beside, path, content, NULL);
    if (!ok(a))
        return;
    if (osRename(beside, path) != 0) {
        fileFail(a, path);
        osUnlink(beside);
    } else if (!fileSyncDirectory(dir)) {
        fileFail(a, path);
    }
}

MIG_FUNC void file_remove(const char *path)
{
    (void)osUnlink(path);
}

MIG_FUNC void file_remove_directory(const char *path)
{
    (void)osRemoveDirectory(path);
}

MIG_FUNC void file_make_directory(Arena *a, const char *path)
{
    const char *above = file_directory(a, path);

    if (!ok(a))
        return;
    if (osMakeDirectory(path) != 0) {
        if (errno != EEXIST || file_kind(path) != FILE_DIRECTORY)
            fileFail(a, path);
    } else if (!fileSyncDirectory(above)) {
        fileFail(a, path);
        osRemoveDirectory(path);
    }
}

static int fileEndsWith(const char *name, const char *suffix)
{
    size_t n = strlen(name), k = strlen(suffix);
    return n >= k && strcmp(name + n - k, suffix) == 0;
}

/* Whether entry, found in dir at path, is a directory; links are not followed. */
static int fileIsSubdirectory(const OsEntry *entry, const char *path)
{
    OsStat st;

#ifdef DT_DIR
    if (entry->d_type != DT_UNKNOWN)
        return entry->d_type == DT_DIR;
#endif
    (void)entry;
    return osLstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The files of dir/sub go to out, its sub-directories to subs. */
static void fileListOne(Arena *a, const char *dir, const char *sub,
                        const char *suffix, Names *out, Names *subs)
{
    const char *path = file_join(a, dir, sub);
    OsDir *handle = ok(a) ? osOpenDirectory(path) : NULL;
    OsEntry *entry;

    if (!handle) {
        if (ok(a))
            fileFail(a, path);
        return;
    }
    while (ok(a) && (errno = 0, entry = osReadDirectory(handle)) != NULL) {
        const char *name;
        if (entry->d_name[0] == '.')
            continue;
        name = file_join(a, sub, entry->d_name);
        if (!fileEndsWith(name, suffix) && !subs)
            continue;
        name = text_copy(a, text_of(name));
        if (fileIsSubdirectory(entry, file_join(a, dir, name))) {
            if (subs)
                names_push(a, subs, text_of(name));
        } else if (fileEndsWith(name, suffix)) {
            names_push(a, out, text_of(name));
        }
    }
    if (errno && ok(a))
        fileFail(a, path);
    osCloseDirectory(handle);
}

MIG_FUNC void file_list(Arena *a, const char *dir, const char *suffix,
                        int recursive, Names *out)
{
    Names found = {0}, subs = {0};
    int i;

    fileListOne(a, dir, "", suffix, &found, recursive ? &subs : NULL);
    for (i = 0; i < subs.n && ok(a); i++)
        fileListOne(a, dir, subs.v[i].z, suffix, &found, &subs);
    names_sort(&found);
    for (i = 0; i < found.n; i++)
        names_push(a, out, found.v[i]);
}

/* From a root; on Windows from that of a drive, or of a server, too. */
static int fileIsAbsolute(const char *name)
{
#ifdef _WIN32
    if (name[0] && name[1] == ':')
        return 1;
#endif
    return fileIsSeparator(name[0]);
}

MIG_FUNC const char *file_join(Arena *a, const char *dir, const char *name)
{
    size_t n = strlen(dir);

    if (n == 0 || fileIsAbsolute(name))
        return name;
    if (name[0] == 0)
        return dir;
    return text_format(a, dir[n - 1] == '/' ? "%s%s" : "%s/%s", dir, name);
}

MIG_FUNC const char *file_env(const char *name)
{
    return getenv(name);
}

#ifdef _WIN32

static const char *fileProcessAge(Arena *a, int pid)
{
    return text_format(a, "%lld", osProcessBegan(pid));
}

#else

/* When a process began, and since which boot the clock for that runs: a number is
** given to another process sooner or later.  "" where the system does not tell. */
static const char *fileProcessAge(Arena *a, int pid)
{
    char boot[64], stat[1024];
    Text name = file_read_head(a, "/proc/sys/kernel/random/boot_id", boot,
                               (int)sizeof boot - 1, &(int){0});
    Text rest = file_read_head(a, text_format(a, "/proc/%d/stat", pid), stat,
                               (int)sizeof stat - 1, &(int){0});
    int i;

    /* the words after the last ")" begin with the third; the twenty-second is the
    ** time (proc(5)) */
    for (i = rest.n; i > 0 && rest.z[i - 1] != ')'; i--) {}
    rest = text_trim(text_slice(rest, i, rest.n));
    for (i = 3; i < 22; i++)
        text_cut(&rest, ' ');
    rest = text_cut(&rest, ' ');
    return text_format(a, "%Ts %Ts", text_trim(name), rest);
}

#endif

/* The age as far as it can be had: what cannot be read is no failure. */
static const char *fileProcess(Arena *a, int pid)
{
    Err err = {0};
    Err *outer = a->err;
    const char *age;

    a->err = &err;
    age = fileProcessAge(a, pid);
    a->err = outer;
    if (err.code == ERR_NO_MEMORY)
        err_join(outer, &err);
    age = err.code ? "" : age;
    err_release(&err);
    return text_format(a, "%d %s", pid, age);
}

MIG_FUNC const char *file_process(Arena *a)
{
    return fileProcess(a, (int)getpid());
}

MIG_FUNC int file_process_lives(Arena *a, Text process)
{
    int pid = atoi(text_copy(a, process));

    return pid > 0 && osProcessLives(pid)
        && text_is(process, fileProcess(a, pid));
}

MIG_FUNC const char *file_user(Arena *a)
{
    static const char name[][9] = {"USER", "LOGNAME", "USERNAME"};
    size_t i;

    for (i = 0; i < sizeof name / sizeof *name; i++) {
        const char *user = getenv(name[i]);
        if (user && *user)
            return text_copy(a, text_of(user));
    }
#ifdef _WIN32
    return "";
#else
    return text_format(a, "uid %d", (int)getuid());
#endif
}
