/*
** Which is which.  See match.h.
*/
#include "match.h"

#include "hint.h"

/* One side of a set of names that may have changed: wants[j] is the old place that
** new place j is said to have been, or -1. */
typedef struct Match {
    int nfrom, nto;
    int *wants;
    unsigned char *is_firm; /* somebody asked for it, it is no mere hint */
    int *same_from;         /* for each new place the old one of the same name, */
    int *same_to;           /* and the other way round; -1: none */
} Match;

static void matchInit(Arena *a, Match *m, int nfrom, int nto)
{
    int i;

    m->nfrom = nfrom;
    m->nto = nto;
    m->wants = ARENA_NEW(a, int, nto + 1);
    m->is_firm = ARENA_NEW(a, unsigned char, nto + 1);
    m->same_from = ARENA_NEW(a, int, nto + 1);
    m->same_to = ARENA_NEW(a, int, nfrom + 1);
    for (i = 0; i < nto && ok(a); i++)
        m->wants[i] = m->same_from[i] = -1;
    for (i = 0; i < nfrom && ok(a); i++)
        m->same_to[i] = -1;
}

/* Drops what is said of names that stay: a hint that is done, or out of date. */
static void matchSettle(Match *m)
{
    int j, changed = 1;

    while (changed) {
        changed = 0;
        for (j = 0; j < m->nto; j++) {
            int stays = m->wants[j] < 0 || m->is_firm[j] ? -1
                      : m->same_to[m->wants[j]];
            if (stays >= 0 && stays != j && m->wants[stays] < 0) {
                m->wants[j] = -1;
                changed = 1;
            } else if (stays == j) {
                m->wants[j] = -1;
                changed = 1;
            }
        }
    }
}

/* For each new place the old one: what is wanted, then the same name. */
static void matchPlaces(const Match *m, int *from_of, int *to_of)
{
    int i, j;

    for (i = 0; i < m->nfrom; i++)
        to_of[i] = -1;
    for (j = 0; j < m->nto; j++) {
        from_of[j] = m->wants[j];
        if (m->wants[j] >= 0 && to_of[m->wants[j]] >= 0)
            from_of[j] = -1;            /* two want the same: the first has it */
        else if (m->wants[j] >= 0)
            to_of[m->wants[j]] = j;
    }
    for (j = 0; j < m->nto; j++) {
        i = m->same_from[j];
        if (from_of[j] < 0 && i >= 0 && to_of[i] < 0) {
            from_of[j] = i;
            to_of[i] = j;
        }
    }
}

/* ---- what was said ---- */

/* The old name that is said of new table name, or of column of new table. */
static Text matchSaid(const DiffOptions *options, Text old_table, Text table,
                      Text column)
{
    Text none = {NULL, 0};
    int i;

    for (i = 0; options->said && i < options->said->n; i++) {
        const Rename *one = &options->said->v[i];
        if (column.n == 0 && one->table.n == 0 && text_eq_nocase(one->to, table))
            return one->from;
        if (column.n && one->table.n && text_eq_nocase(one->to, column)
            && (text_eq_nocase(one->table, table)
                || text_eq_nocase(one->table, old_table)))
            return one->from;
    }
    return none;
}

static int matchHasHint(const ModelObject *object)
{
    return object->hint.n
        || (object->kind == DDL_TABLE
            && strstr(object->sql.z, "migrate:renamed-from") != NULL);
}

/* What the model says that the table was called. */
static Text matchTableHint(Arena *a, const ModelObject *object)
{
    Text none = {NULL, 0};
    Shape shape;

    if (object->hint.n)
        return object->hint;
    if (!matchHasHint(object))
        return none;
    shape = shape_read(a, object);
    return ok(a) ? hint_read(a, &shape.t).table : none;
}

/* ---- tables ---- */

typedef struct MatchTables {
    const ModelObject **from, **to;
    Match m;
} MatchTables;

static int matchIsTable(const ModelObject *object)
{
    return object->kind == DDL_TABLE || object->kind == DDL_VIRTUAL;
}

