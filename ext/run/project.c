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

MIG_FUNC void project_open(Arena *a, Project *project, const Session *session)
{
    GraphRevision *v;
    Source *source = &project->source;
    int i;

    memset(project, 0, sizeof *project);
    source_open(a, source, session_source(session), &session->config);
    v = ok(a) ? ARENA_NEW(a, GraphRevision, source->n) : NULL;
    if (!v)
        return;
    for (i = 0; i < source->n; i++)
        v[i] = project_graph_revision(&source->v[i]);
    project->graph = graph_build(a, v, source->n);
}

MIG_FUNC const char *project_parents(Arena *a, const Project *project, int i)
{
    return names_join(a, &project->source.v[i].down, ", ");
}
