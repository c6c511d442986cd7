/*
** The revisions of a source as a graph: what can be asked.  See graph.h; build.c
** makes one.
*/
#include "parts.h"

/*
** Nodes
*/

MIG_FUNC void nodes_push(Arena *a, Nodes *nodes, int node)
{
    if (ARENA_PUSH(a, nodes->v, nodes->n, nodes->cap))
        nodes->v[nodes->n++] = node;
}

MIG_FUNC int nodes_find(const Nodes *nodes, int node)
{
    int i;

    for (i = 0; i < nodes->n; i++)
        if (nodes->v[i] == node)
            return i;
    return -1;
}

MIG_FUNC Nodes nodes_marked(Arena *a, const Graph *g,
                            const unsigned char *marks)
{
    Nodes nodes = {0};
    int i;

    for (i = 0; marks && i < g->n; i++)
        if (marks[i])
            nodes_push(a, &nodes, i);
    return nodes;
}

MIG_FUNC Names nodes_ids(Arena *a, const Graph *g, const Nodes *nodes)
{
    Names ids = {0};
    int i;

    for (i = 0; i < nodes->n; i++)
        names_push(a, &ids, graph_id(g, nodes->v[i]));
    return ids;
}

/* Sorts the ids, and finds their nodes again. */
MIG_FUNC void nodes_sort(Arena *a, const Graph *g, Nodes *nodes)
{
    Names ids = nodes_ids(a, g, nodes);
    int i;

    names_sort(&ids);
    for (i = 0; ok(a) && i < ids.n; i++)
        nodes->v[i] = graph_find(g, ids.v[i]);
}

MIG_FUNC const char *nodes_text(Arena *a, const Graph *g, const Nodes *nodes)
{
    enum { FEW = 8 };
    sqlite3_str *str = text_begin();
    int i;

    for (i = 0; i < nodes->n && i < FEW; i++)
        text_append(str, "%s%Ts (%Ts)", i ? ", " : "",
                    graph_id(g, nodes->v[i]), graph_origin(g, nodes->v[i]));
    if (nodes->n > FEW)
        text_append(str, " and %d more", nodes->n - FEW);
    return text_finish(a, str);
}

/*
** Questions
*/

MIG_FUNC int graph_count(const Graph *g)
{
    return g->n;
}

MIG_FUNC Text graph_id(const Graph *g, int node)
{
    return g->v[node].id;
}

MIG_FUNC Text graph_origin(const Graph *g, int node)
{
    return g->v[node].origin;
}

MIG_FUNC Nodes graph_edges(const Graph *g, int node, GraphWay way)
{
    const GraphEdges *edges = &g->edges[way];
    Nodes slice = {0};

    node = graph_place(g, node);
    slice.n = slice.cap = edges->start[node + 1] - edges->start[node];
    if (slice.n)
        slice.v = edges->to + edges->start[node];
    return slice;
}

MIG_FUNC int graph_find(const Graph *g, Text id)
{
    int node = map_find(&g->ids, id);
    if (node < 0)
        node = map_find(&g->replaces.gone, id);
    return node < 0 ? -1 : graph_place(g, node);
}

MIG_FUNC int graph_place(const Graph *g, int node)
{
    return g->replaces.place ? g->replaces.place[node] : node;
}

MIG_FUNC int graph_end(const Graph *g, int node)
{
    const Replaces *r = &g->replaces;
    int end = r->place && r->of[node] ? r->v[r->of[node] - 1].end : -1;
    return end < 0 ? node : end;
}

MIG_FUNC const Replaces *graph_replaces(const Graph *g)
{
    return &g->replaces;
}

MIG_FUNC int graph_find_label(const Graph *g, Text label)
{
    return map_find(&g->labels, label);
}

/* Is prefix the beginning of name, and name long enough to be shortened? */
static int graphBegins(Text name, Text prefix)
{
    return name.n >= 4 && name.n >= prefix.n
        && text_eq(text_slice(name, 0, prefix.n), prefix);
}

