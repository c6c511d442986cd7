/*
** How branch labels spread over the graph.  See label.h.
**
** Upwards a label reaches every descendant.  Downwards it follows a line that
** is plain from its tip on, without branch and merge:
**
**      a --- b --- c api --- d      b, c, d are a plain line below the tip d;
**       \                           a has another child, so it has no label
**        x
**
** The tip has whatever anything below it has.  So all of a plain line shows
** what its tip shows, and labels need to be handed upwards only.  Sets are
** shared: a new one is made only where a revision adds a label or different
** sets meet.
*/
#include "label.h"
#include "order.h"

/* Is node part of a plain line, seen from its tip?  plain holds the answers for
** what is above it. */
static int labelIsPlain(const Graph *g, const unsigned char *plain, int node)
{
    Nodes children = graph_edges(g, node, WAY_CHILDREN);

    return graph_edges(g, node, WAY_ABOVE).n <= 1
        && graph_edges(g, node, WAY_PARENTS).n <= 1
        && (children.n == 0 || plain[children.v[0]]);
}

/* The union of two sorted sets: one of them, if it holds the other. */
static const Names *labelUnion(Arena *a, const Names *x, const Names *y)
{
    Names *both;
    int i = 0, j = 0;

    if (!x || !y || x == y)
        return x ? x : y;
    both = ARENA_NEW(a, Names, 1);
    while (both && (i < x->n || j < y->n)) {
        int c = i == x->n ? 1 : j == y->n ? -1 : text_compare(x->v[i], y->v[j]);
        names_push(a, both, c <= 0 ? x->v[i] : y->v[j]);
        i += c <= 0;
        j += c >= 0;
        if (!ok(a))
            return NULL;
    }
    return !both || both->n == x->n ? x : both->n == y->n ? y : both;
}

/* A revision's own labels, sorted; NULL if it has none. */
static const Names *labelOwn(Arena *a, const GraphRevision *r)
{
    Names *own;
    int i;

    if (r->labels.n == 0)
        return NULL;
    own = ARENA_NEW(a, Names, 1);
    for (i = 0; own && i < r->labels.n; i++)
        names_push(a, own, r->labels.v[i]);
    if (own)
        names_sort(own);
    return own;
}

MIG_FUNC const Names **label_spread(Arena *a, const Graph *g,
                                    const GraphRevision *v)
{
    int i, j, n = graph_count(g);
    const Names **sets = ARENA_NEW(a, const Names *, n);
    unsigned char *plain = ARENA_NEW(a, unsigned char, n);
    Nodes order = order_newest_first(a, g, NULL);

    for (i = order.n - 1; ok(a) && i >= 0; i--) {       /* upwards */
        int node = order.v[i];
        Nodes parents = graph_edges(g, node, WAY_PARENTS);
        sets[node] = labelUnion(a, labelOwn(a, &v[node]),
                                labelOwn(a, &v[graph_end(g, node)]));
        for (j = 0; j < parents.n; j++)
            sets[node] = labelUnion(a, sets[node], sets[parents.v[j]]);
    }
    for (i = 0; ok(a) && i < order.n; i++) {        /* back along plain lines */
        int node = order.v[i];
        Nodes children = graph_edges(g, node, WAY_CHILDREN);
        plain[node] = (unsigned char)labelIsPlain(g, plain, node);
        if (plain[node] && children.n)
            sets[node] = sets[children.v[0]];
    }
    return sets;
}
