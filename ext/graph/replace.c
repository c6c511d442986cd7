/*
** Squashed revisions.  See replace.h.
*/
#include "replace.h"

#include "parts.h"

/*
** Reading
*/

typedef struct ReplaceRead {
    Arena *a;
    Replaces *r;
    const GraphRevision *v;
    int n;
    const Map *ids;
} ReplaceRead;

/* The first and last id of what a revision replaces. */
static void replaceEnds(const GraphRevision *rev, Text *first, Text *last)
{
    *first = rev->replaces.v[0];
    *last = rev->replaces.v[rev->replaces.n - 1];
    if (rev->replaces.n == 1 && text_find(*first, ':') >= 0) {
        *first = text_cut(last, ':');
        *first = text_trim(*first);
        *last = text_trim(*last);
    }
}

/* The id of the last revision that rev replaces. */
static Text replaceLast(const GraphRevision *rev)
{
    Text first, last;

    replaceEnds(rev, &first, &last);
    return last;
}

static void replaceRefuse(ReplaceRead *c, int node, const char *why)
{
    err_add(c->a->err, ERR_BAD_REVISION, "%Ts (%Ts) %s; correct Replaces",
            c->v[node].id, c->v[node].origin, why);
}

/* What node replaces, if its files are there; or NULL. */
static const Replace *replaceOf(const Replaces *r, int node)
{
    const Replace *it = r->of[node] ? &r->v[r->of[node] - 1] : NULL;
    return it && it->end >= 0 ? it : NULL;
}

/* Remembers the ids of a line that is gone.  False if one is remembered
** already. */
static int replaceReadGone(ReplaceRead *c, int node, Text first, Text last)
{
    const Names *ids = &c->v[node].replaces;
    int i;

    for (i = 0; ids->n > 1 && i < ids->n; i++)
        map_add(c->a, &c->r->inside, ids->v[i], node);
    map_add(c->a, &c->r->inside, first, node);
    map_add(c->a, &c->r->inside, last, node);
    return map_add(c->a, &c->r->gone, last, node) < 0;
}

/* Finds the ends of the line that node replaces, and gives node its place. */
static void replaceReadEnds(ReplaceRead *c, int node)
{
    Replace *it = &c->r->v[c->r->n++];
    Text first, last;
    int fine;

    replaceEnds(&c->v[node], &first, &last);
    c->r->of[node] = c->r->n;
    it->node = node;
    it->first = map_find(c->ids, first);
    it->end = map_find(c->ids, last);
    if (it->end < 0) {
        fine = replaceReadGone(c, node, first, last);
    } else {
        fine = it->end != node && c->r->owner[it->end] < 0;
        c->r->owner[it->end] = node;
        c->r->place[it->end] = node;
    }
    if (!fine)
        replaceRefuse(c, node, "replaces itself, or what another replaces");
}

/* The node that Revises means by an id; or -1. */
static int replaceFind(const ReplaceRead *c, Text id)
{
    int node = map_find(c->ids, id);
    if (node < 0)
        node = map_find(&c->r->inside, id);
    return node < 0 ? -1 : c->r->place[node];
}

/* The node below the one whose file is node, if that revises one; or -1. */
static int replaceParent(const ReplaceRead *c, int node)
{
    const Names *down = &c->v[node].down;
    return down->n == 1 ? replaceFind(c, down->v[0]) : -1;
}

/* Do x and y revise the same? */
static int replaceSameDown(const ReplaceRead *c, int x, int y)
{
    const Names *dx = &c->v[x].down, *dy = &c->v[y].down;
    int i, j;

    for (i = 0; i < dx->n; i++) {
        int node = replaceFind(c, dx->v[i]);
        for (j = 0; j < dy->n; j++)
            if (text_eq(dx->v[i], dy->v[j])
                || (node >= 0 && node == replaceFind(c, dy->v[j])))
                break;
        if (j == dy->n)
            return 0;
    }
    return dx->n == dy->n;
}

