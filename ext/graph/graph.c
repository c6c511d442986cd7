/*
** The revisions of a source as a graph.  See graph.h.
*/
#include "graph.h"
#include "cycle.h"
#include "label.h"
#include "order.h"
#include "replace.h"

/* The edges of one way: those of node i are to[start[i]] .. to[start[i+1]-1].
** */
typedef struct GraphEdges {
    int *start;
    int *to;
} GraphEdges;

struct Graph {
    const GraphRevision *v;
    int n;
    Map ids;                /* the node that has an id */
    Map labels;             /* the node that carries a label */
    Replaces replaces;
    GraphEdges edges[4];    /* by GraphWay */
    const Names **shown;    /* by node: what graph_labels() answers */
};

/* What a failed build returns.  Nobody writes to a graph. */
static const Graph graphEmpty;

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
    sqlite3_str *str = sqlite3_str_new(NULL);
    int i;

    for (i = 0; i < nodes->n && i < FEW; i++)
        sqlite3_str_appendf(str, "%s%.*s (%.*s)", i ? ", " : "",
                            TEXT_ARG(graph_id(g, nodes->v[i])),
                            TEXT_ARG(graph_origin(g, nodes->v[i])));
    if (nodes->n > FEW)
        sqlite3_str_appendf(str, " and %d more", nodes->n - FEW);
    return text_finish(a, str);
}

/*
** Building
*/

static const char *const graphReserved[] = {"base", "head", "heads", "current"};

/* May this be the name of a revision, or (with '-' too) of a branch? */
static int graphIsLegal(Text name, int is_label)
{
    int i;

    for (i = 0; i < (int)(sizeof graphReserved / sizeof *graphReserved); i++)
        if (text_is(name, graphReserved[i]))
            return 0;
    for (i = 0; i < name.n; i++) {
        char c = name.z[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9') || c == '_' || c == '.'
              || (c == '-' && is_label)))
            return 0;
    }
    return name.n >= 1 && name.n <= 64;
}

static void graphCheckName(Arena *a, Text name, int is_label, Text origin)
{
    if (!graphIsLegal(name, is_label))
        err_add(a->err, ERR_ILLEGAL_ID, "'%.*s' in %.*s cannot name a %s; use "
                "1 to 64 of A-Z a-z 0-9 _ .%s, and not base, head, heads, "
                "current", TEXT_ARG(name), TEXT_ARG(origin),
                is_label ? "branch" : "revision", is_label ? " -" : "");
}

static void graphAddIds(Arena *a, Graph *g)
{
    int i;

    map_init(a, &g->ids, g->n);
    for (i = 0; i < g->n; i++) {
        const GraphRevision *r = &g->v[i];
        int other = map_add(a, &g->ids, r->id, i);
        graphCheckName(a, r->id, 0, r->origin);
        if (other >= 0)
            err_add(a->err, ERR_DUPLICATE_REVISION,
                    "%.*s is in %.*s and in %.*s; give one another id",
                    TEXT_ARG(r->id), TEXT_ARG(g->v[other].origin),
                    TEXT_ARG(r->origin));
    }
}

/* Is y on the line of x, which is squashed, or of one that is on it? */
static int graphIsOnLine(const Graph *g, int x, int y)
{
    int n = g->n;

    while (y >= 0 && y != x && n-- > 0)
        y = g->replaces.owner[y];
    return y == x;
}

/* Is one of two nodes squashed, and the other on its line?  Then they may share
** a label. */
static int graphIsSquashed(const Graph *g, int x, int y)
{
    return g->replaces.owner && (x == y ? graph_end(g, x) != x
           : graphIsOnLine(g, x, y) || graphIsOnLine(g, y, x));
}

static void graphAddLabel(Arena *a, Graph *g, int node, Text label)
{
    const GraphRevision *r = &g->v[node];
    int other = map_find(&g->ids, label);

    graphCheckName(a, label, 1, r->origin);
    if (other < 0) {
        other = map_add(a, &g->labels, label, graph_place(g, node));
        if (other >= 0 && graphIsSquashed(g, node, other))
            return;
    }
    if (other >= 0)
        err_add(a->err, ERR_DUPLICATE_LABEL, "branch label '%.*s' of %.*s "
                "(%.*s) is taken by %.*s (%.*s); choose another",
                TEXT_ARG(label), TEXT_ARG(r->id), TEXT_ARG(r->origin),
                TEXT_ARG(g->v[other].id), TEXT_ARG(g->v[other].origin));
}

/* A label that a squashed revision shares with its line is the line's. */
static void graphAddLabels(Arena *a, Graph *g)
{
    int i, j, squashed;

    map_init(a, &g->labels, 0);
    for (squashed = 0; squashed < 2; squashed++)
        for (i = 0; i < g->n; i++)
            for (j = 0; j < g->v[i].labels.n; j++)
                if ((g->v[i].replaces.n > 0) == squashed)
                    graphAddLabel(a, g, i, g->v[i].labels.v[j]);
}

/* Edges while they are collected, node by node. */
typedef struct GraphCollect {
    Arena *a;
    Graph *g;
    int node;               /* whose edges */
    int *seen;              /* by node: 1 + the last node with an edge to it */
    Nodes down, all;        /* where the edges go */
} GraphCollect;

/* The node that Revises and Depends-On mean by an id. */
static int graphCollectFind(const GraphCollect *c, Text id)
{
    int node = graph_find(c->g, id);
    return node < 0 ? map_find(&c->g->replaces.inside, id) : node;
}

