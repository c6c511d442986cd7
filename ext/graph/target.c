/*
** What a user types to name revisions.  See target.h.
**
** A text is taken apart once, into a Target.  Then each command asks for what
** it can use: one symbol's revisions, one revision, a walk from one.
*/
#include "target.h"
#include "order.h"
#include "replace.h"

#include <limits.h>

#define TARGET_BASE (-1)        /* what "base" means where one node is meant */

typedef struct Target {
    const Graph *g;
    const Nodes *rows;
    Text text;              /* all of it, for messages */
    Text symbol;            /* without branch and offset; may be empty */
    Text label;             /* what stands before "@" */
    int has_branch;
    int has_offset;
    int offset;             /* clamped: no graph is so deep */
    int branch;             /* the branch's node; -1 without one */
    unsigned char *line;    /* what is on its line; NULL without one */
} Target;

/* What a walk does when there is nowhere to go. */
typedef enum TargetEnd { END_REFUSE, END_STOP } TargetEnd;

/*
** Names
*/

/* The node that name means, if line is NULL or has it; -1 with the Err set. */
static int targetFind(Arena *a, const Graph *g, Text name,
                      const unsigned char *line)
{
    int i, node = graph_find(g, name);
    Names names = {0}, fitting = {0};
    Nodes nodes = {0};

    if (node < 0)
        node = graph_find_label(g, name);
    if (node >= 0 || name.n == 0)
        return node;
    graph_find_prefix(a, g, name, &names, &nodes);
    for (i = 0; ok(a) && i < names.n; i++) {
        if (line && !line[nodes.v[i]])
            continue;
        node = nodes.v[i];
        names_push(a, &fitting, text_of(text_format(a, "%Ts (%Ts)",
                   names.v[i], graph_origin(g, node))));
    }
    if (fitting.n <= 1)
        return node;
    names_sort(&fitting);
    if (fitting.n > 8)
        fitting.n = 8;
    err_set(a->err, ERR_AMBIGUOUS, "'%Ts' is the beginning of %s; write more "
            "of it", name, names_join(a, &fitting, ", "));
    return -1;
}

/* The same for a symbol, which must be found. */
static int targetFindSymbol(Arena *a, const Target *t)
{
    int node = targetFind(a, t->g, t->symbol, t->line);

    if (node < 0)
        err_set(a->err, ERR_NOT_FOUND, "no revision or branch label is '%Ts' "
                "or begins so%s", t->symbol,
                t->symbol.n < 4 ? " and has four characters" : "");
    else if (t->line && !t->line[node])
        err_set(a->err, ERR_NOT_IN_BRANCH, "%Ts is neither above nor below "
                "branch '%Ts'", graph_id(t->g, node), t->label);
    return ok(a) ? node : -1;
}

MIG_FUNC unsigned char *target_line(Arena *a, const Graph *g, int node)
{
    unsigned char *line = graph_reach_one(a, g, node, WAY_PARENTS);
    unsigned char *up = graph_reach_one(a, g, node, WAY_CHILDREN);
    int i;

    for (i = 0; ok(a) && i < graph_count(g); i++)
        line[i] |= up[i];
    return line;
}

/* Finds the branch.  Where it stands for its heads or its rows, Alembic calls
** one that is not there `not-found`, like any name. */
static void targetFindBranch(Arena *a, Target *t)
{
    int is_name = (t->has_offset && t->symbol.n == 0)
                || text_is(t->symbol, "head") || text_is(t->symbol, "heads");

    t->branch = targetFind(a, t->g, t->label, NULL);
    if (t->branch >= 0)
        t->line = target_line(a, t->g, t->branch);
    else
        err_set(a->err, is_name ? ERR_NOT_FOUND : ERR_NO_SUCH_BRANCH,
                "'%Ts' before '@' is neither a branch label nor a revision",
                t->label);
}

/*
** Taking a text apart
*/

/* Where the offset of text begins, or -1 if it has none. */
static int targetOffsetAt(Text text)
{
    int i = text.n;

    while (i > 0 && text.z[i - 1] >= '0' && text.z[i - 1] <= '9')
        i--;
    if (i == text.n || i == 0 || (text.z[i - 1] != '+' && text.z[i - 1] != '-'))
        return -1;
    return i - 1;
}

