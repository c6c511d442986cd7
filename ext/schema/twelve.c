/*
** A changed table in SQLite's own SQL.  See twelve.h.
*/
#include "twelve.h"

#include "compare.h"
#include "hint.h"

MIG_FUNC Text twelve_free_name(Arena *a, const Diff *diff, const char *stem)
{
    int i;

    for (i = 0; ok(a); i++) {
        Text name = text_of(i ? text_format(a, "%s_%d", stem, i) : stem);
        if (!model_find_table(a, diff->from, name) && !model_find_table(a, diff->to, name)
            && !model_find(a, diff->from, DDL_INDEX, name)
            && !model_find(a, diff->to, DDL_INDEX, name))
            return name;
    }
    return text_of("");
}

/* ---- SQLite's own ALTER TABLE ---- */

static int twelveHasComment(Text sql)
{
    int offset = 0;

    for (;;) {
        Token token = token_next(sql, &offset);
        if (token.kind == TOKEN_END)
            return 0;
        if (token.kind == TOKEN_COMMENT)
            return 1;
    }
}

/* True if the default is a literal, signed or not: not an expression, not the time. */
static int twelveIsConstant(const DdlClause *clause)
{
    int offset = 0;
    Token token;

    if (!clause)
        return 1;
    token = token_next_solid(clause->body, &offset);
    if (token.kind == TOKEN_OPERATOR)   /* ADD COLUMN takes +0xFF for a text */
        token = token_next_solid(clause->body, &offset);
    return token.kind != TOKEN_LEFT && !text_starts(token.text, "0x")
        && !text_starts(token.text, "0X") && !token_is(token, "CURRENT_TIME")
        && !token_is(token, "CURRENT_DATE") && !token_is(token, "CURRENT_TIMESTAMP");
}

static int twelveCanAdd(const DiffTable *pair, int j)
{
    const DdlColumn *column = &pair->new.t.column[j];
    const ShapeColumn *shape = &pair->new.column[j];
    const DdlClause *generated = ddl_clause(column, CLAUSE_GENERATED);
    int has_default = shape->part[SHAPE_DEFAULT].n
                   && !text_is(shape->part[SHAPE_DEFAULT], "null");
    int k;

    for (k = j; k < pair->new.t.ncolumn; k++)
        if (pair->from_of[k] >= 0)
            return 0;                   /* not at the end */
    return !ddl_clause(column, CLAUSE_PRIMARY_KEY) && !ddl_clause(column, CLAUSE_UNIQUE)
        && !(generated && generated->is_stored)
        && !(shape->part[SHAPE_NOT_NULL].n && !has_default && !generated)
        && !ddl_clause(column, CLAUSE_CHECK)
        && !(pair->new.t.is_strict && has_default)
        && twelveIsConstant(ddl_clause(column, CLAUSE_DEFAULT))
        && !(ddl_clause(column, CLAUSE_FOREIGN_KEY) && has_default);
}

/* True if something that has to do with the table speaks of the column. */
static int twelveIsUsed(Arena *a, const Diff *diff, const DiffTable *pair, Text name)
{
    const Shape *old = &pair->old;
    int i, j;

    for (i = 0; i < diff->from->n && ok(a); i++) {
        const ModelObject *object = &diff->from->v[i];
        if (object != pair->from && object->kind != DDL_TABLE
            && ddl_mentions(a, object->sql, name))
            return 1;
        if (object->kind == DDL_TABLE && object != pair->from
            && ddl_mentions(a, object->sql, pair->from->name)
            && ddl_mentions(a, object->sql, name))
            return 1;
    }
    for (i = 0; i < old->n; i++) {
        const ShapeClause *one = &old->v[i];
        int own = one->column >= 0
               && text_eq_nocase(old->t.column[one->column].name, name);
        if (own && one->ddl->kind != CLAUSE_CHECK
            && one->ddl->kind != CLAUSE_FOREIGN_KEY)
            return 1;
        if (!own && ddl_mentions(a, one->ddl->all, name))
            return 1;
    }
    for (j = 0; j < old->t.ncolumn; j++) {
        const DdlClause *g = ddl_clause(&old->t.column[j], CLAUSE_GENERATED);
        if (g && ddl_mentions(a, g->body, name))
            return 1;
    }
    return 0;
}