static const ModelObject **matchList(Arena *a, const Model *model, int *n)
{
    const ModelObject **v = ARENA_NEW(a, const ModelObject *, model->n + 1);
    int i;

    for (i = *n = 0; i < model->n && v; i++)
        if (matchIsTable(&model->v[i]))
            v[(*n)++] = &model->v[i];
    return v;
}

/* The table in all but its name. */
static Text matchSignature(Arena *a, const ModelObject *object)
{
    Renames renames = {0};
    Rename anonymous = {{NULL, 0}, {NULL, 0}, {"?", 1}, 0};
    DdlObject virtual_table;
    Text stopped;
    Shape shape;

    if (object->kind == DDL_VIRTUAL) {
        ddl_read_object(a, object->sql, &virtual_table, &stopped);
        return text_of(text_format(a, "virtual %Ts",
                       normal_sql(a, virtual_table.rest)));
    }
    anonymous.from = object->name;
    rename_push(a, &renames, anonymous);
    shape = shape_read(a, object);
    if (ok(a))
        shape_tell(a, &shape, &renames);
    return ok(a) ? shape_signature(a, &shape) : text_of("");
}

/* A table and another by its own name are the same already. */
static int matchIsDone(Arena *a, const MatchTables *t, int j)
{
    int i = t->m.same_from[j];

    return i >= 0 && text_eq(matchSignature(a, t->from[i]),
                             matchSignature(a, t->to[j]));
}

static void matchWantTables(Arena *a, MatchTables *t, const DiffOptions *options,
                            const Map *place)
{
    Text none = {NULL, 0};
    int j;

    for (j = 0; j < t->m.nto && ok(a); j++) {
        Text old = matchSaid(options, none, t->to[j]->name, none);
        int i;
        t->m.is_firm[j] = old.n > 0;
        if (old.n == 0 && !options->is_final) {
            old = matchTableHint(a, t->to[j]);
            if (old.n && matchIsDone(a, t, j))
                old = none;
        }
        i = old.n ? map_find(place, normal_name(a, old)) : -1;
        if (i >= 0 && t->from[i]->kind == t->to[j]->kind)
            t->m.wants[j] = i;
    }
    if (ok(a))
        matchSettle(&t->m);
}

/* Pairs what is left on both sides and alike, where there is one of it on each. */
static void matchGuess(Arena *a, Match *m, int *from_of, int *to_of,
                       const Text *from_text, const Text *to_text)
{
    Map map;
    int i, j, *count = ARENA_NEW(a, int, 2 * (m->nfrom + 1));
    int *nold = count, *nnew = count + m->nfrom + 1;

    map_init(a, &map, m->nfrom);
    for (i = 0; i < m->nfrom && ok(a); i++) {
        if (to_of[i] >= 0)
            continue;
        j = map_add(a, &map, from_text[i], i);
        nold[j < 0 ? i : j]++;
    }
    for (j = 0; j < m->nto && ok(a); j++) {
        i = from_of[j] < 0 ? map_find(&map, to_text[j]) : -1;
        if (i >= 0)
            nnew[i]++;
    }
    for (j = 0; j < m->nto && ok(a); j++) {
        i = from_of[j] < 0 ? map_find(&map, to_text[j]) : -1;
        if (i >= 0 && nold[i] == 1 && nnew[i] == 1) {
            from_of[j] = i;
            to_of[i] = j;
        }
    }
}

static void matchGuessTables(Arena *a, MatchTables *t, int *from_of, int *to_of)
{
    Text *from_text = ARENA_NEW(a, Text, t->m.nfrom + 1);
    Text *to_text = ARENA_NEW(a, Text, t->m.nto + 1);
    int i, j, nold = 0, nnew = 0;

    for (i = 0; i < t->m.nfrom; i++)
        nold += to_of[i] < 0;
    for (j = 0; j < t->m.nto; j++)
        nnew += from_of[j] < 0;
    if (nold == 0 || nnew == 0)
        return;
    for (i = 0; i < t->m.nfrom && ok(a); i++)
        if (to_of[i] < 0)
            from_text[i] = matchSignature(a, t->from[i]);
    for (j = 0; j < t->m.nto && ok(a); j++)
        if (from_of[j] < 0)
            to_text[j] = matchSignature(a, t->to[j]);
    if (ok(a))
        matchGuess(a, &t->m, from_of, to_of, from_text, to_text);
}

