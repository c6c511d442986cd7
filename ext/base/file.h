/*
** Files, directories and the environment: all that depends on the platform.
**
** A path is UTF-8 and terminated.  What fails is reported as ERR_IO with the
** path and the system's words, unless it says otherwise.
*/
#ifndef MIG_FILE_H
#define MIG_FILE_H

#include "text.h"

typedef enum FileKind { FILE_NONE, FILE_REGULAR, FILE_DIRECTORY, FILE_OTHER } FileKind;

/* No revision file, ini file or model is larger. */
#define FILE_SIZE_MAX 0x20000000

/* What is there; FILE_NONE too if it cannot be known. */
MIG_FUNC FileKind file_kind(const char *path);

/* The same, but what cannot be known is reported. */
MIG_FUNC FileKind file_find(Arena *a, const char *path);

/* The whole file. */
MIG_FUNC Text file_read(Arena *a, const char *path);

/* At most size bytes from its start, into to, which has room for one more;
** *whole says whether that is all of it. */
MIG_FUNC Text file_read_head(Arena *a, const char *path, char *to, int size,
                             int *whole);

/* Writes a new file, complete and synced, its directory too, where a directory can be
** synced.  A file that exists already is an error and stays as it was; after any other
** failure there is no file. */
MIG_FUNC void file_create(Arena *a, const char *path, Text content);

/* The same with an empty file, for a copy of the file like: who may not read that one
** may not read this. */
MIG_FUNC void file_create_like(Arena *a, const char *path, const char *like);

/* Writes a file, complete and synced, in place of what is there: whenever it is
** looked at, it is the old one or the new one.  After a failure too: the new one, if
** all that failed was to sync its name.  What is no file, a link to one too, is an error
** and stays. */
MIG_FUNC void file_replace(Arena *a, const char *path, Text content);

/* Takes a file, or a directory that is empty, away again; what cannot be stays. */
MIG_FUNC void file_remove(const char *path);
MIG_FUNC void file_remove_directory(const char *path);

/* Makes a directory, synced as file_create() does; one that is there already is no
** error. */
MIG_FUNC void file_make_directory(Arena *a, const char *path);

/* Adds the paths, relative to dir, of its files that end with suffix, sorted;
** names that begin with a dot are left out.  With recursive those of its
** sub-directories too.  Symbolic links to files count, to directories do not. */
MIG_FUNC void file_list(Arena *a, const char *dir, const char *suffix,
                        int recursive, Names *out);

/* name as seen from dir: itself if it is absolute or dir is "" or ".". */
MIG_FUNC const char *file_join(Arena *a, const char *dir, const char *name);

/* What stands before the last name of a path, "dir/"; "" if nothing does. */
MIG_FUNC const char *file_directory(Arena *a, const char *path);

/* An environment variable, or NULL. */
MIG_FUNC const char *file_env(const char *name);

/* This process, so that another on the same machine can ask whether it lives: what
** is the same for no other process, as long as the system has not forgotten it. */
MIG_FUNC const char *file_process(Arena *a);
MIG_FUNC int file_process_lives(Arena *a, Text process);

/* Who runs this process: $USER, $LOGNAME or the user's number. */
MIG_FUNC const char *file_user(Arena *a);

#endif
