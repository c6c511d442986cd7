/*
** What has to be run to reach a target.  See plan.h.
*/
#include "plan.h"
#include "order.h"
#include "replace.h"

/* Reports if one of the version rows is below another by all. */
static void planCheckOverlap(Arena *a, const Graph *g, const Nodes *nodes)
{
    Nodes below = {0};
    unsigned char *marks;
    int i, j;

    if (nodes->n <= 1)
        return;
    for (i = 0; i < nodes->n; i++) {
        Nodes next = graph_edges(g, nodes->v[i], WAY_BELOW);
        for (j = 0; j < next.n; j++)
            nodes_push(a, &below, next.v[j]);
    }
    marks = graph_reach(a, g, &below, WAY_BELOW);
    for (i = 0; ok(a) && i < nodes->n; i++) {
        if (marks[nodes->v[i]]) {
            unsigned char *up = graph_reach_one(a, g, nodes->v[i], WAY_ABOVE);
            for (j = 0; up && (j == i || !up[nodes->v[j]]); j++)
                ;
            if (up)
                err_set(a->err, ERR_OVERLAP, "version row %Ts is below version "
                        "row %Ts; stamp the one that is meant",
                        graph_id(g, nodes->v[i]), graph_id(g, nodes->v[j]));
        }
    }
}

/*
** Goals
*/

MIG_FUNC Goal goal_upgrade(Arena *a, const Graph *g, const Nodes *rows,
                           Text target)
{
    Goal goal = {STEP_UP, {0}};

    goal.nodes = target_upgrade(a, g, target, rows);
    return goal;
}

/* What goes first when all above node is undone: its children, or the bases;
** only those at or below branch, if it is a node and there is a choice. */
static Nodes goalStarts(Arena *a, const Graph *g, int node, int branch)
{
    Nodes all = node < 0 ? graph_bases(a, g, 0)
                         : graph_edges(g, node, WAY_CHILDREN);
    Nodes starts = {0};
    unsigned char *line;
    int i;

    if (branch < 0 || all.n <= 1)
        return all;
    line = graph_reach_one(a, g, branch, WAY_PARENTS);
    for (i = 0; line && i < all.n; i++)
        if (line[all.v[i]])
            nodes_push(a, &starts, all.v[i]);
    if (starts.n == 0)
        err_set(a->err, ERR_NOT_REACHABLE, "%Ts is not on a line down to the "
                "target", graph_id(g, branch));
    return starts;
}

MIG_FUNC Goal goal_downgrade(Arena *a, const Graph *g, const Nodes *rows,
                             Text target)
{
    Goal goal = {STEP_DOWN, {0}};
    int branch, node = target_downgrade(a, g, target, rows, &branch);

    if (!ok(a))
        return goal;
    goal.nodes = goalStarts(a, g, node, branch);
    if (node >= 0 && nodes_find(rows, node) < 0) {
        unsigned char *applied = graph_reach(a, g, rows, WAY_BELOW);
        int i;
        for (i = 0; applied && i < goal.nodes.n; i++)
            if (applied[goal.nodes.v[i]])
                return goal;
        err_set(a->err, ERR_NOT_REACHABLE, "'%Ts' is %Ts, and nothing above "
                "it is applied", target, graph_id(g, node));
    }
    return goal;
}

MIG_FUNC Goal goal_missing(Arena *a, const Graph *g)
{
    Goal goal = {STEP_DOWN, {0}};

    goal.nodes = graph_missing(a, g);
    return goal;
}

/*
** Steps
*/

/* The version rows while steps are made. */
typedef struct PlanRows {
    Arena *a;
    const Graph *g;
    unsigned char *is_row;  /* by node */
    int *held;              /* by node: how many applied nodes are just above */
    Nodes redundant;        /* rows that are held; the first step takes them */
} PlanRows;