MIG_FUNC void match_tables(Arena *a, Diff *diff, const DiffOptions *options)
{
    MatchTables t = {0};
    Rename one = {{NULL, 0}, {NULL, 0}, {NULL, 0}, 0};
    Map place;
    int i, j, nfrom, nto, *from_of, *to_of;

    t.from = matchList(a, diff->from, &nfrom);
    t.to = matchList(a, diff->to, &nto);
    matchInit(a, &t.m, nfrom, nto);
    from_of = ARENA_NEW(a, int, nto + 1);
    to_of = ARENA_NEW(a, int, nfrom + 1);
    map_init(a, &place, nfrom);
    if (!ok(a))
        return;
    for (i = 0; i < nfrom; i++)
        map_add(a, &place, normal_name(a, t.from[i]->name), i);
    for (j = 0; j < nto && ok(a); j++) {
        i = map_find(&place, normal_name(a, t.to[j]->name));
        if (i < 0 || t.from[i]->kind != t.to[j]->kind)
            continue;
        t.m.same_from[j] = i;
        t.m.same_to[i] = j;
    }
    if (ok(a))
        matchWantTables(a, &t, options, &place);
    if (!ok(a))
        return;
    matchPlaces(&t.m, from_of, to_of);
    if (!options->is_final)
        matchGuessTables(a, &t, from_of, to_of);
    for (j = 0; j < nto && ok(a); j++) {
        i = from_of[j];
        if (i < 0 || text_eq_nocase(t.from[i]->name, t.to[j]->name))
            continue;
        one.from = t.from[i]->name;
        one.to = t.to[j]->name;
        one.is_guess = t.m.wants[j] < 0;
        rename_push(a, &diff->renames, one);
    }
}

/* ---- columns ---- */

static void matchWantColumns(Arena *a, Match *m, const DiffTable *pair,
                             const DiffOptions *options)
{
    const Shape *old = &pair->old, *new = &pair->new;
    Hints hints = {0};
    int i, j;

    if (!options->is_final && matchHasHint(pair->to))
        hints = hint_read(a, &new->t);
    for (j = 0; j < m->nto && ok(a); j++) {
        Text was = matchSaid(options, pair->from->name, pair->to->name,
                             new->t.column[j].name);
        m->is_firm[j] = was.n > 0;
        if (was.n == 0 && hints.column)
            was = hints.column[j];
        i = was.n ? shape_find(a, old, was) : -1;
        m->wants[j] = i;
    }
    if (ok(a))
        matchSettle(m);
}

/* True for hints that exchange names of columns that are as the model has them. */
static int matchIsSwapped(Arena *a, const DiffTable *pair)
{
    Renames none = {0};
    Shape old = pair->old, new = pair->new;

    shape_tell(a, &old, &none);
    shape_tell(a, &new, &none);
    return text_eq(shape_signature(a, &old), shape_signature(a, &new));
}

/* The column that is kept before column i, on this side and on the other. */
static int matchBefore(const int *other, int i)
{
    while (--i >= 0)
        if (other[i] >= 0)
            return i;
    return -1;
}