static void graphCollectDown(GraphCollect *c, Text id)
{
    const GraphRevision *r = &c->g->v[c->node];
    int to = graphCollectFind(c, id);

    if (to < 0) {
        err_add(c->a->err, ERR_MISSING_PARENT, "%.*s (%.*s) revises %.*s, "
                "which is not there; restore its file or correct Revises",
                TEXT_ARG(r->id), TEXT_ARG(r->origin), TEXT_ARG(id));
    } else if (c->seen[to] != c->node + 1) {
        c->seen[to] = c->node + 1;
        nodes_push(c->a, &c->down, to);
        nodes_push(c->a, &c->all, to);
    }
}

static void graphCollectDepends(GraphCollect *c, Text name)
{
    const GraphRevision *r = &c->g->v[c->node];
    int to = graphCollectFind(c, name);

    if (to < 0)
        to = map_find(&c->g->labels, name);
    if (to < 0) {
        err_add(c->a->err, ERR_MISSING_PARENT, "%.*s (%.*s) depends on "
                "%.*s, which is neither a revision nor a branch label; correct "
                "Depends-On",
                TEXT_ARG(r->id), TEXT_ARG(r->origin), TEXT_ARG(name));
    } else if (c->seen[to] != c->node + 1) {
        c->seen[to] = c->node + 1;
        nodes_push(c->a, &c->all, to);
    }
}

/* The edges from one node: none, if another has its place; that one revises
** what this would, and depends on what both do. */
static void graphCollectNode(GraphCollect *c)
{
    const Graph *g = c->g;
    int i, end = graph_end(g, c->node);
    const GraphRevision *r = &g->v[c->node], *last = &g->v[end];

    if (graph_place(g, c->node) != c->node)
        return;
    for (i = 0; i < last->down.n; i++)
        graphCollectDown(c, last->down.v[i]);
    for (i = 0; i < last->depends.n; i++)
        graphCollectDepends(c, last->depends.v[i]);
    for (i = 0; end != c->node && i < r->depends.n; i++)
        graphCollectDepends(c, r->depends.v[i]);
}

/* The edges from each node to what it revises, and to what it depends on. */
static void graphCollect(Arena *a, Graph *g)
{
    GraphCollect c = {a, g, 0, ARENA_NEW(a, int, g->n), {0}, {0}};
    GraphEdges *down = &g->edges[WAY_PARENTS];
    GraphEdges *all = &g->edges[WAY_BELOW];

    down->start = ARENA_NEW(a, int, g->n + 1);
    all->start = ARENA_NEW(a, int, g->n + 1);
    if (!c.seen || !down->start || !all->start)
        return;
    for (; c.node < g->n; c.node++) {
        down->start[c.node] = c.down.n;
        all->start[c.node] = c.all.n;
        graphCollectNode(&c);
    }
    down->start[g->n] = c.down.n;
    all->start[g->n] = c.all.n;
    down->to = c.down.v;
    all->to = c.all.v;
}

/* The same edges backwards: those that come to a node, in the order of nodes.
** */
static void graphReverseWay(Arena *a, Graph *g, GraphWay from, GraphWay way)
{
    const GraphEdges *in = &g->edges[from];
    GraphEdges *out = &g->edges[way];
    int i, j, nedge = in->start[g->n];

    out->start = ARENA_NEW(a, int, g->n + 2);
    out->to = ARENA_NEW(a, int, nedge);
    if (!ok(a))
        return;
    for (i = 0; i < nedge; i++)             /* start[i + 2]: how many at i */
        out->start[in->to[i] + 2]++;
    for (i = 2; i < g->n + 2; i++)          /* start[i + 1]: where i begins */
        out->start[i] += out->start[i - 1];
    for (i = 0; i < g->n; i++) {        /* then, once filled, where i ends */
        for (j = in->start[i]; j < in->start[i + 1]; j++)
            out->to[out->start[in->to[j] + 1]++] = i;
    }
}

MIG_FUNC Graph *graph_build(Arena *a, const GraphRevision *v, int n)
{
    Graph *g = ARENA_NEW(a, Graph, 1);

    if (g) {
        g->v = v;
        g->n = n;
        graphAddIds(a, g);
        replace_read(a, &g->replaces, v, n, &g->ids);
        graphAddLabels(a, g);
        graphCollect(a, g);
        if (g->edges[WAY_BELOW].start)
            cycle_check(a, g);
    }
    if (ok(a)) {
        graphReverseWay(a, g, WAY_PARENTS, WAY_CHILDREN);
        graphReverseWay(a, g, WAY_BELOW, WAY_ABOVE);
    }
    if (ok(a) && g->labels.nkey)
        g->shown = label_spread(a, g, v);
    return ok(a) ? g : (Graph *)&graphEmpty;
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

MIG_FUNC Names graph_ids(Arena *a, const Graph *g, int node)
{
    Names ids = {0};

    names_push(a, &ids, graph_id(g, node));
    while (ok(a) && node >= 0 && g->v[node].replaces.n) {
        Text last = replace_last(&g->v[node]);
        names_push(a, &ids, last);
        node = map_find(&g->ids, last);
    }
    return ids;
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

/* The nodes without an edge going way. */
static Nodes graphEnds(Arena *a, const Graph *g, GraphWay way)
{
    Nodes nodes = {0};
    int i;

    for (i = 0; i < g->n; i++)
        if (graph_place(g, i) == i && graph_edges(g, i, way).n == 0)
            nodes_push(a, &nodes, i);
    return nodes;
}

MIG_FUNC Nodes graph_heads(Arena *a, const Graph *g, int effective)
{
    return graphEnds(a, g, effective ? WAY_ABOVE : WAY_CHILDREN);
}

MIG_FUNC Nodes graph_bases(Arena *a, const Graph *g, int effective)
{
    return graphEnds(a, g, effective ? WAY_BELOW : WAY_PARENTS);
}

MIG_FUNC Nodes graph_history(Arena *a, const Graph *g)
{
    return order_newest_first(a, g, NULL);
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
