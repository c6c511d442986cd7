/*
** Which files were applied.  See applied.h.
*/
#include "applied.h"

#include "../graph/replace.h"

MIG_FUNC const HistoryMark *applied_find(const Applied *applied, Text id)
{
    int i = map_find(&applied->by_id, id);
    return i < 0 || !applied->marks.v[i].applied_at.z ? NULL
                                                      : &applied->marks.v[i];
}

/* Of the files that have one place the one that was run last counts. */
static void appliedChoose(Applied *applied, const Graph *g)
{
    int i;

    for (i = 0; i < graph_count(g); i++)
        applied->file[i] = -1;
    for (i = 0; i < graph_count(g); i++) {
        int *file = &applied->file[graph_place(g, i)];
        if (!applied->mark[i])
            continue;
        if (*file >= 0 && applied->mark[*file]->log_id > applied->mark[i]->log_id) {
            applied->mark[i] = NULL;
            continue;
        }
        if (*file >= 0)
            applied->mark[*file] = NULL;
        *file = i;
    }
}

/* A file of a line does not count if the squashed revision was run after it, or if
** nothing is known of it. */
static void appliedYield(Applied *applied, const Graph *g, int i)
{
    const int *owner = graph_replaces(g)->owner;
    int node;

    for (node = owner[i]; node >= 0; node = owner[node]) {
        const HistoryMark *mark = applied->mark[node];
        if (!mark || (applied->mark[i] && applied->mark[i]->log_id > mark->log_id))
            continue;
        applied->mark[i] = NULL;
        applied->file[graph_place(g, i)] = applied->file[node];
    }
}

MIG_FUNC Applied applied_read(Arena *a, sqlite3 *db)
{
    Applied applied = {{NULL, 0, 0}, {NULL, 0, 0}, NULL, NULL};
    int i;

    applied.marks = history_marks(a, db);
    map_init(a, &applied.by_id, applied.marks.n);
    for (i = 0; i < applied.marks.n; i++)
        map_add(a, &applied.by_id, applied.marks.v[i].revision, i);
    return applied;
}

MIG_FUNC void applied_match(Arena *a, Applied *applied, const Graph *g,
                            const unsigned char *is_applied)
{
    int i;

    applied->mark = ARENA_NEW(a, const HistoryMark *, graph_count(g));
    applied->file = ARENA_NEW(a, int, graph_count(g));
    if (!ok(a))
        return;
    for (i = 0; i < graph_count(g); i++)
        if (is_applied[graph_place(g, i)])
            applied->mark[i] = applied_find(applied, graph_id(g, i));
    appliedChoose(applied, g);
    for (i = 0; graph_replaces(g)->n && i < graph_count(g); i++)
        appliedYield(applied, g, i);
}

MIG_FUNC const HistoryMark *applied_node(Arena *a, const Applied *applied,
                                         const Graph *g, int node)
{
    const HistoryMark *mark = NULL;
    Names ids;
    int i;

    if (applied->file[node] >= 0)
        return applied->mark[applied->file[node]];
    ids = replace_ids(a, g, node);
    for (i = 0; i < ids.n && !mark; i++)
        mark = applied_find(applied, ids.v[i]);
    return mark;
}
