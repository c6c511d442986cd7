/*
** What has to be run to reach a target, and what becomes of the version rows.
**
** Applied is what is at or below the version rows by all.  After each step the
** version rows are exactly the applied revisions that no other applied one has
** below it: so a dependency swallows the row of what it depends on, and gives
** it back when it is undone.
**
** A goal is a target's meaning, settled once against the version rows: "+2"
** said at b1 means d1, however far others have come by the time the lock is
** ours.  A plan is made from a goal and the rows of the moment, and may be made
** again from the rows of a later one; once the goal is reached it has no steps.
**
**      Goal goal = goal_upgrade(a, g, &rows, target);
**      for (;;) {
**          ... lock, read rows ...
**          plan = plan_build(a, g, &rows, &goal);
**          if (plan.n == 0)
**              break;
**          ... run plan.v[0], write its rows, commit ...
**      }
*/
#ifndef MIG_PLAN_H
#define MIG_PLAN_H

#include "target.h"

typedef enum StepKind {
    STEP_UP,            /* run an upgrade */
    STEP_DOWN           /* run a downgrade */
} StepKind;

typedef struct Step {
    StepKind kind;
    int node;           /* the revision whose file is run */
    Nodes remove;       /* version rows to delete with this step; a row has one
                        ** of the replace_ids() of its node */
    Nodes add;          /* version rows to insert with it */
} Step;

typedef struct Goal {
    StepKind kind;
    Nodes nodes;        /* up: be at or above all of these;
                        ** down: have none of these, nor what is above them */
} Goal;

#define GOAL_MAX 2      /* of one command: down, and up again */

typedef struct Plan {
    Step *v;
    int n;
    Nodes after;        /* the version rows at the end, sorted by id */
} Plan;

/* The goal of an upgrade.  Errors are those of the target. */
MIG_FUNC Goal goal_upgrade(Arena *a, const Graph *g, const Nodes *rows,
                           Text target);

/* The goal of a downgrade.  A target that is not applied is not-reachable;
** otherwise errors are those of the target. */
MIG_FUNC Goal goal_downgrade(Arena *a, const Graph *g, const Nodes *rows,
                             Text target);

/* The goal of being rid of every missing revision. */
MIG_FUNC Goal goal_missing(Arena *a, const Graph *g);

/* The steps from rows to goal, in the order in which they run.  Without a step
** after is rows.  An upgrade from rows of which one is below another is
** overlap.  After a failure the plan has no steps. */
MIG_FUNC Plan plan_build(Arena *a, const Graph *g, const Nodes *rows,
                         const Goal *goal);

/* The same for ngoal goals, one after another. */
MIG_FUNC Plan plan_build_all(Arena *a, const Graph *g, const Nodes *rows,
                             const Goal *goals, int ngoal);

/* What a stamp does to the version rows. */
typedef struct StampPlan {
    Nodes remove, add;
    Nodes after;        /* sorted by id */
} StampPlan;

/* Each target against the rows as they were: it replaces the rows above and below
** it by all, or is added if there are none; "base" removes all rows, "BRANCH@base"
** those on the branch's line.  A target named twice counts once.  Two of which one
** is below the other both become rows, as in Alembic: an upgrade will refuse them.
** After a failure nothing is to be done. */
MIG_FUNC StampPlan plan_stamp(Arena *a, const Graph *g, const Nodes *rows,
                              const Names *targets);

#endif