/* The value of "+12" or "-12". */
static int targetOffset(Text text)
{
    int i, value = 0;

    for (i = 1; i < text.n && value < INT_MAX / 10 - 1; i++)
        value = value * 10 + (text.z[i] - '0');
    return text.z[0] == '-' ? -value : value;
}

static Target targetParse(Arena *a, const Graph *g, Text text,
                          const Nodes *rows)
{
    Target t = {0};
    int at = text_find(text, '@');
    int offset;

    t.g = g;
    t.rows = rows;
    t.text = t.symbol = text;
    t.branch = -1;
    if (text_find(text, ':') >= 0) {
        err_set(a->err, ERR_BAD_RANGE, "'%Ts' is a range where one target is "
                "meant; history and scripts (--sql) take a range", text);
        return t;
    }
    if (at >= 0) {
        t.has_branch = 1;
        t.label = text_slice(text, 0, at);
        t.symbol = text_slice(text, at + 1, text.n);
    }
    offset = graph_find_label(g, t.symbol) < 0 ? targetOffsetAt(t.symbol) : -1;
    if (offset >= 0) {
        t.has_offset = 1;
        t.offset = targetOffset(text_slice(t.symbol, offset, t.symbol.n));
        t.symbol.n = offset;
    }
    if (t.has_branch)
        targetFindBranch(a, &t);
    return t;
}

/*
** Symbols
*/

/* Those of nodes that are on the line of the branch, if there is one. */
static Nodes targetOnLine(Arena *a, const Target *t, const Nodes *nodes)
{
    Nodes on = {0};
    int i;

    for (i = 0; i < nodes->n; i++)
        if (!t->line || t->line[nodes->v[i]])
            nodes_push(a, &on, nodes->v[i]);
    return on;
}

static Nodes targetHeads(Arena *a, const Target *t, int effective)
{
    Nodes heads = graph_heads(a, t->g, effective);
    return targetOnLine(a, t, &heads);
}

static void targetRefuseSeveral(Arena *a, const Target *t, const Nodes *nodes)
{
    if (nodes->n > 1)
        err_set(a->err, ERR_MULTIPLE_HEADS, "'%Ts' means %d revisions: %s; "
                "name one, or say BRANCH@head, or heads for all",
                t->text, nodes->n, nodes_text(a, t->g, nodes));
}

/* The revisions that the symbol means; none for base. */
static Nodes targetSymbol(Arena *a, const Target *t)
{
    Nodes nodes = {0};

    if (!ok(a) || text_is(t->symbol, "base"))
        return nodes;
    if (text_is(t->symbol, "heads"))
        return targetHeads(a, t, !t->line);
    if (text_is(t->symbol, "current"))
        return targetOnLine(a, t, t->rows);
    if (text_is(t->symbol, "head")) {
        nodes = targetHeads(a, t, 0);
        targetRefuseSeveral(a, t, &nodes);
    } else {
        int node = targetFindSymbol(a, t);
        if (node >= 0)
            nodes_push(a, &nodes, node);
    }
    if (!ok(a))
        nodes.n = 0;
    return nodes;
}

/* The one revision that the symbol means. */
static int targetSingle(Arena *a, const Target *t)
{
    Nodes nodes = targetSymbol(a, t);

    targetRefuseSeveral(a, t, &nodes);
    return ok(a) && nodes.n ? nodes.v[0] : TARGET_BASE;
}

/*
** Walking
*/

static void targetRefuseWalk(Arena *a, const Target *t)
{
    err_set(a->err, ERR_RELATIVE_OUT_OF_RANGE, "'%Ts' goes past the end of "
            "the history", t->text);
}

/* The ways on from node, up or down. */
static Nodes targetNext(Arena *a, const Target *t, int node, int up)
{
    Nodes none = {0}, next;

    if (node == TARGET_BASE && !up)
        return none;
    if (node == TARGET_BASE)
        next = graph_bases(a, t->g, 0);
    else
        next = graph_edges(t->g, node, up ? WAY_CHILDREN : WAY_PARENTS);
    return up && t->line ? targetOnLine(a, t, &next) : next;
}

