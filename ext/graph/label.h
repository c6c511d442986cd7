/*
** How branch labels spread over the graph.
*/
#ifndef MIG_LABEL_H
#define MIG_LABEL_H

#include "graph.h"

/* By node: the labels that graph_labels() promises, sorted; NULL for none.  g
** has its edges and no cycle; v is what it is built from. */
MIG_FUNC const Names **label_spread(Arena *a, const Graph *g,
                                    const GraphRevision *v);

#endif
