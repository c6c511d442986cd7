/*
** A table as it is compared.  See shape.h.
*/
#include "shape.h"

#include <stdlib.h>

/* ---- reading ---- */

static void shapePush(Arena *a, Shape *shape, const DdlClause *clause, int column)
{
    ShapeClause one = {clause, {NULL, 0}, {NULL, 0}, column, 0};

    switch (clause->kind) {
    case CLAUSE_PRIMARY_KEY:
        shape->is_autoincrement |= clause->is_autoincrement;
        break;
    case CLAUSE_UNIQUE: case CLAUSE_CHECK: case CLAUSE_FOREIGN_KEY:
        break;
    default:
        return;
    }
    one.name = normal_name(a, clause->name);
    if (ARENA_PUSH(a, shape->v, shape->n, shape->cap))
        shape->v[shape->n++] = one;
}

MIG_FUNC Shape shape_read(Arena *a, const ModelObject *object)
{
    Shape shape = {0};
    Text stopped = {NULL, 0};
    int i, j;

    shape.object = object;
    if (!ddl_read_table(a, object->sql, &shape.t, &stopped)) {
        err_set(a->err, ERR_UNSUPPORTED, "table %Ts cannot be compared: what \"%Ts\" "
                "means is not known", object->name, stopped);
        memset(&shape.t, 0, sizeof shape.t);
        return shape;
    }
    map_init(a, &shape.known, shape.t.ncolumn);
    shape.column = ARENA_NEW(a, ShapeColumn, shape.t.ncolumn);
    for (i = 0; i < shape.t.ncolumn && ok(a); i++) {
        const DdlColumn *column = &shape.t.column[i];
        shape.column[i].ddl = column;
        map_add(a, &shape.known, normal_name(a, column->name), i);
        for (j = 0; j < column->n; j++)
            shapePush(a, &shape, &column->v[j], i);
    }
    for (i = 0; i < shape.t.n; i++)
        shapePush(a, &shape, &shape.t.v[i], -1);
    return shape;
}

MIG_FUNC int shape_find(Arena *a, const Shape *shape, Text name)
{
    return map_find(&shape->known, normal_name(a, name));
}

/* ---- names ---- */

MIG_FUNC void shape_names(Arena *a, const Shape *shape, const Renames *renames,
                          ShapeNames *out)
{
    int i;

    memset(out, 0, sizeof *out);
    out->names.known = &shape->known;
    out->names.table = shape->object->name;
    out->names.table_to = rename_table(a, renames, shape->object->name);
    map_init(a, &out->renamed, 4);
    out->to = ARENA_NEW(a, Text, shape->t.ncolumn);
    for (i = 0; i < shape->t.ncolumn && renames->n && ok(a); i++) {
        Text name = shape->t.column[i].name;
        out->to[i] = rename_column(a, renames, shape->object->name, name);
        if (out->to[i].z != name.z)
            map_add(a, &out->renamed, normal_name(a, name), i);
    }
    out->names.renamed = &out->renamed;
    out->names.to = out->to;
}

/* ---- texts ---- */

/* A default.  A name is the string that it spells, but for the words that are
** values; what stands in parentheses is an expression. */
static Text shapeDefault(Arena *a, Text body)
{
    int offset = 0;
    Token token = token_next_solid(body, &offset);

    if (token_next_solid(body, &offset).kind != TOKEN_END || !token_is_name(token))
        return normal_expr(a, body, NULL);
    if (token_is_any(token,
            "null true false current_time current_date current_timestamp"))
        return normal_name(a, token.text);
    return text_of(text_format(a, "%TQ", token_name(a, token)));
}

static const char *shapeConflict(Arena *a, Text word)
{
    if (word.n == 0 || text_is_nocase(word, "abort"))
        return "";
    return text_format(a, " on conflict %Ts", normal_name(a, word));
}