static void matchGuessColumns(Arena *a, Match *m, DiffTable *pair)
{
    Text *from_text = ARENA_NEW(a, Text, m->nfrom + 1);
    Text *to_text = ARENA_NEW(a, Text, m->nto + 1);
    Renames none = {0};
    int i, j, nold = 0, nnew = 0;

    for (i = 0; i < m->nfrom; i++)
        nold += pair->to_of[i] < 0;
    for (j = 0; j < m->nto; j++)
        nnew += pair->from_of[j] < 0;
    if (nold == 0 || nnew == 0 || !ok(a))
        return;
    shape_tell(a, &pair->old, &none);
    shape_tell(a, &pair->new, &none);
    for (i = 0; i < m->nfrom && ok(a); i++)
        if (pair->to_of[i] < 0)
            from_text[i] = text_of(text_format(a, "%Ts",
                shape_column_signature(a, &pair->old, i)));
    for (j = 0; j < m->nto && ok(a); j++)
        if (pair->from_of[j] < 0)
            to_text[j] = shape_column_signature(a, &pair->new, j);
    if (!ok(a))
        return;
    matchGuess(a, m, pair->from_of, pair->to_of, from_text, to_text);
    /* one that would change its place, too, differs in more than its name */
    for (j = 0; j < m->nto; j++) {
        i = pair->from_of[j];
        if (i >= 0 && m->wants[j] < 0 && m->same_from[j] != i) {
            int before = matchBefore(pair->to_of, i);
            int other = matchBefore(pair->from_of, j);
            if (before != (other < 0 ? -1 : pair->from_of[other])) {
                pair->from_of[j] = -1;
                pair->to_of[i] = -1;
            }
        }
    }
}

MIG_FUNC void match_columns(Arena *a, Diff *diff, DiffTable *pair,
                            const DiffOptions *options)
{
    const Shape *old = &pair->old, *new = &pair->new;
    Rename one = {pair->from->name, {NULL, 0}, {NULL, 0}, 0};
    Match m;
    int i, j;

    matchInit(a, &m, old->t.ncolumn, new->t.ncolumn);
    pair->from_of = ARENA_NEW(a, int, m.nto + 1);
    pair->to_of = ARENA_NEW(a, int, m.nfrom + 1);
    for (j = 0; j < m.nto && ok(a); j++) {
        i = shape_find(a, old, new->t.column[j].name);
        m.same_from[j] = i;
        if (i >= 0)
            m.same_to[i] = j;
    }
    if (ok(a))
        matchWantColumns(a, &m, pair, options);
    for (j = 0; j < m.nto && ok(a); j++)
        if (m.wants[j] >= 0 && m.same_from[j] >= 0 && !m.is_firm[j]
            && matchIsSwapped(a, pair))
            m.wants[j] = -1;
    if (!ok(a))
        return;
    matchPlaces(&m, pair->from_of, pair->to_of);
    if (!options->is_final)
        matchGuessColumns(a, &m, pair);
    for (j = 0; j < m.nto && ok(a); j++) {
        i = pair->from_of[j];
        if (i < 0 || text_eq_nocase(old->t.column[i].name, new->t.column[j].name))
            continue;
        one.from = old->t.column[i].name;
        one.to = new->t.column[j].name;
        one.is_guess = m.wants[j] < 0;
        rename_push(a, &diff->renames, one);
    }
}

/* ---- what was said of nothing ---- */

static int matchHasColumn(Arena *a, const Model *model, Text table, Text column)
{
    const ModelObject *object = model_find(a, model, DDL_TABLE, table);
    Shape shape;

    if (!object)
        return 0;
    shape = shape_read(a, object);
    return ok(a) && shape_find(a, &shape, column) >= 0;
}

MIG_FUNC void match_check(Arena *a, const Diff *diff, const DiffOptions *options)
{
    int i;

    for (i = 0; options->said && i < options->said->n && ok(a); i++) {
        const Rename *one = &options->said->v[i];
        Text to_table = rename_table(a, &diff->renames, one->table);
        int is_there = one->table.n
            ? matchHasColumn(a, diff->to, to_table, one->to)
            : model_find_table(a, diff->to, one->to) != NULL;
        if (!is_there && ok(a))
            err_set(a->err, ERR_USAGE, "the model has no %s %Ts%s%Ts, which a "
                    "rename names", one->table.n ? "column" : "table",
                    to_table, one->table.n ? "." : "", one->to);
    }
}
