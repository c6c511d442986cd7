/*
** A source as one file: a bundle, or a C file of revisions to compile in.
*/
#ifndef MIG_PACK_H
#define MIG_PACK_H

#include "session.h"

/* Writes all files that the session's source is read from, whatever section of its
** settings is chosen: the settings, the template, the rows for trials, the model,
** every revision.  They are read as a command would, so what is wrong with them is
** reported here.  A model that is a database becomes its schema.
**
** format is "sqlite", the default, or "c".  A file that is there is replaced, at
** once or not at all.  Returns path.
** Errors: those of the source and its graph, usage, refused, io. */
MIG_FUNC const char *pack_write(Arena *a, Session *session, const char *path,
                                const char *format);

#endif