/* The revision that is the target's offset away from start. */
static int targetWalk(Arena *a, const Target *t, int start, TargetEnd end)
{
    int left = t->offset < 0 ? -t->offset : t->offset;
    int node = start;

    for (; ok(a) && left > 0; left--) {
        Nodes next = targetNext(a, t, node, t->offset > 0);
        if (next.n > 1) {
            err_set(a->err, ERR_AMBIGUOUS_WALK, t->offset < 0 || t->has_branch
                    ? "'%Ts' can go to %s; name the revision that is meant"
                    : "'%Ts' can go to %s; write BRANCH@%Ts",
                    t->text, nodes_text(a, t->g, &next), t->text);
        } else if (next.n == 1) {
            node = next.v[0];
        } else if (t->offset < 0 && node != TARGET_BASE) {
            node = TARGET_BASE;
        } else {
            if (end == END_REFUSE)
                targetRefuseWalk(a, t);
            break;
        }
    }
    return ok(a) ? node : TARGET_BASE;
}

/* Those of marked that have nothing marked above them. */
static Nodes targetTips(Arena *a, const Graph *g, const unsigned char *marks,
                        GraphWay way)
{
    Nodes tips = {0};
    int i, j;

    for (i = 0; marks && i < graph_count(g); i++) {
        Nodes above = graph_edges(g, i, way);
        for (j = 0; j < above.n && !marks[above.v[j]]; j++)
            ;
        if (marks[i] && j == above.n)
            nodes_push(a, &tips, i);
    }
    return tips;
}

/* The tips of what is applied on the branch's line. */
static Nodes targetApplied(Arena *a, const Target *t)
{
    unsigned char *marks = graph_reach(a, t->g, t->rows, WAY_BELOW);
    int i;

    for (i = 0; ok(a) && i < graph_count(t->g); i++)
        marks[i] &= t->line[i];
    return targetTips(a, t->g, marks, WAY_ABOVE);
}

/* Does the target count from what is applied? */
static int targetFromRows(const Target *t)
{
    return t->has_offset && (t->symbol.n == 0 || text_is(t->symbol, "current"));
}

/*
** Answers
*/

/* Rows that no revision has: inside a line that was squashed, or of files that
** are not there. */
static void targetRefuseRows(Arena *a, const Graph *g, const Names *unknown)
{
    int node = map_find(&graph_replaces(g)->inside, unknown->v[0]);
    Nodes one = {&node, 1, 1};

    err_set(a->err, ERR_UNKNOWN_CURRENT, "the database is at %s, which no "
            "revision file has", names_join(a, unknown, ", "));
    if (node >= 0)
        err_append(a->err, "; bring back the files that %s replaced until the "
                   "database is past them", nodes_text(a, g, &one));
    else
        err_append(a->err, "; bring back its file, or say with \"stamp --purge\" "
                   "where the database is");
}

MIG_FUNC Nodes target_rows(Arena *a, const Graph *g, const Names *version_rows)
{
    unsigned char *seen = ARENA_NEW(a, unsigned char, graph_count(g) + 1);
    Nodes rows = {0};
    Names unknown = {0};
    int i;

    for (i = 0; ok(a) && i < version_rows->n; i++) {
        int node = graph_find(g, version_rows->v[i]);
        if (node < 0)
            names_push(a, &unknown, version_rows->v[i]);
        else if (!seen[node])
            nodes_push(a, &rows, node);
        if (node >= 0)
            seen[node] = 1;
    }
    names_sort(&unknown);
    nodes_sort(a, g, &rows);
    if (unknown.n) {
        targetRefuseRows(a, g, &unknown);
        rows.n = 0;
    }
    return rows;
}

MIG_FUNC Nodes target_current(Arena *a, const Graph *g, const Nodes *rows)
{
    unsigned char *applied = graph_reach(a, g, rows, WAY_BELOW);
    Nodes tips = targetTips(a, g, applied, WAY_CHILDREN);

    nodes_sort(a, g, &tips);
    return tips;
}

/* An offset where none is meant: Alembic takes it for a name. */
static void targetRefuseOffset(Arena *a, const Target *t)
{
    if (ok(a) && t->has_offset)
        err_set(a->err, ERR_NOT_FOUND, "no revision or branch label is '%Ts'; "
                "+N and -N are for upgrade, downgrade and history", t->text);
}

