/*
** Where the files of a source are.  See tree.h.
**
** On disk they are asked for by path; in memory they are a sorted list, in which a
** directory is what names begin with.
*/
#include "tree.h"

#include "bundle.h"
#include "trust.h"

#include <stdlib.h>

/* ---- opening ---- */

/* The file is read here, once: what follows sees its bytes alone. */
static void treeOpenBundle(Arena *a, Tree *tree, const Config *config)
{
    Text bytes;
    Arena own;

    tree->dir = file_directory(a, tree->path);
    arena_init(&own, a->err);
    bytes = file_read(&own, tree->path);
    trust_check_file(&own, config, tree->path, bytes);
    if (ok(a))
        bundle_read(a, tree->path, bytes, &tree->files);
    arena_release(&own);
}

/* What is compiled in is as much to be trusted as the program. */
static void treeOpenCompiled(Arena *a, Tree *tree, const migrate_source *compiled)
{
    int i;

    tree->dir = "";
    for (i = 0; i < compiled->nFile && ok(a); i++) {
        const migrate_file *from = &compiled->aFile[i];
        FolderFile file = {{NULL, 0}, {NULL, 0}, 0};
        file.name = text_of(from->zName);
        file.bytes.z = (const char *)from->aByte;
        file.bytes.n = from->nByte;
        file.is_directory = from->aByte == NULL;
        folder_push(a, &tree->files, file);
    }
    folder_sort(&tree->files);
}

MIG_FUNC void tree_open(Arena *a, Tree *tree, const Address *address,
                        const Config *config)
{
    memset(tree, 0, sizeof *tree);
    tree->path = tree->dir = address->path;
    if (!ok(a))
        return;
    if (address->compiled) {
        tree->kind = TREE_COMPILED;
        treeOpenCompiled(a, tree, address->compiled);
        return;
    }
    switch (file_find(a, tree->path)) {
    case FILE_NONE:
        break;
    case FILE_DIRECTORY:
        tree->kind = TREE_DIRECTORY;
        trust_check_directory(a, config, tree->path);
        break;
    case FILE_REGULAR:
        tree->kind = TREE_BUNDLE;
        treeOpenBundle(a, tree, config);
        break;
    case FILE_OTHER:
        err_set(a->err, ERR_NO_SOURCE, "%s: neither a directory nor a bundle",
                tree->path);
        break;
    }
}

/* ---- asking ---- */

static int treeIsOnDisk(const Tree *tree)
{
    return tree->kind == TREE_NONE || tree->kind == TREE_DIRECTORY;
}

MIG_FUNC const char *tree_path(Arena *a, const Tree *tree, const char *name)
{
    if (treeIsOnDisk(tree))
        return file_join(a, strcmp(tree->path, ".") == 0 ? "" : tree->path, name);
    return text_format(a, "%s/%s", tree->path, name);
}

/* The place of the first file in memory whose name is not before name. */
static int treeSeek(const Tree *tree, Text name)
{
    int low = 0, high = tree->files.n;

    while (low < high) {
        int middle = low + (high - low) / 2;
        if (text_compare(tree->files.v[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The file in memory of that name; NULL if there is none. */
static const FolderFile *treeGet(const Tree *tree, const char *name)
{
    int i = treeSeek(tree, text_of(name));

    return i < tree->files.n && text_is(tree->files.v[i].name, name)
         ? &tree->files.v[i] : NULL;
}

/* What the names in a directory begin with. */
static const char *treePrefix(Arena *a, const char *dir)
{
    return *dir ? text_format(a, "%s/", dir) : "";
}

MIG_FUNC FileKind tree_find(Arena *a, const Tree *tree, const char *name)
{
    const FolderFile *file;
    const char *prefix;
    int i;

    if (treeIsOnDisk(tree))
        return file_find(a, tree_path(a, tree, name));
    file = treeGet(tree, name);
    if (file)
        return file->is_directory ? FILE_DIRECTORY : FILE_REGULAR;
    prefix = treePrefix(a, name);
    i = treeSeek(tree, text_of(prefix));
    return i < tree->files.n && text_starts(tree->files.v[i].name, prefix)
         ? FILE_DIRECTORY : FILE_NONE;
}

MIG_FUNC Text tree_read(Arena *a, const Tree *tree, const char *name)
{
    const FolderFile *file;
    Text none = {NULL, 0};

    if (treeIsOnDisk(tree))
        return file_read(a, tree_path(a, tree, name));
    file = treeGet(tree, name);
    if (!file || file->is_directory)
        err_set(a->err, ERR_IO, "%s: there is no such file", tree_path(a, tree, name));
    return file ? file->bytes : none;
}

MIG_FUNC Text tree_read_head(Arena *a, const Tree *tree, const char *name, char *to,
                             int size, int *whole)
{
    if (treeIsOnDisk(tree))
        return file_read_head(a, tree_path(a, tree, name), to, size, whole);
    *whole = 1;
    return tree_read(a, tree, name);
}

/* True if a name is that of a file in a directory, which is left out of it. */
static int treeIsListed(Text name, const char *suffix, int recursive)
{
    int n = (int)strlen(suffix);

    return name.n >= n && text_is(text_slice(name, name.n - n, name.n), suffix)
        && (recursive || text_find(name, '/') < 0);
}

MIG_FUNC void tree_list(Arena *a, const Tree *tree, const char *dir,
                        const char *suffix, int recursive, Names *out)
{
    const char *prefix;
    int i, n;

    if (treeIsOnDisk(tree)) {
        file_list(a, tree_path(a, tree, dir), suffix, recursive, out);
        return;
    }
    prefix = treePrefix(a, dir);
    n = (int)strlen(prefix);
    for (i = treeSeek(tree, text_of(prefix)); i < tree->files.n && ok(a); i++) {
        const FolderFile *file = &tree->files.v[i];
        Text name = text_slice(file->name, n, file->name.n);
        if (!text_starts(file->name, prefix))
            break;
        if (!file->is_directory && treeIsListed(name, suffix, recursive))
            names_push(a, out, name);
    }
}

MIG_FUNC void tree_check_writable(Arena *a, const Tree *tree)
{
    if (tree->kind == TREE_BUNDLE)
        err_set(a->err, ERR_REFUSED, "%s is a bundle, which cannot be written; name "
                "the directory that it was made from", tree->path);
    else if (tree->kind == TREE_COMPILED)
        err_set(a->err, ERR_REFUSED, "%s is compiled in and cannot be written; name "
                "the directory that it was made from", tree->path);
}
