/*
** Writing a source: the text and the name of a new revision's file, the files of
** a new source.
*/
#ifndef MIG_WRITER_H
#define MIG_WRITER_H

#include "source.h"

/* A revision that is to be written. */
typedef struct Draft {
    Text id;
    Text message;           /* its lines; the first is the subject */
    Names down, depends, labels, replaces;
    const char *up, *undo;  /* the SQL of the sections; "" for none yet */
    const char *sections;   /* not NULL: all sections, directives included, in
                            ** place of the template's */
} Draft;

/* A time, as the settings' timezone has it. */
typedef struct Stamp {
    const char *year, *month, *day, *hour, *minute, *second;
    const char *epoch;      /* seconds since 1970 */
    const char *zone;       /* "+00:00" */
} Stamp;

/* The template, as a source names it. */
#define WRITER_TEMPLATE "template.sql"

/* True if the source has one. */
MIG_FUNC int writer_has_template(Arena *a, const Source *source);

/* The file's text, by template.sql if there is one.  Its variables are ${message},
** ${revision}, ${revises}, ${created}, ${depends_on}, ${branch_labels},
** ${replaces}, ${up} and ${down}; a line with nothing but empty ones is left out. */
MIG_FUNC const char *writer_text(Arena *a, const Source *source,
                                 const Draft *draft, const Stamp *now);

/* The file's name, by the setting file_template. */
MIG_FUNC const char *writer_name(Arena *a, const Source *source,
                                 const Draft *draft, const Stamp *now);

/* Makes a new source in dir, which must not be there or be empty; schema is the
** text of its model.  Returns the paths that were written, a line each.
** Errors: refused (the directory is not empty), io. */
MIG_FUNC const char *writer_init(Arena *a, const char *dir, const char *schema);

#endif
