/*
** What one schema has and another has not.  See diff.h.
*/
#include "diff.h"

#include "compare.h"
#include "hint.h"
#include "match.h"

/* ---- the other objects ---- */

/* The words of a trigger's head that say what is so anyhow, left out: BEFORE, FOR
** EACH ROW, the schema before the table. */
static Text diffTriggerHead(Arena *a, Text rest)
{
    Reader r = reader_begin(a, rest);
    sqlite3_str *out = text_begin();
    Text name, schema;

    reader_take(&r, "BEFORE");
    while (r.token.kind != TOKEN_END && !reader_is(&r, "ON")) {
        text_append(out, " %Ts", r.token.text);
        reader_next(&r);
    }
    if (reader_take(&r, "ON") && reader_take_name(&r, &name, &schema)) {
        if (reader_take_kind(&r, TOKEN_DOT))
            reader_take_name(&r, &name, NULL);
        text_append(out, " on \"%Tw\"", name);
    }
    reader_take_all(&r, "FOR EACH ROW");
    text_append(out, " %.*s", rest.n - r.token.offset, rest.z + r.token.offset);
    return text_of(text_finish(a, out));
}

/* What an index says, in the names that renames tell. */
static Text diffIndexText(Arena *a, const Diff *diff, const ModelObject *object,
                          const Model *model, const Renames *renames)
{
    const ModelObject *table = model_find(a, model, DDL_TABLE, object->table);
    sqlite3_str *out = text_begin();
    DdlIndex index;
    ShapeNames names = {0};
    Shape shape = {0};
    Text stopped;
    int i;

    (void)diff;
    if (table)
        shape = shape_read(a, table);
    if (table && ok(a))
        shape_names(a, &shape, renames, &names);
    if (!ddl_read_index(a, object->sql, &index, &stopped)) {
        text_append(out, "%Ts", normal_sql(a, object->sql));
        return text_of(text_finish(a, out));
    }
    text_append(out, "%s on \"%Tw\"", index.is_unique ? "unique" : "",
        normal_name(a, rename_table(a, renames, object->table)));
    for (i = 0; i < index.nterm; i++)
        text_append(out, "%s%Ts%s%Ts%s", i ? "," : "(",
            normal_expr(a, index.term[i].expr, &names.names),
            index.term[i].collate.n ? " collate " : "",
            normal_name(a, index.term[i].collate),
            index.term[i].is_desc ? " desc" : "");
    if (index.where.n)
        text_append(out, ") where %Ts", normal_expr(a, index.where, &names.names));
    return text_of(text_finish(a, out));
}

/* True if the statement has the name, and not in double quotes, which may be those of
** a string. */
static int diffNames(Arena *a, Text sql, Text name)
{
    int offset = 0;

    while (ok(a)) {
        Token token = token_next_solid(sql, &offset);
        if (token.kind == TOKEN_END)
            break;
        if ((token.kind == TOKEN_WORD || token.kind == TOKEN_QUOTED)
            && token.text.z[0] != '"' && text_eq_nocase(token_name(a, token), name))
            return 1;
    }
    return 0;
}

/* True if a name that is spelled so is of a table or a column of the model. */
static int diffIsKnown(Arena *a, const Model *model, Text name)
{
    int i;

    for (i = 0; i < model->n && ok(a); i++)
        if (text_eq_nocase(model->v[i].name, name)
            || (model->v[i].kind == DDL_TABLE && ddl_mentions(a, model->v[i].sql, name))
            || (model->v[i].kind == DDL_VIEW && diffNames(a, model->v[i].sql, name)))
            return 1;
    return 0;
}

