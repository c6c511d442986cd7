/*
** The order of a listing.  See order.h.
**
** The listing follows threads, as Alembic's does.  At first each head has one.
** A thread lists its node and moves on to the node's first parent; other
** parents get threads of their own, at the end of the list of threads.  One
** whose parents all have threads ends, and the thread before it goes on.  A
** node that has something unlisted above it must wait: the first thread that is
** above it goes on instead.
**
**      d --- c --- a     the threads are at d, f; at c, f; then a waits for
**                 /      f, so the second goes on: at a, f; a, e; it ends, as
**      f --- e ---       a has a thread.  The listing is d c f e a.
**
** Which thread is above a node takes a search upwards.  It is kept while the
** same node waits, so that searches are cheap in histories that people make; a
** knot that exhausts ORDER_SEARCH is listed on in any order that children come
** before parents.
*/
#include "order.h"

/* How many nodes all searches of one listing of n nodes may visit. */
#define ORDER_SEARCH(n) (20000 + 20 * (i64)(n))

/* Threads are numbered from 1 in the order of their list; 0 is none. */
typedef struct OrderThread {
    int node;               /* what it lists next */
    int prev, next;         /* its neighbours that have not ended */
} OrderThread;

typedef struct OrderWalk {
    Arena *a;
    const Graph *g;
    const unsigned char *marks;
    int *waits;             /* by node: how many it waits for */
    int *thread;            /* by node: the thread that is there */
    unsigned char *listed;  /* by node */
    Nodes order;            /* the listing */

    OrderThread *threads;   /* by number */
    int nthread, first, last;

    int asked;              /* the node that was searched from last, or -1 */
    int search;             /* the number of that search */
    int *above;             /* by node: the last search that found it */
    int found;              /* no thread before this one is above asked */
    i64 nvisit;             /* nodes that all searches have visited */
} OrderWalk;

static int orderHas(const OrderWalk *w, int node)
{
    return w->marks ? w->marks[node] : graph_place(w->g, node) == node;
}

static void orderThreadAdd(OrderWalk *w, int node)
{
    int t = ++w->nthread;

    w->threads[t].node = node;
    w->threads[t].prev = w->last;
    if (w->last)
        w->threads[w->last].next = t;
    else
        w->first = t;
    w->last = t;
    w->thread[node] = t;
}

/* Ends a thread; returns the one that goes on. */
static int orderThreadEnd(OrderWalk *w, int t)
{
    OrderThread *thread = &w->threads[t];

    if (thread->prev)
        w->threads[thread->prev].next = thread->next;
    else
        w->first = thread->next;
    if (thread->next)
        w->threads[thread->next].prev = thread->prev;
    else
        w->last = thread->prev;
    if (w->found == t)
        w->found = thread->next;
    return thread->prev ? thread->prev : w->first;
}

/* Lists node: what is below it waits for one less. */
static void orderList(OrderWalk *w, int node)
{
    Nodes below = graph_edges(w->g, node, WAY_BELOW);
    int i;

    nodes_push(w->a, &w->order, node);
    w->listed[node] = 1;
    w->thread[node] = 0;
    for (i = 0; i < below.n; i++)
        w->waits[below.v[i]]--;
}

/* Lists the node of thread t and moves it on; returns the thread to go on with.
** */
static int orderMove(OrderWalk *w, int t)
{
    Nodes below = graph_edges(w->g, w->threads[t].node, WAY_BELOW);
    int i, moved = 0;

    orderList(w, w->threads[t].node);
    for (i = 0; i < below.n; i++) {
        int node = below.v[i];
        if (!orderHas(w, node) || w->thread[node])
            continue;
        if (moved) {
            orderThreadAdd(w, node);
        } else {
            w->threads[t].node = node;
            w->thread[node] = t;
            moved = 1;
        }
    }
    return moved ? t : orderThreadEnd(w, t);
}

/* Finds all that is above node and not listed, and the first thread there. */
static void orderSearch(OrderWalk *w, int node)
{
    Nodes todo = {0};
    int i;

    w->asked = node;
    w->search++;
    w->found = 0;
    nodes_push(w->a, &todo, node);
    while (ok(w->a) && todo.n) {
        int at = todo.v[--todo.n];
        Nodes above = graph_edges(w->g, at, WAY_ABOVE);
        w->nvisit++;
        for (i = 0; i < above.n; i++) {
            int up = above.v[i], t = w->thread[up];
            if (!orderHas(w, up) || w->listed[up] || w->above[up] == w->search)
                continue;
            w->above[up] = w->search;
            nodes_push(w->a, &todo, up);
            if (t && (!w->found || t < w->found))
                w->found = t;
        }
    }
}

/* The first thread above node, which waits. */
static int orderThreadAbove(OrderWalk *w, int node)
{
    if (w->asked != node)
        orderSearch(w, node);
    while (w->found && w->above[w->threads[w->found].node] != w->search)
        w->found = w->threads[w->found].next;
    return w->found;
}

/* Lists what is left, from the threads that do not wait, line by line. */
static void orderRest(OrderWalk *w)
{
    Nodes ready = {0};
    int i, t;

    for (t = w->last; t; t = w->threads[t].prev)
        if (w->waits[w->threads[t].node] == 0)
            nodes_push(w->a, &ready, w->threads[t].node);
    while (ok(w->a) && ready.n) {
        int node = ready.v[--ready.n];
        Nodes below = graph_edges(w->g, node, WAY_BELOW);
        orderList(w, node);
        for (i = below.n - 1; i >= 0; i--)
            if (orderHas(w, below.v[i]) && w->waits[below.v[i]] == 0)
                nodes_push(w->a, &ready, below.v[i]);
    }
}

/* Counts what each node waits for, and gives the heads their threads. */
static void orderStart(OrderWalk *w)
{
    int i, j, n = graph_count(w->g);

    for (i = 0; i < n; i++) {
        Nodes above = graph_edges(w->g, i, WAY_ABOVE);
        if (!orderHas(w, i))
            continue;
        for (j = 0; j < above.n; j++)
            w->waits[i] += orderHas(w, above.v[j]);
        if (w->waits[i] == 0)
            orderThreadAdd(w, i);
    }
}

MIG_FUNC Nodes order_newest_first(Arena *a, const Graph *g,
                                  const unsigned char *marks)
{
    OrderWalk w = {0};
    int t, n = graph_count(g);

    w.a = a;
    w.g = g;
    w.marks = marks;
    w.asked = -1;
    w.waits = ARENA_NEW(a, int, n + 1);
    w.thread = ARENA_NEW(a, int, n + 1);
    w.listed = ARENA_NEW(a, unsigned char, n + 1);
    w.threads = ARENA_NEW(a, OrderThread, n + 1);
    w.above = ARENA_NEW(a, int, n + 1);
    if (ok(a))
        orderStart(&w);
    for (t = w.first; ok(a) && t && w.nvisit < ORDER_SEARCH(n); )
        t = w.waits[w.threads[t].node] ? orderThreadAbove(&w, w.threads[t].node)
                                       : orderMove(&w, t);
    orderRest(&w);
    return w.order;
}