MIG_FUNC Nodes target_resolve(Arena *a, const Graph *g, Text expr,
                              const Nodes *rows)
{
    Target t = targetParse(a, g, expr, rows);
    Nodes nodes = {0}, heads;
    int i;

    if (!t.has_offset || t.symbol.n || t.offset >= 0) {
        targetRefuseOffset(a, &t);
        nodes = targetSymbol(a, &t);
    } else {
        heads = ok(a) ? targetHeads(a, &t, 1) : nodes;
        for (i = 0; ok(a) && i < heads.n; i++) {
            int node = targetWalk(a, &t, heads.v[i], END_REFUSE);
            if (node == TARGET_BASE)
                targetRefuseWalk(a, &t);
            else if (nodes_find(&nodes, node) < 0)
                nodes_push(a, &nodes, node);
        }
    }
    nodes_sort(a, g, &nodes);
    if (!ok(a))
        nodes.n = 0;
    return nodes;
}

MIG_FUNC int target_one(Arena *a, const Graph *g, Text expr, const Nodes *rows)
{
    Target t = targetParse(a, g, expr, rows);
    Nodes nodes = target_resolve(a, g, expr, rows);

    targetRefuseSeveral(a, &t, &nodes);
    return ok(a) && nodes.n ? nodes.v[0] : TARGET_BASE;
}

/* Where "+N" starts: at the one row, or on a branch at the tip of what is
** applied there, else before the first revision. */
static int targetUpgradeStart(Arena *a, const Target *t)
{
    Nodes start = targetOnLine(a, t, t->rows);

    if (start.n == 0 && t->line)
        start = targetApplied(a, t);
    if (start.n > 1)
        err_set(a->err, ERR_AMBIGUOUS_WALK, "'%Ts' can start at %s; say "
                "BRANCH@+N", t->text, nodes_text(a, t->g, &start));
    return start.n == 1 ? start.v[0] : TARGET_BASE;
}

MIG_FUNC Nodes target_upgrade(Arena *a, const Graph *g, Text expr,
                              const Nodes *rows)
{
    Target t = targetParse(a, g, expr, rows);
    Nodes nodes = {0};
    int node;

    if (!t.has_offset)
        return targetSymbol(a, &t);
    if (targetFromRows(&t) && t.offset <= 0)
        err_set(a->err, ERR_RELATIVE_OUT_OF_RANGE, "'%Ts' does not go up; an "
                "upgrade takes +N, or REV-N", expr);
    if (!ok(a))
        return nodes;
    node = targetFromRows(&t) ? targetUpgradeStart(a, &t) : targetSingle(a, &t);
    node = targetWalk(a, &t, node, END_REFUSE);
    if (node != TARGET_BASE)
        nodes_push(a, &nodes, node);
    else if (t.offset < 0)
        targetRefuseWalk(a, &t);
    return nodes;
}

/* Where "-N" starts: at the one row, or on a branch at its one applied tip. */
static int targetDowngradeStart(Arena *a, const Target *t)
{
    Nodes start = targetOnLine(a, t, t->rows);

    if (start.n == 0 && t->line) {
        start = target_current(a, t->g, t->rows);
        start = targetOnLine(a, t, &start);
    }
    if (start.n == 0)
        err_set(a->err, ERR_RELATIVE_OUT_OF_RANGE, "'%Ts' has nothing to "
                "count from: nothing is applied", t->text);
    targetRefuseSeveral(a, t, &start);
    return ok(a) ? start.v[0] : TARGET_BASE;
}

MIG_FUNC int target_downgrade(Arena *a, const Graph *g, Text expr,
                              const Nodes *rows, int *branch)
{
    Target t = targetParse(a, g, expr, rows);
    int node;

    *branch = t.branch;
    if (!t.has_offset)
        return targetSingle(a, &t);
    if (targetFromRows(&t) && t.offset >= 0)
        err_set(a->err, ERR_RELATIVE_OUT_OF_RANGE, "'%Ts' does not go down; a "
                "downgrade takes -N, or REV+N", expr);
    if (!ok(a))
        return TARGET_BASE;
    if (targetFromRows(&t)) {
        node = targetDowngradeStart(a, &t);
        if (*branch < 0)
            *branch = node;
    } else {
        node = targetSingle(a, &t);
    }
    return targetWalk(a, &t, node, END_REFUSE);
}

