/*
** A source with its graph.  See project.h.
*/
#include "project.h"

#include "../graph/build.h"

/* A revision as the graph wants it. */
static GraphRevision projectRevision(const Revision *revision)
{
    GraphRevision v;

    v.id = revision->id;
    v.down = revision->down;
    v.depends = revision->depends;
    v.labels = revision->labels;
    v.replaces = revision->replaces;
    v.origin = text_of(revision->name);
    return v;
}

/* Whether the graph can be judged: everything was read, or only headers are wrong,
** and what is wrong with the graph is to be reported with them. */
static int projectHasGraph(const Arena *a)
{
    return ok(a) || a->err->code == ERR_BAD_REVISION
        || a->err->code == ERR_ILLEGAL_ID;
}

MIG_FUNC void project_build(Arena *a, Project *project)
{
    const Source *source = &project->source;
    GraphRevision *v = ARENA_NEW(a, GraphRevision, source->n);
    int i, n = 0;

    for (i = 0; v && i < source->n; i++)
        if (source->v[i].id.n)      /* else its header is wrong */
            v[n++] = projectRevision(&source->v[i]);
    if (v)
        project->graph = graph_build(a, v, n);
}

MIG_FUNC void project_open(Arena *a, Project *project, const Session *session)
{
    memset(project, 0, sizeof *project);
    source_open(a, &project->source, session_source(session), &session->config);
    if (projectHasGraph(a))
        project_build(a, project);
}

MIG_FUNC const char *project_parents(Arena *a, const Project *project, int i)
{
    return names_join(a, &project->source.v[i].down, ", ");
}
