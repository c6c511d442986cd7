/*
** Building a graph.  See build.h.
*/
#include "build.h"

#include "cycle.h"
#include "label.h"
#include "parts.h"

/* What a failed build returns.  Nobody writes to a graph. */
static const Graph buildEmpty;

/* May this be the name of a revision, or (with '-' too) of a branch? */
static int buildIsLegal(Text name, int is_label)
{
    return text_is_plain(name, is_label ? "-" : "") && !text_is(name, "base")
        && !text_is(name, "head") && !text_is(name, "heads")
        && !text_is(name, "current");
}

static void buildCheckName(Arena *a, Text name, int is_label, Text origin)
{
    if (!buildIsLegal(name, is_label))
        err_add(a->err, ERR_ILLEGAL_ID, "'%Ts' in %Ts cannot name a %s; use "
                "1 to 64 of A-Z a-z 0-9 _ .%s, and not base, head, heads, "
                "current", name, origin,
                is_label ? "branch" : "revision", is_label ? " -" : "");
}

/* The ids of the revisions that are missing, or of those that are not. */
static void buildAddIds(Arena *a, Graph *g, int is_missing)
{
    int i;

    for (i = 0; i < g->n; i++) {
        const GraphRevision *r = &g->v[i];
        int other;
        if (r->is_missing != is_missing)
            continue;
        other = map_add(a, &g->ids, r->id, i);
        if (!is_missing)
            buildCheckName(a, r->id, 0, r->origin);
        if (other >= 0)
            err_add(a->err, ERR_DUPLICATE_REVISION,
                    "%Ts is in %Ts and in %Ts; give one another id",
                    r->id, g->v[other].origin,
                    r->origin);
    }
}

/* Is y on the line of x, which is squashed, or of one that is on it? */
static int buildIsOnLine(const Graph *g, int x, int y)
{
    int n = g->n;

    while (y >= 0 && y != x && n-- > 0)
        y = g->replaces.owner[y];
    return y == x;
}

/* Is one of two nodes squashed, and the other on its line?  Then they may share
** a label. */
static int buildIsSquashed(const Graph *g, int x, int y)
{
    return g->replaces.owner && (x == y ? graph_end(g, x) != x
           : buildIsOnLine(g, x, y) || buildIsOnLine(g, y, x));
}

static void buildAddLabel(Arena *a, Graph *g, int node, Text label)
{
    const GraphRevision *r = &g->v[node];
    int other = map_find(&g->ids, label);

    if (r->is_missing) {        /* it yields to what has a file */
        if (other < 0)
            map_add(a, &g->labels, label, node);
        return;
    }
    buildCheckName(a, label, 1, r->origin);
    if (other < 0) {
        other = map_add(a, &g->labels, label, graph_place(g, node));
        if (other >= 0 && buildIsSquashed(g, node, other))
            return;
    }
    if (other >= 0)
        err_add(a->err, ERR_DUPLICATE_LABEL, "branch label '%Ts' of %Ts "
                "(%Ts) is taken by %Ts (%Ts); choose another",
                label, r->id, r->origin,
                g->v[other].id, g->v[other].origin);
}

/* When its labels are added: a label that a squashed revision shares with its line
** is the line's. */
static int buildRound(const GraphRevision *r)
{
    return r->is_missing ? 2 : r->replaces.n > 0;
}

static void buildAddLabels(Arena *a, Graph *g)
{
    int i, j, round;

    map_init(a, &g->labels, 0);
    for (round = 0; round <= 2; round++)
        for (i = 0; i < g->n; i++)
            for (j = 0; j < g->v[i].labels.n; j++)
                if (buildRound(&g->v[i]) == round)
                    buildAddLabel(a, g, i, g->v[i].labels.v[j]);
}

/* Edges while they are collected, node by node. */
typedef struct BuildEdges {
    Arena *a;
    Graph *g;
    int node;               /* whose edges */
    int *seen;              /* by node: 1 + the last node with an edge to it */
    Nodes down, all;        /* where the edges go */
} BuildEdges;

