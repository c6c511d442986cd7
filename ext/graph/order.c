/*
** The order of a listing.  See order.h.
*/
#include "order.h"

MIG_FUNC Nodes order_newest_first(Arena *a, const Graph *g,
                                  const unsigned char *marks)
{
    int i, j, n = graph_count(g);
    int *waits = ARENA_NEW(a, int, n + 1);  /* by node: marked, above, not listed */
    Nodes order = {0}, ready = {0};

    for (i = n - 1; ok(a) && i >= 0; i--) {
        Nodes above = graph_edges(g, i, WAY_ABOVE);
        for (j = 0; j < above.n; j++)
            waits[i] += !marks || marks[above.v[j]];
        if ((!marks || marks[i]) && waits[i] == 0)
            nodes_push(a, &ready, i);
    }
    while (ok(a) && ready.n) {
        int node = ready.v[--ready.n];
        Nodes below = graph_edges(g, node, WAY_BELOW);
        nodes_push(a, &order, node);
        for (i = below.n - 1; i >= 0; i--)
            if ((!marks || marks[below.v[i]]) && --waits[below.v[i]] == 0)
                nodes_push(a, &ready, below.v[i]);
    }
    return order;
}
