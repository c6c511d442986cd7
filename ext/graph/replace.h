/*
** Squashed revisions: one that stands for a line of others.
**
**      a1 --- a2 --- a3 --- a4       s replaces a1:a3, and is a base, as a1 is;
**      s = = = = = = '               a4 revises a3, or s: it is the same
**
** `Replaces` names the line's first and last revision, "a1:a3", or a list of its
** ids, oldest first, that begins and ends with them.  The squashed revision
** revises what the first one revises, and has to depend on whatever the line
** depends on.
**
** While the files of the line are there, the squashed revision has the place of
** the last one: its parent is the one before the last, its children are those
** of both, and both ids mean it.  A plan runs it instead of the line if it
** would run all of the line; where only a part is applied, or meant, the line's
** own files are run, its last one's for the squashed revision.  So it is, too,
** where something else hangs on the inside of the line and is part of the plan.
**
** A line may end in a squashed revision: then that one's own line is the end of
** this one, and it is run no more, being squashed itself.
**
** Once all files of the line are gone, the id of the last means the squashed
** revision: as a version row, as a target, in another's Revises.  An id inside
** the line means it in Revises and Depends-On only, for a database that is
** there cannot go on without the files.  A line that is there in part is an
** error.
*/
#ifndef MIG_REPLACE_H
#define MIG_REPLACE_H

#include "graph.h"

typedef struct Replace {
    int node;           /* the squashed revision */
    int first, end;     /* the line's first and last node; -1 for gone */
    Nodes line;         /* all of the line but its end, newest first; one that
                        ** is squashed itself stands there for its own line */
} Replace;

struct Replaces {
    Replace *v;
    int n;
    int *place;         /* by node: the node that has its place, often itself;
                        ** NULL if n is 0 */
    int *of;            /* by node: 1 + its index in v if squashed, or 0; 0
                        ** too for one that another took over */
    int *owner;         /* by node: the squashed one whose line it is on; -1 */
    Map gone;           /* ids of ends that are gone: what replaced them */
    Map inside;         /* the same for all known ids of lines that are gone */
};

/* Reads what v says of squashed revisions; ids are the nodes of v by id.
** Errors are bad-revision. */
MIG_FUNC void replace_read(Arena *a, Replaces *r, const GraphRevision *v, int n,
                           const Map *ids);

/* The ids that mean a node: its own, and that of the last revision that it
** replaces, and so on if that one is squashed, too.  A version row may have any
** of them. */
MIG_FUNC Names replace_ids(Arena *a, const Graph *g, int node);

/* A plan's nodes as the steps that they make. */
typedef struct ReplaceStep {
    int run;            /* the revision whose file is run */
    Nodes nodes;        /* the nodes that are done with it, in order */
} ReplaceStep;

/* The steps of order, which is a plan's, oldest first if up, else newest first.
** Returns how many; *steps lives in a. */
MIG_FUNC int replace_steps(Arena *a, const Graph *g, const Nodes *order, int up,
                           ReplaceStep **steps);

#endif
