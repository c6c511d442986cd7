/*
** New revisions: checked against the graph before their file is written.
*/
#ifndef MIG_AUTHOR_H
#define MIG_AUTHOR_H

#include "../source/writer.h"
#include "project.h"

/* Writes a new revision; its path.  options is a JSON object, NULL for none:
**
**   head           target(s) that it revises; default "head" (a text or an array)
**   splice         true: a head need not be one
**   branch_label   label(s) of the new revision
**   depends_on     target(s) that it depends on
**   rev_id         its id; default 12 random hex digits
**   version_path   the directory it goes to, one of version_locations
**
** Errors: usage, those of the targets and of the graph, io. */
MIG_FUNC const char *author_revision(Arena *a, Session *session, Text message,
                                     const char *options);

/* The same for a revision that merges the revisions named, separated by blanks
** or commas. */
MIG_FUNC const char *author_merge(Arena *a, Session *session, Text revisions,
                                  Text message, const char *options);

/*
** For those who write revisions of another kind: options, then a draft, then the
** file, complete but not yet written.
*/

typedef struct AuthorOptions {
    Names head, labels, depends;
    Text rev_id, version_path;
    int splice;
    /* for autogenerate.h */
    int autogenerate, plain, allow_empty;
    Text model;
    Names rename_from, rename_to;
} AuthorOptions;

typedef struct AuthorFile {
    const char *path, *text;
    Project project;        /* the project as it is with this file */
} AuthorFile;

/* Reads the JSON object.  Errors: usage. */
MIG_FUNC AuthorOptions author_options(Arena *a, sqlite3 *db, const char *json);

/* The id that the options give, or a new one. */
MIG_FUNC Text author_id(Arena *a, const Graph *g, const AuthorOptions *o);

/* A new revision without its SQL: a head is revised where the options name none.
** Errors: usage, those of the targets. */
MIG_FUNC Draft author_draft(Arena *a, const Project *project, Text message,
                            const AuthorOptions *o);

/* The file of a draft; whatever is wrong with it, or with the graph that it would
** make, is reported.  To write it: file_create(a, file.path, file.text). */
MIG_FUNC AuthorFile author_compose(Arena *a, Session *session,
                                   const Project *project,
                                   const AuthorOptions *o, const Draft *draft);

/* Makes a new source in dir; NULL: where the session has its source.  What it wrote,
** a line each. */
MIG_FUNC const char *author_init(Arena *a, Session *session, const char *dir);

#endif
