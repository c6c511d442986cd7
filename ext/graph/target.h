/*
** What a user types to name revisions.
**
**      target  = [branch "@"] symbol [offset] | [branch "@"] offset
**      branch  = a branch label or an id, or the beginning of one
**      symbol  = "head" | "heads" | "base" | "current" | a label or an id, or
**                the beginning of one
**      offset  = ("+" | "-") digits
**      range   = [target] ":" [target]
**
** A beginning must fit one id or label of four characters or more.  With a
** branch only what is on its line by down is meant.  "head" must be one
** revision and counts children by down; "heads" may be several and, without a
** branch, counts them by all.  "current" is what the version rows name.  An
** offset walks by down and must have one way to go at each step; a branch
** decides where it can.
**
** rows are the version rows as nodes (target_rows).  Whatever the text, the
** answer is what it means or one of the errors of the graph's contract; an
** error returns no nodes.
*/
#ifndef MIG_TARGET_H
#define MIG_TARGET_H

#include "graph.h"

/* The version rows as nodes, sorted by id, each once.  Rows that no revision
** has are unknown-current, all named in one message; a caller who knows how to
** mend that may append to it. */
MIG_FUNC Nodes target_rows(Arena *a, const Graph *g, const Names *version_rows);

/* For `show` and the like: the revisions that expr means, sorted by id; none
** for base.  Of the relative forms only -N is meant here, and counts from the
** heads. */
MIG_FUNC Nodes target_resolve(Arena *a, const Graph *g, Text expr,
                              const Nodes *rows);

/* As target_resolve(), for those who need one revision: several are
** multiple-heads; -1 is base, or failure. */
MIG_FUNC int target_one(Arena *a, const Graph *g, Text expr, const Nodes *rows);

/* For `history -r`: the revisions from A up to B, both included, newest first.
** An open side is base or heads.  A is below B by down, or not-reachable; an
** offset that goes too far stops at the end.  A text without ":" is
** bad-range. */
MIG_FUNC Nodes target_range(Arena *a, const Graph *g, Text range,
                            const Nodes *rows);

/* For `current`: the applied revisions without an applied child by down, sorted
** by id.  So a revision that a dependency keeps out of the rows is there,
** too. */
MIG_FUNC Nodes target_current(Arena *a, const Graph *g, const Nodes *rows);

/*
** A target as plans see it.
*/

/* The revisions that an upgrade to expr means; none for base. */
MIG_FUNC Nodes target_upgrade(Arena *a, const Graph *g, Text expr,
                              const Nodes *rows);

/* Where a downgrade to expr ends: a node, or -1 for base.  *branch is the node
** whose line alone is meant, or -1. */
MIG_FUNC int target_downgrade(Arena *a, const Graph *g, Text expr,
                              const Nodes *rows, int *branch);

/* For `stamp`: the revisions that expr means; none for base, and then *branch
** is the node whose line alone is meant, or -1.  No relative form is meant
** here. */
MIG_FUNC Nodes target_stamp(Arena *a, const Graph *g, Text expr,
                            const Nodes *rows, int *branch);

/* One byte for each node: 1 for those at, below or above node by down.  NULL if
** memory ran out. */
MIG_FUNC unsigned char *target_line(Arena *a, const Graph *g, int node);

#endif
