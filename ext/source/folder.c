/*
** A folder in memory.  See folder.h.
*/
#include "folder.h"

#include <stdlib.h>

MIG_FUNC void folder_push(Arena *a, Folder *folder, FolderFile file)
{
    if (ARENA_PUSH(a, folder->v, folder->n, folder->cap))
        folder->v[folder->n++] = file;
}

static int folderCompare(const void *a, const void *b)
{
    return text_compare(((const FolderFile *)a)->name, ((const FolderFile *)b)->name);
}

MIG_FUNC void folder_sort(Folder *folder)
{
    int i, n = 0;

    if (folder->n)
        qsort(folder->v, (size_t)folder->n, sizeof *folder->v, folderCompare);
    for (i = 0; i < folder->n; i++)
        if (n == 0 || folderCompare(&folder->v[n - 1], &folder->v[i]) != 0)
            folder->v[n++] = folder->v[i];
    folder->n = n;
}