static void shapeColumnTexts(Arena *a, ShapeColumn *column, const ShapeNames *names)
{
    const DdlColumn *ddl = column->ddl;
    const DdlClause *c;
    int i;

    column->part[SHAPE_TYPE] = normal_sql(a, ddl_type(ddl));
    if ((c = ddl_clause(ddl, CLAUSE_NOT_NULL)) != NULL)
        column->part[SHAPE_NOT_NULL] = text_of(text_format(a, "not null%s%s%Ts",
            shapeConflict(a, c->conflict), c->name.n ? " as " : "",
            normal_name(a, c->name)));
    if ((c = ddl_clause(ddl, CLAUSE_DEFAULT)) != NULL)
        column->part[SHAPE_DEFAULT] = shapeDefault(a, c->body);
    if ((c = ddl_clause(ddl, CLAUSE_COLLATE)) != NULL
        && !text_is_nocase(c->body, "binary"))
        column->part[SHAPE_COLLATE] = normal_name(a, c->body);
    if ((c = ddl_clause(ddl, CLAUSE_GENERATED)) != NULL)
        column->part[SHAPE_GENERATED] = text_of(text_format(a, "(%Ts)%s",
            normal_expr(a, c->body, &names->names),
            c->is_stored ? " stored" : ""));
    for (i = 0; i < ddl->n; i++)        /* names of what can have none elsewhere */
        if (ddl->v[i].name.n && (ddl->v[i].kind == CLAUSE_DEFAULT
                || ddl->v[i].kind == CLAUSE_COLLATE
                || ddl->v[i].kind == CLAUSE_GENERATED))
            column->part[SHAPE_NAMES] = text_of(text_format(a, "%Ts; %Ts",
                column->part[SHAPE_NAMES], normal_name(a, ddl->v[i].name)));
}

static void shapeTerms(Arena *a, sqlite3_str *out, const DdlTerm *term, int n,
                       const ShapeNames *names)
{
    int i;

    for (i = 0; i < n; i++) {
        text_append(out, "%s%Ts", i ? "," : "", 
            normal_expr(a, text_of(text_format(a, "%Ts", term[i].expr)),
                        &names->names));
        if (term[i].collate.n)
            text_append(out, " collate %Ts", normal_name(a, term[i].collate));
        if (term[i].is_desc)
            text_append(out, " desc");
    }
}

/* The columns of a key. */
static void shapeKey(Arena *a, sqlite3_str *out, const Shape *shape,
                     const ShapeClause *one, const ShapeNames *names)
{
    const DdlClause *c = one->ddl;

    text_append(out, "(");
    if (one->column < 0)
        shapeTerms(a, out, c->term, c->nterm, names);
    else
        text_append(out, "%Ts%s", normal_quote(a,
            shape->column[one->column].name),
            c->kind == CLAUSE_PRIMARY_KEY && c->is_desc ? " desc" : "");
    text_append(out, ")");
    /* INTEGER PRIMARY KEY DESC of a column is no other name for the rowid */
    if (c->kind == CLAUSE_PRIMARY_KEY && c->is_desc && one->column >= 0
        && text_is_nocase(ddl_type(&shape->t.column[one->column]), "integer"))
        text_append(out, " of the column");
}

static void shapeAction(Arena *a, sqlite3_str *out, const char *when, Text action)
{
    Text text = normal_sql(a, action);

    if (text.n && !text_is(text, "no action"))
        text_append(out, " on %s %Ts", when, text);
}

static void shapeReferences(Arena *a, sqlite3_str *out, const DdlClause *c,
                            const Renames *renames)
{
    int i;

    text_append(out, " references %Ts", normal_quote(a,
        normal_name(a, rename_table(a, renames, c->parent))));
    for (i = 0; i < c->nparent; i++)
        text_append(out, "%s%Ts%s", i ? "," : "(", normal_quote(a,
            normal_name(a, rename_column(a, renames, c->parent,
                                         c->parent_term[i].column))),
            i + 1 < c->nparent ? "" : ")");
    shapeAction(a, out, "delete", c->on_delete);
    shapeAction(a, out, "update", c->on_update);
    if (c->is_deferred)
        text_append(out, " deferred");
}

static void shapeClauseText(Arena *a, const Shape *shape, ShapeClause *one,
                            const ShapeNames *names, const Renames *renames)
{
    sqlite3_str *out = text_begin();
    const DdlClause *c = one->ddl;

    switch (c->kind) {
    case CLAUSE_PRIMARY_KEY:
        text_append(out, "primary key ");
        shapeKey(a, out, shape, one, names);
        break;
    case CLAUSE_UNIQUE:
        text_append(out, "unique ");
        shapeKey(a, out, shape, one, names);
        break;
    case CLAUSE_FOREIGN_KEY:
        text_append(out, "foreign key ");
        shapeKey(a, out, shape, one, names);
        shapeReferences(a, out, c, renames);
        break;
    default:
        text_append(out, "check (%Ts)", normal_expr(a, c->body, &names->names));
    }
    text_append(out, "%s", shapeConflict(a, c->conflict));
    one->text = text_of(text_finish(a, out));
}