MIG_FUNC Nodes target_stamp(Arena *a, const Graph *g, Text expr,
                            const Nodes *rows, int *branch)
{
    Target t = targetParse(a, g, expr, rows);

    *branch = t.branch;
    targetRefuseOffset(a, &t);
    return targetSymbol(a, &t);
}

/*
** Ranges
*/

/* The lower side.  -N counts from the rows below ":current", else from the
** heads. */
static Nodes targetLower(Arena *a, const Target *t, const Target *upper)
{
    Nodes lower = {0}, start;
    int i, node;

    if (!ok(a) || t->text.n == 0)
        return lower;
    if (!t->has_offset)
        return targetSymbol(a, t);
    if (t->symbol.n == 0 && t->offset < 0) {
        start = targetHeads(a, t, 1);
        if (text_is(upper->symbol, "current"))
            start = targetOnLine(a, t, t->rows);
        for (i = 0; ok(a) && i < start.n; i++) {
            node = targetWalk(a, t, start.v[i], END_STOP);
            if (node != TARGET_BASE && nodes_find(&lower, node) < 0)
                nodes_push(a, &lower, node);
        }
        return lower;
    }
    if (t->symbol.n == 0)
        targetRefuseWalk(a, t);
    node = targetWalk(a, t, targetSingle(a, t), END_STOP);
    if (node != TARGET_BASE)
        nodes_push(a, &lower, node);
    return lower;
}

/* The upper side.  +N counts from the lower one. */
static Nodes targetUpper(Arena *a, const Target *t, const Nodes *lower)
{
    Nodes upper = {0};
    int node = TARGET_BASE;

    if (!ok(a))
        return upper;
    if (t->text.n == 0)
        return graph_heads(a, t->g, 1);
    if (!t->has_offset)
        return targetSymbol(a, t);
    if (t->symbol.n) {
        node = targetSingle(a, t);
    } else if (t->offset <= 0) {
        targetRefuseWalk(a, t);
    } else {
        targetRefuseSeveral(a, t, lower);
        if (lower->n)
            node = lower->v[0];
    }
    node = targetWalk(a, t, node, END_STOP);
    if (node != TARGET_BASE)
        nodes_push(a, &upper, node);
    return upper;
}

/* From lower up to upper, newest first. */
static Nodes targetBetween(Arena *a, const Graph *g, const Nodes *lower,
                           const Nodes *upper)
{
    unsigned char *below = graph_reach(a, g, upper, WAY_BELOW);
    unsigned char *above = graph_reach(a, g, lower, WAY_CHILDREN);
    Nodes order, between = {0};
    int i;

    for (i = 0; ok(a) && i < lower->n; i++)
        if (!below[lower->v[i]])
            err_set(a->err, ERR_NOT_REACHABLE, "%Ts is not below %s",
                    graph_id(g, lower->v[i]),
                    upper->n ? nodes_text(a, g, upper) : "base");
    if (!ok(a))
        return between;
    order = order_newest_first(a, g, below);
    for (i = 0; i < order.n; i++)
        if (lower->n == 0 || above[order.v[i]])
            nodes_push(a, &between, order.v[i]);
    return between;
}

MIG_FUNC Nodes target_range(Arena *a, const Graph *g, Text range,
                            const Nodes *rows)
{
    Text above = text_trim(range);
    int colon = text_find(above, ':');
    Text below = text_cut(&above, ':');
    Target lower, upper;
    Nodes from, to, none = {0};

    if (colon < 0 || text_find(above, ':') >= 0) {
        err_set(a->err, ERR_BAD_RANGE, "'%Ts' is not a range; write A:B, A: "
                "or :B", range);
        return none;
    }
    lower = targetParse(a, g, below, rows);
    upper = targetParse(a, g, above, rows);
    from = targetLower(a, &lower, &upper);
    to = targetUpper(a, &upper, &from);
    to = targetOnLine(a, &lower, &to);
    return ok(a) ? targetBetween(a, g, &from, &to) : none;
}
