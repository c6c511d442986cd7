/*
** Revisions that the source does not have, as the log has kept them.
**
** Each applied revision's place in the graph and its downgrade are in _migrate_log.
** So a version row that no file has can still be placed: by what the log says from
** revision to revision, until the source knows one again.
**
**      source      a --- b --- x         d is the version row: d and c are kept,
**                         \              and c hangs on b
**      log                 c --- d
**
** The log is a table that anybody may write: what it says is believed only where a
** graph can be made of it (project_unite), and its SQL is read like any other.
*/
#ifndef MIG_KEPT_H
#define MIG_KEPT_H

#include "../graph/graph.h"
#include "../source/revision.h"

typedef struct Kept {
    Revision revision;      /* without a path, as there is no file */
    int is_logged;          /* the log says what it stands on */
    Text checksum;          /* of the file as it was applied; may be empty */
    Text downgrade;         /* the section, its directive included; z NULL: none */
} Kept;

typedef struct KeptList {
    Kept *v;
    int n, cap;
} KeptList;

/* Adds to list what the version rows stand on and neither g nor list has. */
MIG_FUNC void kept_read(Arena *a, sqlite3 *db, const Graph *g, const Names *rows,
                        KeptList *list);

#endif