MIG_FUNC int twelve_is_native(Arena *a, const Diff *diff, const DiffTable *pair)
{
    int i;

    if (pair->rebuild || twelveHasComment(hint_strip(a, pair->from->sql)))
        return 0;
    for (i = 0; i < pair->n && ok(a); i++) {
        const DiffItem *item = &pair->v[i];
        int is_column = strcmp(item->kind, "column") == 0;
        if (!is_column || strcmp(item->change, "change") == 0)
            return 0;
        if (strcmp(item->change, "add") == 0 && !twelveCanAdd(pair, item->column))
            return 0;
        if (strcmp(item->change, "drop") == 0
            && twelveIsUsed(a, diff, pair, item->name))
            return 0;
    }
    return 1;
}

/* ---- what rows get ---- */

/* True if the column alone is a key of the new table, or part of one. */
static int twelveIsKey(Arena *a, const Shape *shape, int j)
{
    Text name = shape->t.column[j].name;
    int i, k;

    for (i = 0; i < shape->n && ok(a); i++) {
        const ShapeClause *one = &shape->v[i];
        if (one->ddl->kind != CLAUSE_PRIMARY_KEY && one->ddl->kind != CLAUSE_UNIQUE)
            continue;
        if (one->column == j)
            return 1;
        for (k = 0; k < one->ddl->nterm && one->column < 0; k++)
            if (text_eq_nocase(one->ddl->term[k].column, name))
                return 1;
    }
    return 0;
}

/* The reference of a column alone, or NULL. */
static const DdlClause *twelveReference(const Shape *shape, int j)
{
    int i;

    for (i = 0; i < shape->n; i++) {
        const ShapeClause *one = &shape->v[i];
        if (one->ddl->kind == CLAUSE_FOREIGN_KEY
            && (one->column == j || (one->column < 0 && one->ddl->nterm == 1
                && text_eq_nocase(one->ddl->term[0].column,
                                  shape->t.column[j].name))))
            return one->ddl;
    }
    return NULL;
}

/* A row of the table that is referred to. */
static const char *twelveParent(Arena *a, const DdlClause *reference)
{
    const char *column = reference->nparent == 1
        ? text_copy(a, normal_quote(a, reference->parent_term[0].column)) : "rowid";

    return text_format(a, "(SELECT min(%s) FROM %s)", column,
                       text_copy(a, normal_quote(a, reference->parent)));
}

MIG_FUNC const char *twelve_filler(Arena *a, const DiffTable *pair, int j,
                                    int *is_simple)
{
    const Shape *new = &pair->new;
    const ShapeColumn *shape = &new->column[j];
    const DdlClause *reference = twelveReference(new, j);
    const char *affinity = ddl_affinity(new->t.column[j].declared);
    int is_alias = ddl_rowid_column(&new->t) == j;
    int is_demanded = shape->part[SHAPE_NOT_NULL].n
        || (new->t.is_without_rowid && twelveIsKey(a, new, j));

    *is_simple = 1;
    if (pair->from_of[j] >= 0 || shape->part[SHAPE_GENERATED].n || is_alias
        || !is_demanded || (shape->part[SHAPE_DEFAULT].n
                            && !text_is(shape->part[SHAPE_DEFAULT], "null")
                            && !twelveIsKey(a, new, j)))
        return NULL;
    if (twelveIsKey(a, new, j)) {
        *is_simple = 0;
        if (pair->old.t.is_without_rowid)
            return "abs(random())";
        return strcmp(affinity, "TEXT") == 0 ? "CAST(rowid AS TEXT)" : "rowid";
    }
    if (reference) {
        *is_simple = 0;
        return twelveParent(a, reference);
    }
    if (strcmp(affinity, "TEXT") == 0)
        return "''";
    if (strcmp(affinity, "BLOB") == 0)
        return "x''";
    return "0";
}

/* ---- a new table in the place of the old one ---- */