static void planRowsInit(PlanRows *r, Arena *a, const Graph *g,
                         const Nodes *rows, const unsigned char *applied)
{
    int i, j, n = graph_count(g);

    memset(r, 0, sizeof *r);
    r->a = a;
    r->g = g;
    r->is_row = ARENA_NEW(a, unsigned char, n + 1);
    r->held = ARENA_NEW(a, int, n + 1);
    for (i = 0; ok(a) && i < n; i++) {
        Nodes below = graph_edges(g, i, WAY_BELOW);
        for (j = 0; applied[i] && j < below.n; j++)
            r->held[below.v[j]]++;
    }
    for (i = 0; ok(a) && i < rows->n; i++) {
        r->is_row[rows->v[i]] = 1;
        if (r->held[rows->v[i]])
            nodes_push(a, &r->redundant, rows->v[i]);
    }
}

/* Takes node out of list, if it is there. */
static int planRowsTake(Nodes *list, int node)
{
    int i = nodes_find(list, node);

    if (i < 0)
        return 0;
    for (list->n--; i < list->n; i++)
        list->v[i] = list->v[i + 1];
    return 1;
}

static void planRowsRemove(PlanRows *r, Step *step, int node)
{
    if (r->is_row[node] && !planRowsTake(&step->add, node))
        nodes_push(r->a, &step->remove, node);
    r->is_row[node] = 0;
}

static void planRowsAdd(PlanRows *r, Step *step, int node)
{
    if (!r->is_row[node] && !planRowsTake(&step->remove, node))
        nodes_push(r->a, &step->add, node);
    r->is_row[node] = 1;
}

/* What becomes of the rows when node is done with this step. */
static void planRowsNode(PlanRows *r, Step *step, int node)
{
    Nodes below = graph_edges(r->g, node, WAY_BELOW);
    int i;

    if (step->kind == STEP_DOWN)
        planRowsRemove(r, step, node);
    for (i = 0; i < below.n; i++) {
        if (step->kind == STEP_UP) {
            r->held[below.v[i]]++;
            planRowsRemove(r, step, below.v[i]);
        } else if (--r->held[below.v[i]] == 0) {
            planRowsAdd(r, step, below.v[i]);
        }
    }
    if (step->kind == STEP_UP)
        planRowsAdd(r, step, node);
}

/* What becomes of the rows with this step, which does nodes. */
static void planRowsStep(PlanRows *r, Step *step, const Nodes *nodes)
{
    int i;

    for (i = 0; i < nodes->n; i++)
        planRowsNode(r, step, nodes->v[i]);
    for (i = 0; i < r->redundant.n; i++)
        if (r->held[r->redundant.v[i]])
            planRowsRemove(r, step, r->redundant.v[i]);
    r->redundant.n = 0;
}

/* The nodes that are to be run, in the order in which they are. */
static Nodes planOrder(Arena *a, const Graph *g, const Goal *goal,
                       const unsigned char *applied)
{
    int up = goal->kind == STEP_UP;
    unsigned char *marks = graph_reach(a, g, &goal->nodes,
                                       up ? WAY_BELOW : WAY_ABOVE);
    Nodes order = {0};
    int i;

    for (i = 0; ok(a) && i < graph_count(g); i++)
        marks[i] &= up ? !applied[i] : applied[i];
    if (ok(a))
        order = order_newest_first(a, g, marks);
    for (i = 0; up && i < order.n / 2; i++) {
        int node = order.v[i];
        order.v[i] = order.v[order.n - 1 - i];
        order.v[order.n - 1 - i] = node;
    }
    return order;
}

MIG_FUNC Plan plan_build(Arena *a, const Graph *g, const Nodes *rows,
                         const Goal *goal)
{
    Plan plan = {0};
    unsigned char *applied;
    PlanRows now;
    Nodes order;
    ReplaceStep *steps;
    int i, nstep;

    if (ok(a) && goal->kind == STEP_UP)
        planCheckOverlap(a, g, rows);
    applied = ok(a) ? graph_reach(a, g, rows, WAY_BELOW) : NULL;
    if (!applied)
        return plan;
    order = planOrder(a, g, goal, applied);
    nstep = replace_steps(a, g, &order, goal->kind == STEP_UP, &steps);
    planRowsInit(&now, a, g, rows, applied);
    plan.v = ARENA_NEW(a, Step, nstep + 1);
    for (i = 0; ok(a) && i < nstep; i++) {
        Step *step = &plan.v[plan.n++];
        step->kind = goal->kind;
        step->node = steps[i].run;
        planRowsStep(&now, step, &steps[i].nodes);
    }
    if (ok(a))
        plan.after = nodes_marked(a, g, now.is_row);
    nodes_sort(a, g, &plan.after);
    if (!ok(a))
        memset(&plan, 0, sizeof plan);
    return plan;
}

