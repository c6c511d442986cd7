/*
** A source with its graph.  See project.h.
*/
#include "project.h"

MIG_FUNC GraphRevision project_graph_revision(const Revision *revision)
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

MIG_FUNC void project_open(Arena *a, Project *project, const Session *session)
{
    GraphRevision *v;
    Source *source = &project->source;
    int i, n = 0;

    memset(project, 0, sizeof *project);
    source_open(a, source, session_source(session), &session->config);
    v = projectHasGraph(a) ? ARENA_NEW(a, GraphRevision, source->n) : NULL;
    if (!v)
        return;
    for (i = 0; i < source->n; i++)
        if (source->v[i].id.n)      /* else its header is wrong */
            v[n++] = project_graph_revision(&source->v[i]);
    project->graph = graph_build(a, v, n);
}

MIG_FUNC const char *project_parents(Arena *a, const Project *project, int i)
{
    return names_join(a, &project->source.v[i].down, ", ");
}
