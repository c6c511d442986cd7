/*
** Which files the applied revisions were applied with, as the log has it.
**
** Without squashed revisions a file and its revision are one.  A squashed one, or
** the files of the line that it replaces, may have been run: what the log has of
** the others is from before, and says nothing about the database of today.
*/
#ifndef MIG_APPLIED_H
#define MIG_APPLIED_H

#include "../graph/graph.h"
#include "history.h"

typedef struct Applied {
    HistoryMarks marks;             /* all that the log has */
    Map by_id;                      /* from ids to marks */
    const HistoryMark **mark;       /* by file: NULL if it was not applied, or if
                                    ** the log does not know */
    int *file;                      /* by node: the file that was run for it; -1 */
} Applied;

/* What the log has; of no file yet. */
MIG_FUNC Applied applied_read(Arena *a, sqlite3 *db);

/* Of the files that are the graph's nodes; is_applied tells of each whether it is. */
MIG_FUNC void applied_match(Arena *a, Applied *applied, const Graph *g,
                            const unsigned char *is_applied);

/* What the log has of an id that is applied; or NULL. */
MIG_FUNC const HistoryMark *applied_find(const Applied *applied, Text id);

/* The mark of a node, whichever of its files was run, be it gone by now; or
** NULL. */
MIG_FUNC const HistoryMark *applied_node(Arena *a, const Applied *applied,
                                         const Graph *g, int node);

#endif
