/*
** What must hold for every plan, whatever the graph and the version rows.
*/

/* Every node that is at or below rows, as one byte each. */
static unsigned char *plansApplied(Arena *a, const Graph *g, const Nodes *rows)
{
    return graph_reach(a, g, rows, WAY_BELOW);
}

/* rows are the applied nodes that no other one has below it. */
static void plansCheckRows(const Graph *g, const unsigned char *applied,
                           const Nodes *rows)
{
    int i, j;

    for (i = 0; i < graph_count(g); i++) {
        Nodes above = graph_edges(g, i, WAY_ABOVE);
        int is_row = applied[i] && graph_place(g, i) == i;
        for (j = 0; j < above.n; j++)
            is_row = is_row && !applied[above.v[j]];
        MUST(is_row == (nodes_find(rows, i) >= 0));
    }
}

/* Takes the steps on paper: each row that is removed is there, each that is added
** is not, and after each step the rows are right. */
static void plansWalk(Arena *a, const Graph *g, const Nodes *from,
                      const Plan *plan, const Goal *goal)
{
    Nodes rows = {0};
    unsigned char *applied, *done = ARENA_NEW(a, unsigned char, graph_count(g) + 1);
    int i, j, at;

    for (i = 0; i < from->n; i++)
        nodes_push(a, &rows, from->v[i]);
    for (i = 0; i < plan->n; i++) {
        const Step *step = &plan->v[i];

        MUST(step->kind == goal->kind && !done[step->node]);
        done[step->node] = 1;
        for (j = 0; j < step->remove.n; j++) {
            MUST((at = nodes_find(&rows, step->remove.v[j])) >= 0);
            rows.v[at] = rows.v[--rows.n];
        }
        for (j = 0; j < step->add.n; j++) {
            MUST(nodes_find(&rows, step->add.v[j]) < 0);
            nodes_push(a, &rows, step->add.v[j]);
        }
        applied = plansApplied(a, g, &rows);
        plansCheckRows(g, applied, &rows);
        if (graph_place(g, step->node) == step->node)
            MUST(applied[step->node] == (goal->kind == STEP_UP));
    }
    MUST(rows.n == plan->after.n);
    for (i = 0; i < rows.n; i++)
        MUST(nodes_find(&plan->after, rows.v[i]) >= 0);
    applied = plansApplied(a, g, &rows);
    for (i = 0; i < goal->nodes.n; i++)
        MUST(applied[goal->nodes.v[i]] == (goal->kind == STEP_UP));
}

/* Makes the plan and walks it; once there, nothing is left to do. */
static void plansCheck(Arena *a, const Graph *g, const Nodes *rows,
                       const Goal *goal)
{
    Plan plan, none;

    if (!ok(a))
        return;
    plan = plan_build(a, g, rows, goal);
    MUST(ok(a) || plan.n == 0);
    if (!ok(a))
        return;
    plansWalk(a, g, rows, &plan, goal);
    none = plan_build(a, g, &plan.after, goal);
    MUST(ok(a) && none.n == 0);
}
