/*
** The revisions of a source as a graph.
**
** A node is a number: its place in the array that the graph was built from.  It
** has two kinds of edges.  `down` leads to the revisions that it revises; `all`
** adds those that it depends on.  Whether something is applied is a question
** for `all`; what is one line of history is a question for `down`:
**
**         a1 --- a2 --- a3          a3 and b2 are heads (by down);
**                  \                b2 depends on a2, so b2 is above a2 by
**         b1 --- b2 .               all, but no child of it
**
** Edges lie in one array for each way to go, so a walk is a loop over numbers,
** and no walk recurses or leaves marks in the graph: marks belong to who walks.
** A graph does not change once it is built.  It lives in its arena; the texts
** that it was given must live as long.
*/
#ifndef MIG_GRAPH_H
#define MIG_GRAPH_H

#include "../base/map.h"

/* What a revision file says about its place. */
typedef struct GraphRevision {
    Text id;
    Names down;         /* what it revises; none for a base */
    Names depends;      /* ids, or labels of the revisions that carry them */
    Names labels;       /* its own branch labels */
    Names replaces;     /* what it stands for, see replace.h */
    Text origin;        /* its file, for messages: "versions/a1_users.sql" */
    int is_missing;     /* it has no file any more: no head, and heads are without
                        ** regard to it; what has a file is never above it */
} GraphRevision;

typedef struct Graph Graph;
typedef struct Replaces Replaces;   /* replace.h */

/* A list of nodes.  One that a graph hands out is to be read only. */
typedef struct Nodes {
    int *v;
    int n, cap;
} Nodes;

/* The ways to leave a node. */
typedef enum GraphWay {
    WAY_PARENTS,        /* down */
    WAY_CHILDREN,       /* down, backwards */
    WAY_BELOW,          /* all: the parents first, then dependencies */
    WAY_ABOVE           /* all, backwards */
} GraphWay;

MIG_FUNC int graph_count(const Graph *g);
MIG_FUNC Text graph_id(const Graph *g, int node);
MIG_FUNC Text graph_origin(const Graph *g, int node);   /* its file */
MIG_FUNC Nodes graph_edges(const Graph *g, int node, GraphWay way);

/* The node with exactly this id, or -1.  The id of a revision that another has
** replaced may mean that one: see replace.h. */
MIG_FUNC int graph_find(const Graph *g, Text id);

/* The node that has the place of this one.  It is another only for the last of
** those that a squashed revision replaces, while its file is there: such a node
** is in no listing, and all questions about it are answered for the other. */
MIG_FUNC int graph_place(const Graph *g, int node);

/* The node whose file says what this one revises: the last of those that it
** replaces, if it is there, else itself. */
MIG_FUNC int graph_end(const Graph *g, int node);

/* What the source says of squashed revisions. */
MIG_FUNC const Replaces *graph_replaces(const Graph *g);

/* The node that carries exactly this branch label as its own, or -1. */
MIG_FUNC int graph_find_label(const Graph *g, Text label);

/* The ids and labels, of four bytes or more, that start with prefix: pushes
** each and its node. */
MIG_FUNC void graph_find_prefix(Arena *a, const Graph *g, Text prefix,
                                Names *names, Nodes *nodes);

/* What listings say of a revision.  All but the third look at down only. */
MIG_FUNC int graph_is_base(const Graph *g, int node);
MIG_FUNC int graph_is_head(const Graph *g, int node);
MIG_FUNC int graph_is_effective_head(const Graph *g, int node);
MIG_FUNC int graph_is_branch_point(const Graph *g, int node);
MIG_FUNC int graph_is_merge_point(const Graph *g, int node);

/* The branch labels of a revision, in order: its own, those of the revisions
** below it by down, and those of the revisions above it on the same line, as
** far as the line has neither branch nor merge. */
MIG_FUNC Names graph_labels(Arena *a, const Graph *g, int node);

/* Heads and bases, in the order of the nodes; effective ones are those by all. */
MIG_FUNC Nodes graph_heads(Arena *a, const Graph *g, int effective);
MIG_FUNC Nodes graph_bases(Arena *a, const Graph *g, int effective);

/* The nodes that have no file any more. */
MIG_FUNC Nodes graph_missing(Arena *a, const Graph *g);

/* One byte for each node: 1 for those in from and all that can be reached from
** them, going one way.  NULL if memory ran out. */
MIG_FUNC unsigned char *graph_reach(Arena *a, const Graph *g, const Nodes *from,
                                    GraphWay way);

/* The same, from one node. */
MIG_FUNC unsigned char *graph_reach_one(Arena *a, const Graph *g, int node,
                                        GraphWay way);

/* Lists of nodes. */
MIG_FUNC Nodes nodes_marked(Arena *a, const Graph *g,
                            const unsigned char *marks);
MIG_FUNC void nodes_push(Arena *a, Nodes *nodes, int node);
MIG_FUNC int nodes_find(const Nodes *nodes, int node);  /* its index, or -1 */
MIG_FUNC void nodes_sort(Arena *a, const Graph *g, Nodes *nodes);   /* by id */
MIG_FUNC Names nodes_ids(Arena *a, const Graph *g, const Nodes *nodes);

/* "a1 (versions/a1.sql), b1 (versions/b1.sql)", for a message: the first few, if
** they are many. */
MIG_FUNC const char *nodes_text(Arena *a, const Graph *g, const Nodes *nodes);

#endif