MIG_FUNC void shape_tell(Arena *a, Shape *shape, const Renames *renames)
{
    ShapeNames names;
    int i;

    shape_names(a, shape, renames, &names);
    for (i = 0; i < shape->t.ncolumn && ok(a); i++) {
        shape->column[i].name = normal_name(a, rename_column(a, renames,
            shape->object->name, shape->t.column[i].name));
        shapeColumnTexts(a, &shape->column[i], &names);
    }
    for (i = 0; i < shape->n && ok(a); i++)
        shapeClauseText(a, shape, &shape->v[i], &names, renames);
}

/* ---- signatures ---- */

static int shapeCompareClauses(const void *x, const void *y)
{
    const ShapeClause *const *p = x, *const *q = y;
    int c = text_compare((*p)->text, (*q)->text);

    return c ? c : text_compare((*p)->name, (*q)->name);
}

MIG_FUNC Text shape_signature(Arena *a, const Shape *shape)
{
    const ShapeClause **sorted = ARENA_NEW(a, const ShapeClause *, shape->n + 1);
    sqlite3_str *out = text_begin();
    int i, k;

    for (i = 0; i < shape->t.ncolumn && sorted; i++) {
        text_append(out, "%Ts", normal_quote(a, shape->column[i].name));
        for (k = 0; k < SHAPE_PART_COUNT; k++)
            text_append(out, "|%Ts", shape->column[i].part[k]);
        text_append(out, "\n");
    }
    for (i = 0; i < shape->n && sorted; i++)
        sorted[i] = &shape->v[i];
    if (sorted)
        qsort(sorted, (size_t)shape->n, sizeof *sorted, shapeCompareClauses);
    for (i = 0; i < shape->n && sorted; i++)
        text_append(out, "%Ts %Ts\n", sorted[i]->name, sorted[i]->text);
    text_append(out, "%d%d%d", shape->t.is_strict,
                shape->t.is_without_rowid, shape->is_autoincrement);
    return text_of(text_finish(a, out));
}

/* True if the clause is about column i. */
static int shapeIsAbout(Arena *a, const Shape *shape, const ShapeClause *one, int i)
{
    Text name = shape->t.column[i].name;
    int k;

    if (one->column == i)
        return 1;
    if (one->ddl->kind == CLAUSE_CHECK)
        return ddl_mentions(a, one->ddl->body, name);
    for (k = 0; k < one->ddl->nterm; k++)
        if (text_eq_nocase(one->ddl->term[k].column, name))
            return 1;
    return 0;
}

MIG_FUNC Text shape_column_signature(Arena *a, const Shape *shape, int i)
{
    sqlite3_str *out = text_begin();
    Shape other = *shape;
    Renames anonymous = {0};
    Rename one = {shape->object->name, {NULL, 0}, {NULL, 0}, 0};
    ShapeNames names;
    int k;

    one.from = shape->t.column[i].name;
    one.to = text_of("?");
    rename_push(a, &anonymous, one);
    other.column = ARENA_NEW(a, ShapeColumn, shape->t.ncolumn);
    other.v = ARENA_NEW(a, ShapeClause, shape->n + 1);
    if (!ok(a)) {
        sqlite3_free(sqlite3_str_finish(out));
        return text_of("");
    }
    memcpy(other.column, shape->column, sizeof *other.column * (size_t)shape->t.ncolumn);
    if (shape->n)
        memcpy(other.v, shape->v, sizeof *other.v * (size_t)shape->n);
    other.column[i].name = one.to;
    shape_names(a, shape, &anonymous, &names);
    memset(other.column[i].part, 0, sizeof other.column[i].part);
    shapeColumnTexts(a, &other.column[i], &names);
    for (k = 0; k < SHAPE_PART_COUNT; k++)
        text_append(out, "|%Ts", other.column[i].part[k]);
    for (k = 0; k < shape->n && ok(a); k++) {
        if (!shapeIsAbout(a, shape, &shape->v[k], i))
            continue;
        shapeClauseText(a, &other, &other.v[k], &names, &anonymous);
        text_append(out, "\n%Ts %Ts", other.v[k].name, other.v[k].text);
    }
    return text_of(text_finish(a, out));
}
