/*
** A source with its graph: what a command needs before it looks at a database.
**
** Where a database has revisions that the source does not have, the graph can be
** made to have both: then what the log has kept of them (kept.h) stands beside what
** files say, and whoever asks for a revision or its body need not know which it is.
*/
#ifndef MIG_PROJECT_H
#define MIG_PROJECT_H

#include "../graph/plan.h"
#include "../source/source.h"
#include "kept.h"
#include "session.h"

typedef struct Project {
    Source source;
    KeptList kept;          /* none before project_unite() */
    Graph *own;             /* of the source alone */
    Graph *graph;           /* node i is revision i of the source; after those come
                            ** the kept ones */
} Project;

/* Opens the session's source.  Errors: those of the source and its graph. */
MIG_FUNC void project_open(Arena *a, Project *project, const Session *session);

/* The same for any source. */
MIG_FUNC void project_open_at(Arena *a, Project *project, const Address *address,
                              const Config *config);

/* Makes the graph of the source as it is now.  Errors: those of the graph. */
MIG_FUNC void project_build(Arena *a, Project *project);

/* Adds to the graph what the version rows stand on and no file has.  What the
** graph had keeps its number.  Rows and log must be of one moment: else what was
** undone meanwhile has no downgrade. */
MIG_FUNC void project_unite(Arena *a, Project *project, sqlite3 *db,
                            const Names *rows);

/* Forgets what was added. */
MIG_FUNC void project_part(Project *project);

/* The version rows as nodes.  Errors: unknown-current, which names sync where that
** can help. */
MIG_FUNC Nodes project_rows(Arena *a, const Project *project, sqlite3 *db,
                            const Names *rows);

/* Refuses to undo all that is missing where that cannot be; rows are the version
** rows.  Errors: irreversible; unknown-current, for a database in the middle of a
** line that was squashed. */
MIG_FUNC void project_check_missing(Arena *a, const Project *project,
                                    const Nodes *rows);

/* Refuses to go on where it is not known what the database stands on.
** Errors: unknown-current. */
MIG_FUNC void project_check_logged(Arena *a, const Project *project,
                                   const Nodes *rows);

/* Of a node: its headers, its sections, its checksum ("" if it is not known), and
** whether it has no file. */
MIG_FUNC const Revision *project_revision(const Project *project, int node);
MIG_FUNC Body project_body(Arena *a, const Project *project, int node);
MIG_FUNC void project_checksum(Arena *a, const Project *project, int node,
                               char hex[DIGEST_HEX]);
MIG_FUNC int project_is_missing(const Project *project, int node);

/* The ids of a node's parents, as messages and events show them. */
MIG_FUNC const char *project_parents(Arena *a, const Project *project, int node);

#endif
