/*
** What has another name.  See rename.h.
*/
#include "rename.h"

#include "../sql/normal.h"

/* Both names, in lower case and quoted: no two pairs are alike. */
static Text renameKey(Arena *a, Text table, Text column)
{
    if (column.n == 0)
        return normal_name(a, table);
    return text_of(text_format(a, "\"%Tw\".%Ts", normal_name(a, table),
                               normal_name(a, column)));
}

MIG_FUNC void rename_push(Arena *a, Renames *renames, Rename one)
{
    Text none = {NULL, 0};
    Text key = one.table.n ? renameKey(a, one.table, one.from)
                           : renameKey(a, one.from, none);

    if (!ARENA_PUSH(a, renames->v, renames->n, renames->cap))
        return;
    renames->v[renames->n] = one;
    map_add(a, &renames->key, key, renames->n++);
}

MIG_FUNC const Rename *rename_find(Arena *a, const Renames *renames, Text table,
                                   Text column)
{
    int i = renames->n ? map_find(&renames->key, renameKey(a, table, column)) : -1;

    return i < 0 ? NULL : &renames->v[i];
}

MIG_FUNC Text rename_table(Arena *a, const Renames *renames, Text table)
{
    Text none = {NULL, 0};
    const Rename *one = rename_find(a, renames, table, none);

    return one ? one->to : table;
}

MIG_FUNC Text rename_column(Arena *a, const Renames *renames, Text table, Text column)
{
    const Rename *one = rename_find(a, renames, table, column);

    return one ? one->to : column;
}

MIG_FUNC Renames rename_reverse(Arena *a, const Renames *renames)
{
    Renames back = {0};
    int i;

    for (i = 0; i < renames->n; i++) {
        const Rename *one = &renames->v[i];
        Rename other = {{NULL, 0}, one->to, one->from, 0};
        if (one->table.n)
            other.table = rename_table(a, renames, one->table);
        rename_push(a, &back, other);
    }
    return back;
}