/* Two texts that may differ in the case of words in double quotes: those that are no
** names are strings, and then they differ. */
static int diffIsSameNamed(Arena *a, const Model *model, Text x, Text y)
{
    int i = 0, j = 0;

    while (ok(a)) {
        Token p = token_next_solid(x, &i), q = token_next_solid(y, &j);
        if (p.kind == TOKEN_END || q.kind == TOKEN_END)
            return p.kind == q.kind;
        if (p.kind == TOKEN_QUOTED && q.kind == TOKEN_QUOTED && p.text.z[0] == '"'
            && q.text.z[0] == '"' && !text_eq(p.text, q.text)
            && !diffIsKnown(a, model, token_name(a, p)))
            return 0;
    }
    return 0;
}

static int diffIsSameText(Arena *a, const Diff *diff, Text x, Text y)
{
    return text_eq(normal_sql(a, x), normal_sql(a, y))
        && diffIsSameNamed(a, diff->to, x, y);
}

/* Views, triggers and virtual tables: by their tokens. */
static int diffIsSameObject(Arena *a, const Diff *diff, const ModelObject *x,
                            const ModelObject *y)
{
    DdlObject p, q;
    Text stopped;

    if (!ddl_read_object(a, x->sql, &p, &stopped)
        || !ddl_read_object(a, y->sql, &q, &stopped))
        return text_eq(normal_sql(a, x->sql), normal_sql(a, y->sql));
    if (x->kind == DDL_TRIGGER) {
        p.rest = diffTriggerHead(a, p.rest);
        q.rest = diffTriggerHead(a, q.rest);
    }
    return diffIsSameText(a, diff, p.rest, q.rest);
}

static int diffIsSame(Arena *a, const Diff *diff, const ModelObject *x,
                      const ModelObject *y)
{
    Renames none = {0};

    if (x->kind != y->kind)
        return 0;
    if (text_eq(x->sql, y->sql)
        && (diff->renames.n == 0 || x->kind != DDL_INDEX))
        return 1;
    if (x->kind == DDL_INDEX)
        return text_eq(diffIndexText(a, diff, x, diff->from, &diff->renames),
                       diffIndexText(a, diff, y, diff->to, &none));
    return diffIsSameObject(a, diff, x, y);
}

static void diffPush(Arena *a, Diff *diff, const ModelObject *from,
                     const ModelObject *to, const Rename *rename, int is_same)
{
    DiffObject one = {from, to, rename, is_same};

    if (ARENA_PUSH(a, diff->object, diff->nobject, diff->capobject))
        diff->object[diff->nobject++] = one;
}

/* ---- tables ---- */

static int diffHasForeignKey(const ModelObject *object)
{
    const char *z = object->sql.z;

    for (; *z; z++)
        if ((*z == 'r' || *z == 'R') && sqlite3_strnicmp(z, "references", 10) == 0)
            return 1;
    return 0;
}

static void diffPushTable(Arena *a, Diff *diff, const ModelObject *from,
                          const ModelObject *to, const Rename *rename)
{
    DiffTable *pair;

    if (!ARENA_PUSH(a, diff->table, diff->ntable, diff->captable))
        return;
    pair = &diff->table[diff->ntable++];
    pair->from = from;
    pair->to = to;
    pair->rename = rename;
    pair->old = shape_read(a, from);
    if (ok(a))
        pair->new = shape_read(a, to);
}

/* The object of from that an object of to is, or NULL. */
static const ModelObject *diffOrigin(Arena *a, const Diff *diff, const Renames *back,
                                     const ModelObject *to, const Rename **rename)
{
    Text none = {NULL, 0};
    const Rename *one;

    *rename = NULL;
    if (to->kind != DDL_TABLE && to->kind != DDL_VIRTUAL)
        return model_find(a, diff->from, to->kind, to->name);
    one = rename_find(a, back, to->name, none);
    if (one) {
        *rename = rename_find(a, &diff->renames, one->to, none);
        return model_find(a, diff->from, to->kind, one->to);
    }
    if (rename_find(a, &diff->renames, to->name, none))
        return NULL;            /* what had the name has another now */
    return model_find(a, diff->from, to->kind, to->name);
}

