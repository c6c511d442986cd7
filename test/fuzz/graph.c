/*
** Fuzzes graphs: built from bytes, listed, planned up and down.
**
** For each revision: a byte that says how many of each kind of edges it has, then
** a byte for each.
*/
#include "fuzz.h"
#include "bytes.h"
#include "plans.h"

enum { MOST = 24 };

static const char *const odd[] = {
    "", "base", "head", "no such", "a@b", "-1", "r1:r3", "api", "r0", "\xff",
};

/* Mostly an id of the graph. */
static Text name(Arena *a, Bytes *in, int n)
{
    int i = bytesNext(in);

    if (i >= 246)
        return text_of(odd[i - 246]);
    return text_of(text_format(a, "r%d", i % (n + 1)));
}

static Names names(Arena *a, Bytes *in, int count, int n)
{
    Names list = {0};

    while (count-- > 0)
        names_push(a, &list, name(a, in, n));
    return list;
}

static GraphRevision *revisions(Arena *a, Bytes *in, int n)
{
    GraphRevision *v = ARENA_NEW(a, GraphRevision, n + 1);
    int i;

    for (i = 0; i < n; i++) {
        int kinds = bytesNext(in);

        v[i].id = text_of(text_format(a, "r%d", i));
        v[i].origin = text_of(text_format(a, "versions/r%d.sql", i));
        v[i].down = names(a, in, kinds & 3, n);
        v[i].depends = names(a, in, kinds >> 2 & 3, n);
        if ((kinds >> 4 & 3) == 3)
            names_push(a, &v[i].labels, text_of(text_format(a, "label%d",
                                                bytesBelow(in, n))));
        if ((kinds >> 4 & 3) == 2)
            v[i].replaces = names(a, in, 1 + bytesBelow(in, 4), n);
        if ((kinds >> 4 & 3) == 1 && (kinds >> 6) == 3)
            v[i].id = name(a, in, n);
        if ((kinds >> 4 & 3) == 2 && (kinds >> 6) >= 2)
            v[i].replaces.n = names_find(&v[i].replaces, v[i].id),
            v[i].replaces.n = 0,
            names_push(a, &v[i].replaces, text_of(text_format(a, "r%d:r%d",
                       bytesBelow(in, n), bytesBelow(in, n))));
    }
    return v;
}

/* A listing has each node that has a place, before all that is below it. */
static void listing(Arena *a, const Graph *g)
{
    Nodes list = order_newest_first(a, g, NULL);
    int *at = ARENA_NEW(a, int, graph_count(g) + 1);
    int i, j, n = 0;

    for (i = 0; i < list.n; i++) {
        MUST(at[list.v[i]] == 0);
        at[list.v[i]] = i + 1;
    }
    for (i = 0; i < graph_count(g); i++) {
        Nodes below = graph_edges(g, i, WAY_BELOW);
        if (graph_place(g, i) != i)
            continue;
        n++;
        MUST(at[i] > 0);
        for (j = 0; j < below.n; j++)
            MUST(at[below.v[j]] > at[i]);
        graph_labels(a, g, i);
        replace_ids(a, g, i);
    }
    MUST(n == list.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Bytes in = {data, n};
    Err err = {ERR_NONE, NULL};
    Arena a;
    Graph *g;
    Nodes rows = {0}, heads;
    Goal goal;
    int count = bytesBelow(&in, MOST + 1);

    arena_init(&a, &err);
    g = graph_build(&a, revisions(&a, &in, count), count);
    if (ok(&a)) {
        MUST(graph_count(g) == count);
        listing(&a, g);
        goal = goal_upgrade(&a, g, &rows, text_of("heads"));
        MUST(ok(&a));
        plansCheck(&a, g, &rows, &goal);
        MUST(ok(&a));
        heads = graph_heads(&a, g, 1);
        nodes_sort(&a, g, &heads);
        goal = goal_downgrade(&a, g, &heads, text_of("base"));
        MUST(ok(&a));
        plansCheck(&a, g, &heads, &goal);
        MUST(ok(&a));
    }
    fuzzCheckErr(&err);
    arena_release(&a);
    err_release(&err);
    MUST(sqlite3_memory_used() == 0);
    return 0;
}
