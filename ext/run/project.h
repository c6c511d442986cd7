/*
** A source with its graph: what a command needs before it looks at a database.
*/
#ifndef MIG_PROJECT_H
#define MIG_PROJECT_H

#include "../graph/plan.h"
#include "../source/source.h"
#include "session.h"

typedef struct Project {
    Source source;
    Graph *graph;           /* node i is revision i of the source */
} Project;

/* Opens the session's source.  Errors: those of the source and its graph. */
MIG_FUNC void project_open(Arena *a, Project *project, const Session *session);

/* Makes the graph of the source as it is now.  Errors: those of the graph. */
MIG_FUNC void project_build(Arena *a, Project *project);

/* The ids of revision i's parents, as messages and events show them. */
MIG_FUNC const char *project_parents(Arena *a, const Project *project, int i);

#endif
