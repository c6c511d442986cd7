/*
** A source: its settings and its revisions, wherever they live.
**
** Opening reads the settings and every revision's headers, no more; the rest of
** a file is read when it is asked for.
*/
#ifndef MIG_SOURCE_H
#define MIG_SOURCE_H

#include "../base/digest.h"
#include "revision.h"
#include "settings.h"

typedef struct Source {
    Tree tree;                  /* where its files are */
    Settings settings;
    Names locations;            /* version_locations, as the ini file has them */
    Revision *v;                /* in the order of locations and file names */
    int n, cap;
    struct SourceFile *file;    /* beside v: what was read already */
} Source;

/* Opens the source at an address.  All files with wrong headers are reported
** together.  Errors: no-source, bad-signature (a key is trusted, and the source is
** not signed with it), bad-bundle, bad-config, bad-revision, illegal-id, io. */
MIG_FUNC void source_open(Arena *a, Source *source, const Address *address,
                          const Config *config);

/* The settings of the source at an address, even if there is nothing yet.
** Errors: as above, but no-source. */
MIG_FUNC Settings source_settings(Arena *a, const Address *address,
                                  const Config *config);

/* Adds a revision that has no file yet: text is what its file will hold.
** Errors: those of its headers. */
MIG_FUNC void source_add(Arena *a, Source *source, const char *name,
                         const char *path, Text text);

/* The bytes of revision i's file, as they are there. */
MIG_FUNC Text source_bytes(Arena *a, const Source *source, int i);

/* The checksum of revision i. */
MIG_FUNC void source_checksum(Arena *a, const Source *source, int i,
                              char hex[DIGEST_HEX]);

/* The sections of revision i.  Its headers are compared with those that were
** read when the source was opened: a file that was exchanged since is an error. */
MIG_FUNC Body source_body(Arena *a, const Source *source, int i);

/* The directory of location i, as it can be opened. */
MIG_FUNC const char *source_location(Arena *a, const Source *source, int i);

/* The model: the schema as it should be. */
typedef struct SourceModel {
    const char *database;       /* a SQLite database that has it, as it can be
                                ** opened; NULL: it is SQL */
    Folder files;            /* the SQL, in the order in which it is to run, by
                                ** names as the source has them */
} SourceModel;

/* The model's name, as seen from migrate.ini. */
MIG_FUNC const char *source_model_name(Arena *a, const Source *source);

/* What the setting "model" names: a file, a directory of *.sql or a database.
** Errors: no-source (nothing is there), io. */
MIG_FUNC SourceModel source_model(Arena *a, const Source *source);

#endif
