/*
** What a graph is made of: for graph.c, which answers, and build.c, which builds.
*/
#ifndef MIG_PARTS_H
#define MIG_PARTS_H

#include "replace.h"

/* The edges of one way: those of node i are to[start[i]] .. to[start[i+1]-1]. */
typedef struct GraphEdges {
    int *start;
    int *to;
} GraphEdges;

struct Graph {
    const GraphRevision *v;
    int n;
    Map ids;                /* the node that has an id */
    Map labels;             /* the node that carries a label */
    Replaces replaces;
    GraphEdges edges[4];    /* by GraphWay */
    const Names **shown;    /* by node: what graph_labels() answers */
};

#endif
