/*
** Fuzzes what a user types to name revisions, and the plans that come of it.
**
**     byte 0      which graph, and what is asked
**     byte 1, 2   which revisions are applied (with all below them)
**     the rest    the target
*/
#include "fuzz.h"
#include "bytes.h"
#include "plans.h"

/* A revision: what it revises and depends on, its labels, what it replaces. */
typedef struct Given {
    const char *id, *down, *depends, *labels, *replaces;
} Given;

static const Given graphs[][12] = {
    {{"a0001", "", "", "", ""}, {"a0002", "a0001", "", "", ""},
     {"a0103", "a0002", "", "", ""}},
    /* two branches with a dependency, and a merge */
    {{"aaaa1", "", "", "api", ""}, {"aaaa2", "aaaa1", "", "", ""},
     {"aaab3", "aaaa2", "", "", ""}, {"bbbb1", "", "", "web web2", ""},
     {"bbbb2", "bbbb1", "aaaa2", "", ""}, {"cccc1", "aaaa1", "", "side", ""},
     {"dddd1", "cccc1 aaab3", "", "", ""}, {"dddd2", "dddd1", "", "", ""},
     {"e.e_e", "", "api", "a-b", ""}, {"1234", "dddd1", "", "", ""}},
    /* a squashed line, its files there */
    {{"r1", "", "", "", ""}, {"r2", "r1", "", "", ""}, {"r3", "r2", "", "", ""},
     {"r4", "r3", "", "", ""}, {"r5", "r4", "", "line", ""},
     {"sq", "r1", "", "", "r2 r4"}, {"r6", "r3", "", "", ""}},
    /* and gone */
    {{"t1", "", "", "", ""}, {"sq", "t1", "", "", "r2 r3 r4"},
     {"r5", "r4", "", "line", ""}, {"u1", "t1", "r3", "", ""}},
};

static Names words(Arena *a, const char *z)
{
    Names names = {0};
    Text rest = text_of(z);

    while (rest.n)
        names_push(a, &names, text_cut(&rest, ' '));
    return names;
}

static Graph *graph(Arena *a, const Given *given)
{
    GraphRevision *v = ARENA_NEW(a, GraphRevision, 12);
    int n;

    for (n = 0; n < 12 && given[n].id; n++) {
        v[n].id = text_of(given[n].id);
        v[n].origin = text_of(given[n].id);
        v[n].down = words(a, given[n].down);
        v[n].depends = words(a, given[n].depends);
        v[n].labels = words(a, given[n].labels);
        v[n].replaces = words(a, given[n].replaces);
        if (v[n].replaces.n == 2) {     /* first:last */
            v[n].replaces.n = 1;
            v[n].replaces.v[0] = text_of("r2:r4");
        }
    }
    return graph_build(a, v, n);
}

/* Every applied revision that no other one has below it. */
static Nodes rowsOf(Arena *a, const Graph *g, int bits)
{
    Nodes chosen = {0}, rows = {0};
    unsigned char *applied;
    int i, j;

    for (i = 0; i < graph_count(g); i++)
        if (bits >> i & 1)
            nodes_push(a, &chosen, graph_place(g, i));
    applied = graph_reach(a, g, &chosen, WAY_BELOW);
    for (i = 0; i < graph_count(g); i++) {
        Nodes above = graph_edges(g, i, WAY_ABOVE);
        for (j = 0; j < above.n && !applied[above.v[j]]; j++)
            ;
        if (applied[i] && j == above.n)
            nodes_push(a, &rows, i);
    }
    nodes_sort(a, g, &rows);
    return rows;
}

static void stamp(Arena *a, const Graph *g, const Nodes *rows, Text target)
{
    Names targets = {0};
    Text rest = target;
    StampPlan plan;
    int i;

    while (rest.n)
        names_push(a, &targets, text_cut(&rest, ' '));
    plan = plan_stamp(a, g, rows, &targets);
    MUST(ok(a) || (plan.remove.n == 0 && plan.add.n == 0));
    for (i = 0; ok(a) && i < plan.remove.n; i++) {
        MUST(nodes_find(rows, plan.remove.v[i]) >= 0);
        MUST(nodes_find(&plan.after, plan.remove.v[i]) < 0);
    }
    for (i = 0; ok(a) && i < plan.add.n; i++) {
        MUST(nodes_find(rows, plan.add.v[i]) < 0);
        MUST(nodes_find(&plan.after, plan.add.v[i]) >= 0);
    }
    MUST(!ok(a) || plan.after.n == rows->n - plan.remove.n + plan.add.n);
}

/* An answer: nodes of the graph, each once; none after a failure. */
static void answer(Arena *a, const Graph *g, Nodes nodes)
{
    int i;

    MUST(ok(a) || nodes.n == 0);
    for (i = 0; i < nodes.n; i++) {
        MUST(nodes.v[i] >= 0 && nodes.v[i] < graph_count(g));
        MUST(nodes_find(&nodes, nodes.v[i]) == i);
    }
    nodes_text(a, g, &nodes);
}

static void ask(Arena *a, const Graph *g, const Nodes *rows, int what, Text target)
{
    Goal goal;

    switch (what) {
    case 0:
        goal = goal_upgrade(a, g, rows, target);
        plansCheck(a, g, rows, &goal);
        break;
    case 1:
        goal = goal_downgrade(a, g, rows, target);
        plansCheck(a, g, rows, &goal);
        break;
    case 2:
        stamp(a, g, rows, target);
        break;
    case 3:
        answer(a, g, target_range(a, g, target, rows));
        break;
    case 4:
        answer(a, g, target_resolve(a, g, target, rows));
        break;
    default:
        MUST(target_one(a, g, target, rows) < graph_count(g));
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Bytes in = {data, n};
    Err err = {ERR_NONE, NULL};
    Arena a;
    Graph *g;
    Nodes rows;
    Text target;
    int which = bytesNext(&in), bits = bytesNext(&in);

    bits |= bytesNext(&in) << 8;
    target.z = (const char *)in.v;
    target.n = (int)in.n;
    arena_init(&a, &err);
    g = graph(&a, graphs[which % 4]);
    MUST(ok(&a));
    rows = rowsOf(&a, g, bits);
    target_current(&a, g, &rows);
    ask(&a, g, &rows, which / 4 % 6, target);
    fuzzCheckErr(&err);
    arena_release(&a);
    err_release(&err);
    MUST(sqlite3_memory_used() == 0);
    return 0;
}
