/*
** Building a graph from what revision files say.
*/
#ifndef MIG_BUILD_H
#define MIG_BUILD_H

#include "graph.h"

/* The graph of n revisions.  Node i is v[i], and their order is the order in
** which listings begin with the heads.  All that is wrong is reported together:
** duplicate-revision, duplicate-label, illegal-id, missing-parent, every cycle,
** bad-revision for a bad `replaces`.  After a failure the graph is empty.
** Labels may have what ids may have, and '-'.  A revision that is missing may have
** any id but that of another; a label of it that is taken is not its own. */
MIG_FUNC Graph *graph_build(Arena *a, const GraphRevision *v, int n);

#endif