MIG_FUNC void graph_find_prefix(Arena *a, const Graph *g, Text prefix,
                                Names *names, Nodes *nodes)
{
    int i, j;

    for (i = 0; i < g->n; i++) {
        const GraphRevision *r = &g->v[i];
        if (graphBegins(r->id, prefix)) {
            names_push(a, names, r->id);
            nodes_push(a, nodes, graph_place(g, i));
        }
        for (j = 0; j < r->labels.n; j++) {
            if (graphBegins(r->labels.v[j], prefix)) {
                names_push(a, names, r->labels.v[j]);
                nodes_push(a, nodes, graph_find_label(g, r->labels.v[j]));
            }
        }
    }
}

MIG_FUNC int graph_is_base(const Graph *g, int node)
{
    return graph_edges(g, node, WAY_PARENTS).n == 0;
}

MIG_FUNC int graph_is_head(const Graph *g, int node)
{
    return graph_edges(g, node, WAY_CHILDREN).n == 0;
}

MIG_FUNC int graph_is_effective_head(const Graph *g, int node)
{
    return graph_edges(g, node, WAY_ABOVE).n == 0;
}

MIG_FUNC int graph_is_branch_point(const Graph *g, int node)
{
    return graph_edges(g, node, WAY_CHILDREN).n > 1;
}

MIG_FUNC int graph_is_merge_point(const Graph *g, int node)
{
    return graph_edges(g, node, WAY_PARENTS).n > 1;
}

MIG_FUNC Names graph_labels(Arena *a, const Graph *g, int node)
{
    static const Names none;
    (void)a;
    node = graph_place(g, node);
    return g->shown && g->shown[node] ? *g->shown[node] : none;
}

/*
** Ends, and what can be reached
*/

/* Does an edge go way from node, to a revision that has a file? */
static int graphHasPresent(const Graph *g, int node, GraphWay way)
{
    Nodes next = graph_edges(g, node, way);
    int i;

    for (i = 0; i < next.n && g->v[next.v[i]].is_missing; i++)
        ;
    return i < next.n;
}

MIG_FUNC Nodes graph_heads(Arena *a, const Graph *g, int effective)
{
    GraphWay way = effective ? WAY_ABOVE : WAY_CHILDREN;
    Nodes nodes = {0};
    int i;

    for (i = 0; i < g->n; i++)
        if (graph_place(g, i) == i && !g->v[i].is_missing
            && !graphHasPresent(g, i, way))
            nodes_push(a, &nodes, i);
    return nodes;
}

MIG_FUNC Nodes graph_bases(Arena *a, const Graph *g, int effective)
{
    GraphWay way = effective ? WAY_BELOW : WAY_PARENTS;
    Nodes nodes = {0};
    int i;

    for (i = 0; i < g->n; i++)
        if (graph_place(g, i) == i && graph_edges(g, i, way).n == 0)
            nodes_push(a, &nodes, i);
    return nodes;
}

MIG_FUNC Nodes graph_missing(Arena *a, const Graph *g)
{
    Nodes nodes = {0};
    int i;

    for (i = 0; i < g->n; i++)
        if (g->v[i].is_missing)
            nodes_push(a, &nodes, i);
    return nodes;
}

MIG_FUNC unsigned char *graph_reach(Arena *a, const Graph *g, const Nodes *from,
                                    GraphWay way)
{
    unsigned char *marks = ARENA_NEW(a, unsigned char, g->n + 1);
    Nodes todo = {0};
    int i;

    for (i = 0; marks && i < from->n; i++)
        nodes_push(a, &todo, from->v[i]);
    while (ok(a) && todo.n) {
        int node = todo.v[--todo.n];
        Nodes next = graph_edges(g, node, way);
        if (marks[node])
            continue;
        marks[node] = 1;
        for (i = 0; i < next.n; i++)
            if (!marks[next.v[i]])
                nodes_push(a, &todo, next.v[i]);
    }
    return ok(a) ? marks : NULL;
}

MIG_FUNC unsigned char *graph_reach_one(Arena *a, const Graph *g, int node,
                                        GraphWay way)
{
    Nodes from = {&node, 1, 1};
    return graph_reach(a, g, &from, way);
}