/* Finds the pairs: tables that may differ, and what is only in one. */
static void diffPairs(Arena *a, Diff *diff, const ModelObject **origin)
{
    unsigned char *is_kept = ARENA_NEW(a, unsigned char, diff->from->n + 1);
    Renames back = rename_reverse(a, &diff->renames);
    const Rename *rename;
    int i, j;

    for (j = 0; j < diff->to->n && ok(a); j++) {
        const ModelObject *to = &diff->to->v[j];
        origin[j] = diffOrigin(a, diff, &back, to, &rename);
        if (origin[j])
            is_kept[origin[j] - diff->from->v] = 1;
        if (origin[j] && to->kind == DDL_TABLE
            && (rename || !text_eq(origin[j]->sql, to->sql)))
            diffPushTable(a, diff, origin[j], to, rename);
    }
    for (i = 0; i < diff->from->n && ok(a); i++)
        if (!is_kept[i])
            diffPush(a, diff, &diff->from->v[i], NULL, NULL, 0);
}

/* Tables that are the same to the byte, and refer to what has another name now. */
static void diffReferring(Arena *a, Diff *diff, const ModelObject **origin)
{
    int j;

    for (j = 0; j < diff->to->n && diff->renames.n && ok(a); j++) {
        const ModelObject *to = &diff->to->v[j];
        if (to->kind == DDL_TABLE && origin[j] && text_eq(origin[j]->sql, to->sql)
            && text_eq(origin[j]->name, to->name) && diffHasForeignKey(to))
            diffPushTable(a, diff, origin[j], to, NULL);
    }
}

static void diffTables(Arena *a, Diff *diff, const DiffOptions *options,
                       const ModelObject **origin)
{
    int i, n = diff->ntable, kept = 0;

    for (i = 0; i < n && ok(a); i++)
        match_columns(a, diff, &diff->table[i], options);
    if (ok(a))
        diffReferring(a, diff, origin);
    for (i = n; i < diff->ntable && ok(a); i++)
        match_columns(a, diff, &diff->table[i], options);
    for (i = 0; i < diff->ntable && ok(a); i++) {
        compare_tables(a, diff, &diff->table[i]);
        if (diff->table[i].n || diff->table[i].rename)
            diff->table[kept++] = diff->table[i];
    }
    if (ok(a))
        diff->ntable = kept;
}

MIG_FUNC Diff diff_build(Arena *a, const Model *from, const Model *to,
                         const DiffOptions *options)
{
    Diff diff = {0};
    const ModelObject **origin = ARENA_NEW(a, const ModelObject *, to->n + 1);
    Renames back;
    const Rename *rename;
    int j;

    diff.from = from;
    diff.to = to;
    if (!ok(a) || from == to)
        return diff;
    match_tables(a, &diff, options);
    if (ok(a))
        diffPairs(a, &diff, origin);
    if (ok(a))
        diffTables(a, &diff, options, origin);
    if (ok(a))
        match_check(a, &diff, options);
    back = rename_reverse(a, &diff.renames);
    for (j = 0; j < to->n && ok(a); j++) {
        const ModelObject *one = &to->v[j];
        int is_same;
        if (one->kind == DDL_TABLE && origin[j])
            continue;
        diffOrigin(a, &diff, &back, one, &rename);
        is_same = origin[j] && diffIsSame(a, &diff, origin[j], one);
        if (!is_same || rename)
            diffPush(a, &diff, origin[j], one, rename, is_same);
    }
    return diff;
}

MIG_FUNC int diff_is_empty(const Diff *diff)
{
    return diff->ntable == 0 && diff->nobject == 0;
}

/* ---- rows ---- */

static const char *diffKind(DdlKind kind)
{
    switch (kind) {
    case DDL_TABLE:   return "table";
    case DDL_VIRTUAL: return "virtual table";
    case DDL_INDEX:   return "index";
    case DDL_VIEW:    return "view";
    default:          return "trigger";
    }
}