/* The CREATE TABLE with another name; where it speaks of its own columns by way of its
** name, that changes too. */
static const char *twelveCreate(Arena *a, const DiffTable *pair, Text name)
{
    Text sql = hint_strip(a, pair->to->sql);
    sqlite3_str *out = text_begin();
    DdlTable t;
    Text stopped;
    int offset, from;

    if (!ddl_read_table(a, sql, &t, &stopped)) {
        sqlite3_free(sqlite3_str_finish(out));
        return "";
    }
    from = (int)(t.name_token.z - sql.z);
    offset = from + t.name_token.n;
    text_append(out, "%.*s\"%Tw\"", from, sql.z, name);
    from = offset;
    for (;;) {
        Token token = token_next(sql, &offset);
        int ahead = offset;
        if (token.kind == TOKEN_END)
            break;
        if ((token.kind != TOKEN_WORD && token.kind != TOKEN_QUOTED)
            || token_next_solid(sql, &ahead).kind != TOKEN_DOT
            || !text_eq_nocase(token_name(a, token), t.name))
            continue;
        text_append(out, "%.*s\"%Tw\"", token.offset - from, sql.z + from, name);
        from = offset;
    }
    sqlite3_str_append(out, sql.z + from, sql.n - from);
    return text_finish(a, out);
}

/* The name by which a table's rowid can be had, or NULL. */
static const char *twelveRowid(Arena *a, const Shape *shape)
{
    static const char name[][8] = {"rowid", "_rowid_", "oid"};
    size_t i;

    if (shape->t.is_without_rowid)
        return NULL;
    for (i = 0; i < sizeof name / sizeof *name; i++)
        if (shape_find(a, shape, text_of(name[i])) < 0)
            return name[i];
    return NULL;
}

typedef struct TwelveColumns {
    sqlite3_str *into, *values;
    int n;
} TwelveColumns;

static void twelveColumn(TwelveColumns *columns, const char *into, const char *value)
{
    const char *comma = columns->n++ ? ", " : "";

    text_append(columns->into, "%s%s", comma, into);
    text_append(columns->values, "%s%s", comma, value);
}

static void twelveColumns(Arena *a, const DiffTable *pair, TwelveColumns *columns,
                           int is_down)
{
    const Shape *old = &pair->old, *new = &pair->new;
    const char *from_rowid = twelveRowid(a, old), *to_rowid = twelveRowid(a, new);
    int alias = ddl_rowid_column(&new->t), j, is_simple;

    if (from_rowid && to_rowid && (alias < 0 || pair->from_of[alias] < 0))
        twelveColumn(columns, to_rowid, from_rowid);
    else if (from_rowid && alias >= 0 && pair->from_of[alias] < 0)
        twelveColumn(columns, text_copy(a, normal_quote(a, new->t.column[alias].name)),
                      from_rowid);
    for (j = 0; j < new->t.ncolumn && ok(a); j++) {
        const char *into = text_copy(a, normal_quote(a, new->t.column[j].name));
        const char *value = NULL;
        int i = pair->from_of[j];
        if (ddl_clause(&new->t.column[j], CLAUSE_GENERATED))
            continue;
        if (i >= 0)
            value = text_copy(a, normal_quote(a, old->t.column[i].name));
        else if (is_down)
            value = twelve_filler(a, pair, j, &is_simple);
        if (value)
            twelveColumn(columns, into, value);
    }
}

MIG_FUNC void twelve_sql(Arena *a, sqlite3_str *out, const Diff *diff,
                          const DiffTable *pair, int is_down)
{
    const char *stem = text_format(a, "_new_%Ts", pair->to->name);
    Text name = twelve_free_name(a, diff, stem);
    TwelveColumns columns = {text_begin(), text_begin(), 0};
    const char *into, *values;

    twelveColumns(a, pair, &columns, is_down);
    into = text_finish(a, columns.into);
    values = text_finish(a, columns.values);
    text_append(out, "%s;\n", twelveCreate(a, pair, name));
    if (pair->old.is_autoincrement && pair->new.is_autoincrement)
        text_append(out, "INSERT INTO sqlite_sequence (name, seq)\n"
            "    SELECT %TQ, seq FROM sqlite_sequence WHERE name = %TQ;\n",
            name, pair->rename ? pair->to->name
                                                  : pair->from->name);
    if (columns.n)
        text_append(out, "INSERT OR ABORT INTO \"%Tw\" (%s)\n    SELECT %s\n"
            "    FROM %s;\n", name, into, values,
            text_copy(a, normal_quote(a, pair->to->name)));
    text_append(out, "DROP TABLE %s;\nALTER TABLE \"%Tw\" RENAME TO %s;\n",
        text_copy(a, normal_quote(a, pair->to->name)), name,
        text_copy(a, normal_quote(a, pair->to->name)));
}