/* Walks from the end of the line down to its first. */
static int replaceWalk(ReplaceRead *c, Replace *it)
{
    int node = it->end;

    while (node != it->first) {
        const Replace *other;
        node = replaceParent(c, node);
        if (node < 0 || it->line.n == c->n || !ok(c->a))
            return 0;
        nodes_push(c->a, &it->line, node);
        c->r->owner[node] = it->node;
        other = replaceOf(c->r, node);
        if (other && (other->first == it->first || other->end == it->first))
            break;
    }
    return 1;
}

/* Is node on the line of squashed, or of one that is? */
static int replaceOwns(const ReplaceRead *c, int squashed, int node)
{
    int n = c->n;

    while (node >= 0 && node != squashed && n-- > 0)
        node = c->r->owner[node];
    return node == squashed;
}

/* A squashed revision whose last is squashed too, with that one's files there,
** takes over: the other's last is its own, and the other is never run. */
static void replaceTakeOver(ReplaceRead *c, Replace *it)
{
    Replaces *r = c->r;
    int n = r->n;

    while (it->end >= 0 && r->of[it->end] && n-- > 0) {
        int other = it->end, end = r->v[r->of[other] - 1].end;
        if (end < 0)
            return;
        r->of[other] = 0;
        r->owner[end] = r->place[end] = it->node;
        it->end = end;
    }
}

static void replaceReadLine(ReplaceRead *c, Replace *it)
{
    const Names *ids = &c->v[it->node].replaces;
    int i, nthere = 0, nout = 0;

    if (it->end >= 0 && it->first >= 0 && !replaceWalk(c, it))
        nout++;
    for (i = 0; ids->n > 1 && i < ids->n; i++) {
        int node = map_find(c->ids, ids->v[i]);
        nthere += node >= 0;
        nout += node >= 0 && it->end >= 0 && !replaceOwns(c, it->node, node);
    }
    if ((it->first < 0) != (it->end < 0) || (nthere && nthere != ids->n))
        replaceRefuse(c, it->node, "replaces revisions of which some are gone");
    else if (nout)
        replaceRefuse(c, it->node, "replaces no single line, oldest first");
    else if (it->first >= 0 && !replaceSameDown(c, it->node, it->first))
        replaceRefuse(c, it->node, "does not revise what the first that it "
                      "replaces revises");
}

MIG_FUNC void replace_read(Arena *a, Replaces *r, const GraphRevision *v, int n,
                           const Map *ids)
{
    ReplaceRead c = {a, r, v, n, ids};
    int i, nreplace = 0;

    for (i = 0; i < n; i++)
        nreplace += v[i].replaces.n > 0;
    if (nreplace == 0 || !ok(a))
        return;
    r->v = ARENA_NEW(a, Replace, nreplace);
    r->place = ARENA_NEW(a, int, n);
    r->of = ARENA_NEW(a, int, n);
    r->owner = ARENA_NEW(a, int, n);
    map_init(a, &r->gone, nreplace);
    map_init(a, &r->inside, nreplace);
    if (!ok(a)) {
        r->place = NULL;
        return;
    }
    for (i = 0; i < n; i++) {
        r->place[i] = i;
        r->owner[i] = -1;
    }
    for (i = 0; i < n; i++)
        if (v[i].replaces.n)
            replaceReadEnds(&c, i);
    for (i = r->n - 1; ok(a) && i >= 0; i--)
        if (r->place[r->v[i].node] == r->v[i].node)
            replaceTakeOver(&c, &r->v[i]);
    for (i = 0; i < n; i++)
        if (r->place[r->place[i]] != r->place[i])
            replaceRefuse(&c, i, "replaces what replaces it");
    for (i = 0; ok(a) && i < r->n; i++)
        if (r->of[r->v[i].node])
            replaceReadLine(&c, &r->v[i]);
}

/*
** Steps
*/

typedef struct ReplaceWalk {
    Arena *a;
    const Graph *g;
    const Replaces *r;
    unsigned char *in;      /* by node: it is in the plan */
    unsigned char *whole;   /* by node: squashed, and run for its line */
    int *group;             /* by node: what it is run with, often itself */
} ReplaceWalk;

