/*
** The order of a listing.
*/
#ifndef MIG_ORDER_H
#define MIG_ORDER_H

#include "graph.h"

/* The marked nodes (every node, if marks is NULL), newest first: each before
** all that is below it, line by line as Alembic prints them.  If a marked node
** is below another, so must be all between them. */
MIG_FUNC Nodes order_newest_first(Arena *a, const Graph *g,
                                  const unsigned char *marks);

#endif
