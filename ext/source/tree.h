/*
** Where the files of a source are: in a directory, in a bundle, or compiled into
** the program.  All else asks for them here, by the names that they have as seen
** from migrate.ini: "versions/x.sql", "../model/users.sql".
**
** A directory is asked for each file anew.  A bundle is read once, when its tree
** is opened, and its signature too: the bytes that were checked are the bytes that
** are used, whatever becomes of the file meanwhile.
*/
#ifndef MIG_TREE_H
#define MIG_TREE_H

#include "../base/file.h"
#include "../migrate.h"
#include "config.h"
#include "folder.h"

/* Where a source is, and which part of its settings is meant. */
typedef struct Address {
    const char *path;           /* as it was given; or what compiled-in revisions
                                ** are called */
    const migrate_source *compiled;     /* NULL: path is a path */
    const char *section;        /* of migrate.ini, on top of [migrate]; or NULL */
} Address;

typedef enum TreeKind {
    TREE_NONE,                  /* there is nothing at its path */
    TREE_DIRECTORY, TREE_BUNDLE, TREE_COMPILED
} TreeKind;

typedef struct Tree {
    TreeKind kind;
    const char *path;           /* the address's */
    const char *dir;            /* what relative paths of settings are seen from */
    Folder files;            /* bundle and compiled in: in the order of names */
} Tree;

/* Opens the tree at an address.  One where nothing is, is no error: nothing is
** found in it.  Errors: no-source (neither directory nor file), bad-bundle,
** bad-signature (a key is trusted, and the tree is not signed with it), io. */
MIG_FUNC void tree_open(Arena *a, Tree *tree, const Address *address,
                        const Config *config);

/* What is called name. */
MIG_FUNC FileKind tree_find(Arena *a, const Tree *tree, const char *name);

/* As file_read(), file_read_head() and file_list(). */
MIG_FUNC Text tree_read(Arena *a, const Tree *tree, const char *name);
MIG_FUNC Text tree_read_head(Arena *a, const Tree *tree, const char *name, char *to,
                             int size, int *whole);
MIG_FUNC void tree_list(Arena *a, const Tree *tree, const char *dir,
                        const char *suffix, int recursive, Names *out);

/* What a person calls a file: its path, where it can be opened. */
MIG_FUNC const char *tree_path(Arena *a, const Tree *tree, const char *name);

/* Reports that nothing can be written into a tree that is no directory.
** Errors: refused. */
MIG_FUNC void tree_check_writable(Arena *a, const Tree *tree);

#endif