static const char *diffDropWord(DdlKind kind)
{
    return kind == DDL_INDEX ? "INDEX" : kind == DDL_VIEW ? "VIEW"
         : kind == DDL_TRIGGER ? "TRIGGER" : "TABLE";
}

static DiffRow *diffPushRow(Arena *a, DiffRows *rows)
{
    return ARENA_PUSH(a, rows->v, rows->n, rows->cap) ? &rows->v[rows->n++] : NULL;
}

static const char *diffRenameSql(Arena *a, const Rename *rename)
{
    return text_format(a, "ALTER TABLE %s RENAME TO %s",
                       text_copy(a, normal_quote(a, rename->from)),
                       text_copy(a, normal_quote(a, rename->to)));
}

static void diffTableRows(Arena *a, const DiffTable *pair, DiffRows *rows)
{
    DiffRow *row;
    int i;

    if (pair->rename && (row = diffPushRow(a, rows)) != NULL) {
        row->kind = "table";
        row->change = "rename";
        row->name = row->table = pair->to->name;
        row->detail = text_format(a, "was %Ts", pair->from->name);
        row->sql = diffRenameSql(a, pair->rename);
    }
    for (i = 0; i < pair->n && (row = diffPushRow(a, rows)) != NULL; i++) {
        const DiffItem *item = &pair->v[i];
        row->kind = item->kind;
        row->change = item->change;
        row->name = item->name;
        row->table = pair->to->name;
        row->detail = item->detail;
        row->is_destructive = item->danger
                           && strncmp(item->danger, "DESTRUCTIVE", 11) == 0;
        if (item->action)
            row->sql = text_format(a, "ALTER TABLE %s %s",
                text_copy(a, normal_quote(a, pair->to->name)), item->action);
    }
}

static void diffObjectRow(Arena *a, const DiffObject *one, DiffRows *rows)
{
    const ModelObject *object = one->to ? one->to : one->from;
    DiffRow *row = diffPushRow(a, rows);

    if (!row)
        return;
    row->kind = diffKind(object->kind);
    row->change = !one->from ? "add" : !one->to ? "drop"
                : one->is_same ? "rename" : "change";
    row->name = object->name;
    row->table = object->table;
    row->is_destructive = one->from && !one->is_same
        && (one->from->kind == DDL_TABLE || one->from->kind == DDL_VIRTUAL);
    row->detail = one->rename ? text_format(a, "was %Ts", one->from->name)
                : "";
    if (one->to && one->is_same && one->rename)
        row->sql = diffRenameSql(a, one->rename);
    else if (one->to)
        row->sql = text_copy(a, hint_strip(a, one->to->sql));
    else
        row->sql = text_format(a, "DROP %s %s", diffDropWord(object->kind),
                               text_copy(a, normal_quote(a, object->name)));
}

MIG_FUNC DiffRows diff_rows(Arena *a, const Diff *diff)
{
    DiffRows rows = {0};
    int i;

    for (i = 0; i < diff->ntable && ok(a); i++)
        diffTableRows(a, &diff->table[i], &rows);
    for (i = 0; i < diff->nobject && ok(a); i++)
        diffObjectRow(a, &diff->object[i], &rows);
    return rows;
}

MIG_FUNC const char *diff_text(Arena *a, const Diff *diff)
{
    DiffRows rows = diff_rows(a, diff);
    sqlite3_str *out = text_begin();
    int i;

    for (i = 0; i < rows.n && i < 4; i++) {
        const DiffRow *row = &rows.v[i];
        text_append(out, "%s%s %s %Ts", i ? "; " : "", row->change, row->kind,
                    row->name);
        if (row->table.n && !text_eq(row->table, row->name))
            text_append(out, " of %Ts", row->table);
        if (row->detail && *row->detail)
            text_append(out, " (%s)", row->detail);
    }
    if (i < rows.n)
        text_append(out, "; and %d more", rows.n - i);
    return text_finish(a, out);
}
