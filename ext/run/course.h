/*
** From where a database is to a target: upgrade, downgrade, sync.
**
** For each transaction: lock, read the version rows, make the plan for what is
** left, run as many steps as belong in one transaction (all of them, or one),
** write their version and log rows, commit.  Until the plan is empty.  So any
** number of processes may run it at once: each finds what the others left.
*/
#ifndef MIG_COURSE_H
#define MIG_COURSE_H

#include "runner.h"

typedef enum CourseKind {
    COURSE_UP, COURSE_DOWN,
    COURSE_SYNC             /* down from what the source does not have, then up to its
                            ** heads; it has no target */
} CourseKind;

/* What is to be done from where the rows are, as far as it can be known. */
typedef struct Course {
    CourseKind kind;
    Text target;
    Nodes rows;             /* the version rows that it was made for */
    Goal goal[GOAL_MAX];    /* one after another */
    int ngoal;
    Plan plan;
} Course;

/* Works out goals and plan for course->rows.  Errors: those of the target; for a
** sync, irreversible and unknown-current. */
MIG_FUNC void course_plot(Arena *a, const Project *project, Course *course);

/* Takes the database to what target means for kind.  Everything that can be
** refused is refused before anything runs.  The number of steps run. */
MIG_FUNC i64 course_run(Runner *r, CourseKind kind, Text target);

#endif
