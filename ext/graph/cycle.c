/*
** Revisions that wait for each other.  See cycle.h.
**
** Tarjan's strongly connected components, with a stack of its own instead of
** recursion.  A component of several nodes is a cycle, or some that are knotted
** together and are mended together; so is a node with an edge to itself.
*/
#include "cycle.h"

typedef struct CycleWalk {
    Arena *a;
    const Graph *g;
    int *number;        /* by node: when it was entered, from 1; 0 is not yet */
    int *low;           /* by node: the least open number seen from it */
    int *edge;          /* by node: the next edge to look at */
    unsigned char *open;    /* by node: entered, its component not yet known */
    Nodes path;         /* nodes being looked at; both lists have room for all */
    Nodes opened;       /* open nodes, in order of number */
    int count;
} CycleWalk;

static int cycleHasSelf(const CycleWalk *w, int node)
{
    Nodes below = graph_edges(w->g, node, WAY_BELOW);
    return nodes_find(&below, node) >= 0;
}

/* The nodes of a component, in the order in which they were entered: each waits
** for one of the others. */
static void cycleReport(CycleWalk *w, const Nodes *part)
{
    err_add(w->a->err, ERR_CYCLE, part->n == 1 ? "%s waits for itself; correct "
            "its Revises or Depends-On" : "%s wait for each other; correct "
            "Revises or Depends-On of one", nodes_text(w->a, w->g, part));
}

static void cycleEnter(CycleWalk *w, int node)
{
    w->number[node] = w->low[node] = ++w->count;
    w->open[node] = 1;
    w->path.v[w->path.n++] = node;
    w->opened.v[w->opened.n++] = node;
}

/* All edges of the node on top of the path were looked at. */
static void cycleLeave(CycleWalk *w)
{
    int node = w->path.v[--w->path.n];
    int first = w->opened.n;
    Nodes part;

    if (w->path.n) {
        int above = w->path.v[w->path.n - 1];
        if (w->low[node] < w->low[above])
            w->low[above] = w->low[node];
    }
    if (w->low[node] < w->number[node])
        return;
    do
        w->open[w->opened.v[--first]] = 0;
    while (w->opened.v[first] != node);
    part.v = w->opened.v + first;
    part.n = part.cap = w->opened.n - first;
    w->opened.n = first;
    if (part.n > 1 || cycleHasSelf(w, node))
        cycleReport(w, &part);
}

static void cycleWalk(CycleWalk *w, int start)
{
    cycleEnter(w, start);
    while (w->path.n) {
        int node = w->path.v[w->path.n - 1];
        Nodes below = graph_edges(w->g, node, WAY_BELOW);
        int next;

        if (w->edge[node] == below.n) {
            cycleLeave(w);
            continue;
        }
        next = below.v[w->edge[node]++];
        if (w->number[next] == 0)
            cycleEnter(w, next);
        else if (w->open[next] && w->number[next] < w->low[node])
            w->low[node] = w->number[next];
    }
}

MIG_FUNC void cycle_check(Arena *a, const Graph *g)
{
    CycleWalk w = {0};
    int i, n = graph_count(g);

    w.a = a;
    w.g = g;
    w.number = ARENA_NEW(a, int, n);
    w.low = ARENA_NEW(a, int, n);
    w.edge = ARENA_NEW(a, int, n);
    w.open = ARENA_NEW(a, unsigned char, n);
    w.path.v = ARENA_NEW(a, int, n);
    w.opened.v = ARENA_NEW(a, int, n);
    if (!w.number || !w.low || !w.edge || !w.open || !w.path.v || !w.opened.v)
        return;
    for (i = 0; i < n; i++)
        if (w.number[i] == 0)
            cycleWalk(&w, i);
}
