/*
** Revisions that wait for each other.
*/
#ifndef MIG_CYCLE_H
#define MIG_CYCLE_H

#include "graph.h"

/* Reports every cycle of the edges `all`, self-loops too, with the ids and
** files on it.  What else is wrong with g may be reported already. */
MIG_FUNC void cycle_check(Arena *a, const Graph *g);

#endif
