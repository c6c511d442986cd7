/*
** How fast the graph is, and how much memory it takes.
**
** For each shape and size: the graph is built from what the files say, the targets
** that people type are resolved, and the plan from base to heads is made.  Times
** are the medians of several runs, in seconds of the processor.  Memory is the
** most that was held at once, what the files said included.  It fails if 100,000
** revisions take half a second or 200 MB.
**
**     graph           the table
**     graph SHAPE N   one line of it
*/
#include "../../ext/one.c"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RUNS = 5 };

/* ---- shapes: what revision i of them revises ---- */

static void benchLinear(Arena *a, GraphRevision *v, int i)
{
    if (i > 0)
        names_push(a, &v[i].down, v[i - 1].id);
}

/* Ten side by side on a merge of the ten before. */
static void benchWide(Arena *a, GraphRevision *v, int i)
{
    int merge = i - i % 11, k;

    if (i % 11)
        names_push(a, &v[i].down, v[merge].id);
    else
        for (k = i - 10; i && k < i; k++)
            names_push(a, &v[i].down, v[k].id);
}

/* Diamond upon diamond: two on one, and one on the two. */
static void benchLadder(Arena *a, GraphRevision *v, int i)
{
    if (i % 3) {
        names_push(a, &v[i].down, v[i - i % 3].id);
    } else if (i > 0) {
        names_push(a, &v[i].down, v[i - 1].id);
        names_push(a, &v[i].down, v[i - 2].id);
    }
}

static const struct Shape {
    const char *name;
    void (*revise)(Arena *a, GraphRevision *v, int i);
} shapes[] = {
    {"linear", benchLinear}, {"wide", benchWide}, {"ladder", benchLadder},
};

static GraphRevision *benchRevisions(Arena *a, const struct Shape *shape, int n)
{
    GraphRevision *v = ARENA_NEW(a, GraphRevision, n);
    int i;

    for (i = 0; v && i < n; i++) {
        /* ids in no order, as they are in life */
        v[i].id = text_of(text_format(a, "%08x%04x", (unsigned)i * 2654435761u,
                                      i & 0xffff));
        v[i].origin = text_of(text_format(a, "versions/%Ts.sql",
                                          v[i].id));
        shape->revise(a, v, i);
    }
    return v;
}

/* ---- one run ---- */

typedef struct Bench {
    double load, resolve, plan;     /* seconds of the processor */
    double memory;                  /* MB */
} Bench;

static double benchNow(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What a target means, or the refusal: both are an answer. */
static void benchResolve(Arena *a, const Graph *g, const char *target)
{
    Nodes none = {0};

    if (text_find(text_of(target), '+') > 0)
        target_upgrade(a, g, text_of(target), &none);
    else
        target_resolve(a, g, text_of(target), &none);
    if (a->err->code == ERR_MULTIPLE_HEADS || a->err->code == ERR_AMBIGUOUS_WALK)
        err_release(a->err);
}

static Bench benchRun(const struct Shape *shape, int n)
{
    Bench b = {0, 0, 0, 0};
    Err err = {0};
    Arena a;
    GraphRevision *v;
    Graph *g;
    Nodes none = {0};
    Goal goal;
    Plan plan = {NULL, 0, {NULL, 0, 0}};
    double t[4];

    sqlite3_memory_highwater(1);
    arena_init(&a, &err);
    v = benchRevisions(&a, shape, n);
    t[0] = benchNow();
    g = graph_build(&a, v, n);
    t[1] = benchNow();
    if (ok(&a)) {
        benchResolve(&a, g, "head");
        benchResolve(&a, g, "heads");
        benchResolve(&a, g, "-1");
        benchResolve(&a, g, text_format(&a, "%Ts+%d", v[0].id,
                                        n > 1000 ? 1000 : n - 1));
    }
    t[2] = benchNow();
    if (ok(&a)) {
        goal = goal_upgrade(&a, g, &none, text_of("heads"));
        plan = plan_build(&a, g, &none, &goal);
    }
    t[3] = benchNow();
    if (!ok(&a) || plan.n != n) {
        fprintf(stderr, "%s %d: %d steps; %s\n", shape->name, n, plan.n,
                err_message(&err));
        exit(1);
    }
    b.load = t[1] - t[0];
    b.resolve = t[2] - t[1];
    b.plan = t[3] - t[2];
    b.memory = (double)sqlite3_memory_highwater(0) / 1e6;
    arena_release(&a);
    return b;
}

/* ---- several runs ---- */

static int benchCompare(const void *x, const void *y)
{
    double d = *(const double *)x - *(const double *)y;
    return d < 0 ? -1 : d > 0;
}

static double benchMedian(const Bench *run, const double *first)
{
    size_t part = (size_t)((const char *)first - (const char *)run);
    double v[RUNS];
    int i;

    for (i = 0; i < RUNS; i++)
        v[i] = *(const double *)((const char *)(run + i) + part);
    qsort(v, RUNS, sizeof *v, benchCompare);
    return v[RUNS / 2];
}

/* Prints a line of the table; false if it is too slow or too large. */
static int benchLine(const struct Shape *shape, int n)
{
    Bench run[RUNS];
    double load, resolve, plan, all;
    int i;

    for (i = 0; i < RUNS; i++)
        run[i] = benchRun(shape, n);
    load = benchMedian(run, &run->load);
    resolve = benchMedian(run, &run->resolve);
    plan = benchMedian(run, &run->plan);
    all = load + resolve + plan;
    printf("%-8s %9d %9.4f %9.4f %9.4f %9.4f %8.1f\n", shape->name, n, load,
           resolve, plan, all, run->memory);
    return n != 100000 || (all < 0.5 && run->memory < 200);
}

int main(int argc, char **argv)
{
    static const int size[] = {1000, 3000, 10000, 30000, 100000};
    size_t i, j;
    int is_fine = 1;

    printf("shape    revisions      load   resolve      plan     all s       MB\n");
    for (i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        if (argc > 2 && strcmp(argv[1], shapes[i].name) == 0)
            return !benchLine(&shapes[i], atoi(argv[2]));
        for (j = 0; argc == 1 && j < sizeof size / sizeof *size; j++)
            is_fine &= benchLine(&shapes[i], size[j]);
    }
    return !is_fine;
}