/* Does all that is above node, and in the plan, belong to the line of it? */
static int replaceIsInner(const ReplaceWalk *w, const Replace *it, int node)
{
    Nodes above = graph_edges(w->g, node, WAY_ABOVE);
    int i;

    for (i = 0; i < above.n; i++) {
        int up = above.v[i];
        if (w->in[up] && up != it->node && w->r->owner[up] != it->node)
            return 0;
    }
    return 1;
}

/* Is it run for its line?  What is squashed on the line has its answer. */
static int replaceIsWhole(const ReplaceWalk *w, const Replace *it)
{
    int i;

    for (i = 0; i < it->line.n; i++) {
        int node = it->line.v[i];
        if (!w->in[node] || !replaceIsInner(w, it, node)
            || (replaceOf(w->r, node) && !w->whole[node]))
            return 0;
    }
    return w->in[it->node];
}

/* The node with which node is run. */
static int replaceRoot(const ReplaceWalk *w, int node)
{
    while (w->group[node] != node)
        node = w->group[node];
    return node;
}

/* Decides which squashed revisions are run, upwards, so that those on the line
** of another come before it. */
static void replaceDecide(ReplaceWalk *w, const Nodes *order, int up)
{
    int i, j;

    for (i = 0; i < order->n; i++) {
        int node = order->v[up ? i : order->n - 1 - i];
        const Replace *it = replaceOf(w->r, node);
        if (!it || !replaceIsWhole(w, it))
            continue;
        w->whole[node] = 1;
        for (j = 0; j < it->line.n; j++)
            w->group[it->line.v[j]] = node;
    }
}

/* Which file is run for node, which is not run with another? */
static int replaceRun(const ReplaceWalk *w, int node)
{
    const Replace *it = replaceOf(w->r, node);
    return it && !w->whole[node] ? it->end : node;
}

/* Steps of one node each. */
static int replaceNone(Arena *a, const Nodes *order, ReplaceStep **steps)
{
    int i;

    *steps = ARENA_NEW(a, ReplaceStep, order->n + 1);
    for (i = 0; *steps && i < order->n; i++) {
        Nodes one = {order->v + i, 1, 1};
        (*steps)[i].run = order->v[i];
        (*steps)[i].nodes = one;
    }
    return *steps ? order->n : 0;
}

MIG_FUNC int replace_steps(Arena *a, const Graph *g, const Nodes *order, int up,
                           ReplaceStep **steps)
{
    ReplaceWalk w = {a, g, graph_replaces(g), NULL, NULL, NULL};
    Nodes *with;            /* by node: what is run with it */
    int i, nstep = 0, n = graph_count(g);

    if (w.r->n == 0)
        return replaceNone(a, order, steps);
    w.in = ARENA_NEW(a, unsigned char, n);
    w.whole = ARENA_NEW(a, unsigned char, n);
    w.group = ARENA_NEW(a, int, n);
    with = ARENA_NEW(a, Nodes, n);
    *steps = ARENA_NEW(a, ReplaceStep, order->n + 1);
    if (!ok(a))
        return 0;
    for (i = 0; i < order->n; i++) {
        w.in[order->v[i]] = 1;
        w.group[order->v[i]] = order->v[i];
    }
    replaceDecide(&w, order, up);
    for (i = 0; i < order->n; i++)
        nodes_push(a, &with[replaceRoot(&w, order->v[i])], order->v[i]);
    for (i = 0; ok(a) && i < order->n; i++) {
        int node = order->v[i];
        if (w.group[node] != node)
            continue;
        (*steps)[nstep].run = replaceRun(&w, node);
        (*steps)[nstep++].nodes = with[node];
    }
    return nstep;
}

MIG_FUNC Names replace_ids(Arena *a, const Graph *g, int node)
{
    Names ids = {0};

    names_push(a, &ids, graph_id(g, node));
    while (ok(a) && node >= 0 && g->v[node].replaces.n) {
        Text last = replaceLast(&g->v[node]);
        names_push(a, &ids, last);
        node = map_find(&g->ids, last);
    }
    return ids;
}