MIG_FUNC Plan plan_build_all(Arena *a, const Graph *g, const Nodes *rows,
                             const Goal *goals, int ngoal)
{
    Plan all = {0}, one[GOAL_MAX];
    int i, j, n = 0;

    for (i = 0; i < ngoal && ok(a); i++) {
        one[i] = plan_build(a, g, i ? &one[i - 1].after : rows, &goals[i]);
        n += one[i].n;
    }
    if (ngoal == 1 || !ok(a))
        return ok(a) ? one[0] : all;
    all.v = ARENA_NEW(a, Step, n + 1);
    for (i = 0; i < ngoal && ok(a); i++) {
        for (j = 0; j < one[i].n; j++)
            all.v[all.n++] = one[i].v[j];
        all.after = one[i].after;
    }
    return all;
}

/*
** Stamps
*/

/* A stamp while its targets are read. */
typedef struct PlanStamp {
    Nodes to;               /* the revisions that were named, each once */
    Nodes moved;            /* those of them that are no rows yet */
    unsigned char *named;   /* by node: it is in to */
    unsigned char *is_row;  /* by node */
    unsigned char *gone;    /* by node: such a row is to be removed */
} PlanStamp;

/* Marks the nodes in set, if it could be made. */
static void planMark(const Graph *g, unsigned char *marks,
                     const unsigned char *set)
{
    int i;

    for (i = 0; set && i < graph_count(g); i++)
        marks[i] |= set[i];
}

/* Takes up one target. */
static void planStampTarget(Arena *a, const Graph *g, PlanStamp *s,
                            const Nodes *rows, Text target)
{
    int i, branch;
    Nodes to = target_stamp(a, g, target, rows, &branch);

    if (!ok(a))
        return;
    if (to.n == 0 && branch >= 0) {         /* BRANCH@base? */
        planMark(g, s->gone, graph_reach_one(a, g, branch, WAY_BELOW));
        planMark(g, s->gone, graph_reach_one(a, g, branch, WAY_ABOVE));
    } else if (to.n == 0) {
        planMark(g, s->gone, s->is_row);
    }
    for (i = 0; ok(a) && i < to.n; i++) {
        if (s->named[to.v[i]])
            continue;
        s->named[to.v[i]] = 1;
        nodes_push(a, &s->to, to.v[i]);
        if (!s->is_row[to.v[i]])
            nodes_push(a, &s->moved, to.v[i]);
    }
}

MIG_FUNC StampPlan plan_stamp(Arena *a, const Graph *g, const Nodes *rows,
                              const Names *targets)
{
    StampPlan plan = {0}, none = {0};
    PlanStamp s = {0};
    int i, n = graph_count(g);

    s.named = ARENA_NEW(a, unsigned char, n + 1);
    s.is_row = ARENA_NEW(a, unsigned char, n + 1);
    s.gone = ARENA_NEW(a, unsigned char, n + 1);
    for (i = 0; ok(a) && i < rows->n; i++)
        s.is_row[rows->v[i]] = 1;
    for (i = 0; ok(a) && i < targets->n; i++)
        planStampTarget(a, g, &s, rows, targets->v[i]);
    if (!ok(a))
        return none;
    planMark(g, s.gone, graph_reach(a, g, &s.moved, WAY_BELOW));
    planMark(g, s.gone, graph_reach(a, g, &s.moved, WAY_ABOVE));
    for (i = 0; ok(a) && i < n; i++) {
        if (s.is_row[i] && s.gone[i] && !s.named[i])
            nodes_push(a, &plan.remove, i);
        else if (s.named[i] && !s.is_row[i])
            nodes_push(a, &plan.add, i);
        if (s.named[i] || (s.is_row[i] && !s.gone[i]))
            nodes_push(a, &plan.after, i);
    }
    nodes_sort(a, g, &plan.after);
    return ok(a) ? plan : none;
}
