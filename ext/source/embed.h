/*
** A source as C: a file to be compiled into a program.  migrate.h says how it is
** used.
*/
#ifndef MIG_EMBED_H
#define MIG_EMBED_H

#include "folder.h"

/* The text of the C file at path, which defines what migrate.h calls a
** migrate_source, by the name of the file: NAME_migrations for NAME.c. */
MIG_FUNC Text embed_write(Arena *a, const char *path, const Folder *files);

#endif