/* The node that Revises and Depends-On mean by an id. */
static int buildCollectFind(const BuildEdges *c, Text id)
{
    int node = graph_find(c->g, id);

    if (node < 0)
        node = map_find(&c->g->replaces.inside, id);
    return node < 0 ? -1 : graph_place(c->g, node);
}

static void buildCollectDown(BuildEdges *c, Text id)
{
    const GraphRevision *r = &c->g->v[c->node];
    int to = buildCollectFind(c, id);

    if (to < 0) {
        err_add(c->a->err, ERR_MISSING_PARENT, "%Ts (%Ts) revises %Ts, "
                "which is not there; restore its file or correct Revises",
                r->id, r->origin, id);
    } else if (c->seen[to] != c->node + 1) {
        c->seen[to] = c->node + 1;
        nodes_push(c->a, &c->down, to);
        nodes_push(c->a, &c->all, to);
    }
}

static void buildCollectDepends(BuildEdges *c, Text name)
{
    const GraphRevision *r = &c->g->v[c->node];
    int to = buildCollectFind(c, name);

    if (to < 0)
        to = map_find(&c->g->labels, name);
    if (to < 0) {
        err_add(c->a->err, ERR_MISSING_PARENT, "%Ts (%Ts) depends on "
                "%Ts, which is neither a revision nor a branch label; correct "
                "Depends-On", r->id, r->origin, name);
    } else if (c->seen[to] != c->node + 1) {
        c->seen[to] = c->node + 1;
        nodes_push(c->a, &c->all, to);
    }
}

/* The edges from one node: none, if another has its place; that one revises
** what this would, and depends on what both do. */
static void buildCollectNode(BuildEdges *c)
{
    const Graph *g = c->g;
    int i, end = graph_end(g, c->node);
    const GraphRevision *r = &g->v[c->node], *last = &g->v[end];

    if (graph_place(g, c->node) != c->node)
        return;
    for (i = 0; i < last->down.n; i++)
        buildCollectDown(c, last->down.v[i]);
    for (i = 0; i < last->depends.n; i++)
        buildCollectDepends(c, last->depends.v[i]);
    for (i = 0; end != c->node && i < r->depends.n; i++)
        buildCollectDepends(c, r->depends.v[i]);
}

/* The edges from each node to what it revises, and to what it depends on. */
static void buildCollect(Arena *a, Graph *g)
{
    BuildEdges c = {a, g, 0, ARENA_NEW(a, int, g->n), {0}, {0}};
    GraphEdges *down = &g->edges[WAY_PARENTS];
    GraphEdges *all = &g->edges[WAY_BELOW];

    down->start = ARENA_NEW(a, int, g->n + 1);
    all->start = ARENA_NEW(a, int, g->n + 1);
    if (!c.seen || !down->start || !all->start)
        return;
    for (; c.node < g->n; c.node++) {
        down->start[c.node] = c.down.n;
        all->start[c.node] = c.all.n;
        buildCollectNode(&c);
    }
    down->start[g->n] = c.down.n;
    all->start[g->n] = c.all.n;
    down->to = c.down.v;
    all->to = c.all.v;
}

/* The same edges backwards: those that come to a node, in the order of nodes.
** */
static void buildReverseWay(Arena *a, Graph *g, GraphWay from, GraphWay way)
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
        map_init(a, &g->ids, n);
        buildAddIds(a, g, 0);
        /* a line whose files are gone is gone, though some of it be known */
        replace_read(a, &g->replaces, v, n, &g->ids);
        buildAddIds(a, g, 1);
        buildAddLabels(a, g);
        buildCollect(a, g);
        if (g->edges[WAY_BELOW].start)
            cycle_check(a, g);
    }
    if (ok(a)) {
        buildReverseWay(a, g, WAY_PARENTS, WAY_CHILDREN);
        buildReverseWay(a, g, WAY_BELOW, WAY_ABOVE);
    }
    if (ok(a) && g->labels.nkey)
        g->shown = label_spread(a, g, v);
    return ok(a) ? g : (Graph *)&buildEmpty;
}
