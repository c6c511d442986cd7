/*
** A folder in memory: files by name, with their bytes.
*/
#ifndef MIG_FOLDER_H
#define MIG_FOLDER_H

#include "../base/text.h"

/* A file; or a directory, which has no bytes. */
typedef struct FolderFile {
    Text name;                  /* terminated by NUL */
    Text bytes;
    int is_directory;
} FolderFile;

typedef struct Folder {
    FolderFile *v;
    int n, cap;
} Folder;

/* Adds a file, or a directory. */
MIG_FUNC void folder_push(Arena *a, Folder *folder, FolderFile file);

/* Puts them in the order of their names; of several with one name, one stays. */
MIG_FUNC void folder_sort(Folder *folder);

#endif
