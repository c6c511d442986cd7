/*
** A pair of tables, compared.  See compare.h.
*/
#include "compare.h"

typedef struct Compare {
    Arena *a;
    const Diff *diff;
    DiffTable *pair;
    int key_dropped;        /* the primary key is dropped, and maybe made anew */
    int is_autoincrement;   /* as far as the items so far have it */
} Compare;

/* One more item, with its action. */
static DiffItem *comparePush(Compare *c, const char *kind, const char *change,
                             Text name, const char *action)
{
    DiffTable *pair = c->pair;
    DiffItem *item;

    if (!ARENA_PUSH(c->a, pair->v, pair->n, pair->cap))
        return NULL;
    item = &pair->v[pair->n++];
    item->kind = kind;
    item->change = change;
    item->name = name;
    item->detail = item->action = action;
    item->column = -1;
    return item;
}

static void compareDanger(DiffItem *item, const char *danger)
{
    if (item)
        item->danger = danger;
}

static void compareDetail(DiffItem *item, const char *detail)
{
    if (item)
        item->detail = detail;
}

static const char *compareQuote(const Compare *c, Text name)
{
    return text_copy(c->a, normal_quote(c->a, name));
}

/* "t.c", for people. */
static const char *compareColumnName(const Compare *c, Text column)
{
    return text_format(c->a, "%Ts.%Ts", c->pair->to->name, column);
}

/* ---- types ---- */

/* What a change of type may do to values. */
static const char *compareTypeDanger(const Compare *c, Text column, Text from, Text to)
{
    const char *old = ddl_affinity(from), *new = ddl_affinity(to);
    const char *what = compareColumnName(c, column);

    if (c->pair->new.t.is_strict && text_is_nocase(to, "any"))
        return NULL;
    if (strcmp(old, new) == 0 || strcmp(new, "BLOB") == 0)
        return c->pair->new.t.is_strict ? text_format(c->a, "REVIEW: fails where a "
            "value of %s is no %Ts", what, to) : NULL;
    if (strcmp(new, "TEXT") == 0 && strcmp(old, "REAL") != 0
        && strcmp(old, "NUMERIC") != 0)
        return NULL;
    if (strcmp(new, "NUMERIC") == 0 && strcmp(old, "INTEGER") == 0)
        return NULL;
    return text_format(c->a, "DESTRUCTIVE: values of %s become %s where they look "
        "like it; leading zeros and digits beyond its range are lost", what, new);
}

/* ---- constraints ---- */

static const char *compareKind(ClauseKind kind)
{
    switch (kind) {
    case CLAUSE_PRIMARY_KEY: return "primary key";
    case CLAUSE_UNIQUE:      return "unique";
    case CLAUSE_CHECK:       return "check";
    default:                 return "foreign key";
    }
}

/* The columns of a key: bare, which names an unnamed one, or as the author has
** them. */
static const char *compareKey(const Compare *c, const Shape *shape,
                              const ShapeClause *one, int is_bare)
{
    sqlite3_str *out;
    int i;

    if (one->column >= 0)
        return compareQuote(c, shape->t.column[one->column].name);
    out = text_begin();
    for (i = 0; i < one->ddl->nterm; i++) {
        const DdlTerm *term = &one->ddl->term[i];
        Text text = is_bare ? normal_quote(c->a, term->column)
                            : normal_line(c->a, term->all);
        text_append(out, "%s%Ts", i ? ", " : "", text);
    }
    return text_finish(c->a, out);
}

/* Whether a DROP by that means would find another clause, too. */
static int compareIsAmbiguous(const Shape *shape, const ShapeClause *one)
{
    int i, n = 0;

    for (i = 0; i < shape->n; i++) {
        const ShapeClause *other = &shape->v[i];
        if (one->name.n)
            n += text_eq(other->name, one->name);
        else if (one->ddl->kind == CLAUSE_FOREIGN_KEY)
            n += other->ddl->kind == one->ddl->kind
              && text_eq(text_slice(other->text, 0, text_find(other->text, ')')),
                         text_slice(one->text, 0, text_find(one->text, ')')));
        else
            n += text_eq(other->text, one->text);
    }
    return n > 1;
}

static void compareDropClause(Compare *c, const ShapeClause *one)
{
    const Shape *old = &c->pair->old;
    const DdlClause *ddl = one->ddl;
    const char *kind = compareKind(ddl->kind), *action;

    if (ddl->kind == CLAUSE_PRIMARY_KEY)
        c->key_dropped = 1;
    if (compareIsAmbiguous(old, one))
        c->pair->rebuild = "constraints of one name";
    if (one->name.n && ddl->kind != CLAUSE_PRIMARY_KEY)
        action = text_format(c->a, "DROP CONSTRAINT %s", compareQuote(c, ddl->name));
    else if (ddl->kind == CLAUSE_PRIMARY_KEY)
        action = "DROP PRIMARY KEY";
    else if (ddl->kind == CLAUSE_CHECK)
        action = text_format(c->a, "DROP CHECK (%Ts)",
                             normal_line(c->a, ddl->body));
    else
        action = text_format(c->a, "DROP %s (%s)", ddl->kind == CLAUSE_UNIQUE
                             ? "UNIQUE" : "FOREIGN KEY", compareKey(c, old, one, 1));
    comparePush(c, kind, "drop", ddl->name, action);
}

/* " ON CONFLICT x" */
static const char *compareConflict(const Compare *c, const DdlClause *ddl)
{
    return ddl->conflict.n ? text_format(c->a, " ON CONFLICT %Ts",
                                         ddl->conflict) : "";
}

/* REFERENCES ..., as the author has it. */
static Text compareReferences(const Compare *c, const DdlClause *ddl)
{
    int offset = 0;

    for (;;) {
        Token token = token_next_solid(ddl->all, &offset);
        if (token.kind == TOKEN_END)
            return text_of("");
        if (token_is(token, "REFERENCES"))
            return normal_line(c->a, text_slice(ddl->all, token.offset, ddl->all.n));
    }
}

static const char *compareClauseSql(const Compare *c, const Shape *shape,
                                    const ShapeClause *one)
{
    const DdlClause *ddl = one->ddl;
    const char *name = ddl->name.n ? text_format(c->a, "CONSTRAINT %Ts ",
                       ddl->name_token) : "";
    const char *columns = compareKey(c, shape, one, 0);

    switch (ddl->kind) {
    case CLAUSE_PRIMARY_KEY:
        return text_format(c->a, "%sPRIMARY KEY (%s%s)%s", name, columns,
                           one->column >= 0 && ddl->is_desc ? " DESC" : "",
                           compareConflict(c, ddl));
    case CLAUSE_UNIQUE:
        return text_format(c->a, "%sUNIQUE (%s)%s", name, columns,
                           compareConflict(c, ddl));
    case CLAUSE_CHECK:
        return text_format(c->a, "%sCHECK (%Ts)", name,
                           normal_line(c->a, ddl->body));
    default:
        return text_format(c->a, "%sFOREIGN KEY (%s) %Ts", name, columns,
                           compareReferences(c, ddl));
    }
}

static const char *compareClauseDanger(const Compare *c, const DdlClause *ddl,
                                       const char *columns)
{
    const char *table = text_copy(c->a, c->pair->to->name);

    switch (ddl->kind) {
    case CLAUSE_PRIMARY_KEY: case CLAUSE_UNIQUE:
        return text_format(c->a, "REVIEW: fails if rows of %s have the same (%s)",
                           table, columns);
    case CLAUSE_CHECK:
        return text_format(c->a, "REVIEW: fails if a row of %s does not hold it",
                           table);
    default:
        return text_format(c->a, "REVIEW: fails if a row of %s refers to nothing",
                           table);
    }
}

static void compareAddClause(Compare *c, const ShapeClause *one)
{
    const Shape *new = &c->pair->new;
    const DdlClause *ddl = one->ddl;
    const char *sql = compareClauseSql(c, new, one);
    DiffItem *item = comparePush(c, compareKind(ddl->kind), "add", ddl->name,
                                 text_format(c->a, "ADD %s", sql));

    compareDanger(item, compareClauseDanger(c, ddl, compareKey(c, new, one, 0)));
    /* of a column that is no other name for the rowid because of DESC */
    if (ddl->kind == CLAUSE_PRIMARY_KEY && ddl->is_desc && one->column >= 0
        && text_is_nocase(ddl_type(&new->t.column[one->column]), "integer"))
        c->pair->rebuild = "INTEGER PRIMARY KEY DESC";
    if (ddl->kind == CLAUSE_CHECK && ddl->conflict.n)
        c->pair->rebuild = "ON CONFLICT of a CHECK";
}

/* Goes with a column that is dropped, or comes with one that is added. */
static int compareIsOfColumn(const ShapeClause *one, const int *other)
{
    return one->column >= 0 && other[one->column] < 0;
}

static void compareRenameClause(Compare *c, const ShapeClause *old,
                                const ShapeClause *new)
{
    comparePush(c, compareKind(old->ddl->kind), "rename", new->ddl->name,
        text_format(c->a, "RENAME CONSTRAINT %s TO %s",
                    compareQuote(c, old->ddl->name), compareQuote(c, new->ddl->name)));
    if (compareIsAmbiguous(&c->pair->old, old))
        c->pair->rebuild = "constraints of one name";
}

/* Pairs the clauses that are the same; is_named: the name, too.  Two that differ in
** their names alone are a rename if both have one. */
static void comparePairClauses(Compare *c, int is_named)
{
    Shape *old = &c->pair->old, *new = &c->pair->new;
    int i, j;

    for (j = 0; j < new->n; j++) {
        ShapeClause *x = &new->v[j];
        for (i = 0; i < old->n && !x->is_matched; i++) {
            ShapeClause *y = &old->v[i];
            if (y->is_matched || !text_eq(x->text, y->text)
                || compareIsOfColumn(x, c->pair->from_of)
                || compareIsOfColumn(y, c->pair->to_of))
                continue;
            if (is_named ? !text_eq(x->name, y->name)
                         : x->name.n == 0 || y->name.n == 0)
                continue;
            x->is_matched = y->is_matched = 1;
            if (!is_named)
                compareRenameClause(c, y, x);
        }
    }
}

static void compareDropClauses(Compare *c)
{
    const Shape *old = &c->pair->old;
    int i;

    for (i = 0; i < old->n; i++) {
        if (old->v[i].is_matched)
            continue;
        if (!compareIsOfColumn(&old->v[i], c->pair->to_of))
            compareDropClause(c, &old->v[i]);
        else if (old->v[i].ddl->kind == CLAUSE_PRIMARY_KEY)
            c->key_dropped = 1;
    }
}

static void compareAddClauses(Compare *c)
{
    const Shape *new = &c->pair->new;
    int i;

    for (i = 0; i < new->n; i++) {
        if (new->v[i].is_matched)
            continue;
        if (!compareIsOfColumn(&new->v[i], c->pair->from_of))
            compareAddClause(c, &new->v[i]);
        else
            c->is_autoincrement |= new->v[i].ddl->is_autoincrement;
    }
}

/* ---- columns ---- */

/* Drops first what has a name that is needed, and last all other: an expression may
** have used it until then. */
static void compareDropColumns(Compare *c, int is_first)
{
    const Shape *old = &c->pair->old;
    int i;

    for (i = 0; i < old->t.ncolumn; i++) {
        Text name = old->t.column[i].name;
        DiffItem *item;
        if (c->pair->to_of[i] >= 0
            || is_first != (shape_find(c->a, &c->pair->new, name) >= 0))
            continue;
        item = comparePush(c, "column", "drop", name,
            text_format(c->a, "DROP COLUMN %s", compareQuote(c, name)));
        if (old->column[i].part[SHAPE_GENERATED].n == 0)
            compareDanger(item, text_format(c->a, "DESTRUCTIVE: the values of %s are "
                          "lost", compareColumnName(c, name)));
    }
}

static void compareRenameItem(Compare *c, Text from, Text to, int is_guess)
{
    DiffItem *item = comparePush(c, "column", "rename", to,
        text_format(c->a, "RENAME COLUMN %s TO %s", compareQuote(c, from),
                    compareQuote(c, to)));

    if (is_guess)
        compareDanger(item, text_format(c->a, "REVIEW: taken for a rename, because "
            "they match in all but the name; if %Ts is gone and %Ts is new, write "
            "DROP COLUMN and ADD COLUMN", from, to));
}

/* Whether nobody said that old column i was renamed. */
static int compareIsGuess(const Compare *c, int i)
{
    const Rename *one = rename_find(c->a, &c->diff->renames, c->pair->from->name,
                                    c->pair->old.t.column[i].name);

    return one && one->is_guess;
}

/* A name that no column has, before or after. */
static Text compareFreeName(const Compare *c)
{
    int i;

    for (i = 1; ; i++) {
        Text name = text_of(text_format(c->a, "_migrate_%d", i));
        if (!ok(c->a) || (shape_find(c->a, &c->pair->old, name) < 0
                          && shape_find(c->a, &c->pair->new, name) < 0))
            return name;
    }
}

/* Renames, each when its new name is free; a ring of them by way of another name. */
static void compareRenameColumns(Compare *c)
{
    const Shape *old = &c->pair->old, *new = &c->pair->new;
    int n = old->t.ncolumn, i, left = 0, moved;
    Text *now = ARENA_NEW(c->a, Text, n + 1);

    for (i = 0; i < n && now; i++) {
        now[i] = old->t.column[i].name;
        left += c->pair->to_of[i] >= 0
             && !text_eq_nocase(now[i], new->t.column[c->pair->to_of[i]].name);
    }
    while (left > 0 && now && ok(c->a)) {
        int stuck = -1;
        moved = 0;
        for (i = 0; i < n; i++) {
            int j = c->pair->to_of[i], k, is_free = 1;
            Text to;
            if (j < 0 || text_eq_nocase(now[i], (to = new->t.column[j].name)))
                continue;
            for (k = 0; k < n; k++)
                is_free &= k == i || c->pair->to_of[k] < 0
                        || !text_eq_nocase(now[k], to);
            stuck = i;
            if (!is_free)
                continue;
            compareRenameItem(c, now[i], to, compareIsGuess(c, i));
            now[i] = to;
            left--;
            moved = 1;
        }
        if (!moved && stuck >= 0) {
            Text name = compareFreeName(c);
            compareRenameItem(c, now[stuck], name, 0);
            now[stuck] = name;
        }
    }
}

static void compareDefault(Compare *c, const DdlColumn *column, const char *name)
{
    const DdlClause *clause = ddl_clause(column, CLAUSE_DEFAULT);

    if (clause)
        comparePush(c, "column", "change", column->name, text_format(c->a,
            "ALTER COLUMN %s SET DEFAULT %Ts", name,
            normal_line(c->a, clause->body)));
    else
        comparePush(c, "column", "change", column->name, text_format(c->a,
            "ALTER COLUMN %s DROP DEFAULT", name));
}

static void compareNotNull(Compare *c, Text before, Text after, Text column,
                           const char *name)
{
    DiffItem *item;

    if (after.n && !text_is(after, "not null"))
        c->pair->rebuild = "a name or ON CONFLICT of NOT NULL";
    else if (before.n && !text_is(before, "not null"))
        c->pair->rebuild = "a name or ON CONFLICT of NOT NULL";
    item = comparePush(c, "column", "change", column, text_format(c->a,
        "ALTER COLUMN %s %s NOT NULL", name, after.n ? "SET" : "DROP"));
    if (after.n)
        compareDanger(item, text_format(c->a, "REVIEW: fails if a row has no value "
            "in %s", compareColumnName(c, column)));
}

static void compareCollate(Compare *c, const DdlColumn *column, const char *name)
{
    const DdlClause *clause = ddl_clause(column, CLAUSE_COLLATE);
    const char *what = compareColumnName(c, column->name);
    DiffItem *item = comparePush(c, "column", "change", column->name, clause
        ? text_format(c->a, "ALTER COLUMN %s SET COLLATE %s", name,
                      compareQuote(c, clause->body))
        : text_format(c->a, "ALTER COLUMN %s DROP COLLATE", name));

    compareDanger(item, text_format(c->a, "REVIEW: what is equal in %s changes; fails "
        "if a key of it gets the same value twice", what));
}

static void compareGenerated(Compare *c, const DdlColumn *column, Text before,
                             const char *name)
{
    const DdlClause *clause = ddl_clause(column, CLAUSE_GENERATED);
    DiffItem *item;

    if (!clause) {
        comparePush(c, "column", "change", column->name, text_format(c->a,
            "ALTER COLUMN %s DROP EXPRESSION", name));
        return;
    }
    item = comparePush(c, "column", "change", column->name, text_format(c->a,
        "ALTER COLUMN %s SET GENERATED ALWAYS AS (%Ts) %s", name,
        normal_line(c->a, clause->body),
        clause->is_stored ? "STORED" : "VIRTUAL"));
    if (before.n == 0)
        compareDanger(item, text_format(c->a, "DESTRUCTIVE: the values of %s are "
            "lost, they are computed now", compareColumnName(c, column->name)));
}

/* A column that both have. */
static void compareColumn(Compare *c, const ShapeColumn *old, const ShapeColumn *new)
{
    const DdlColumn *column = new->ddl;
    const char *name = compareQuote(c, column->name);
    DiffItem *item;

    if (!text_eq(old->part[SHAPE_TYPE], new->part[SHAPE_TYPE])) {
        item = comparePush(c, "column", "change", column->name, text_format(c->a,
            "ALTER COLUMN %s TYPE %Ts", name, normal_line(c->a, column->type)));
        compareDetail(item, text_format(c->a, "type \"%Ts\", was \"%Ts\"",
            normal_line(c->a, column->type),
            normal_line(c->a, old->ddl->type)));
        compareDanger(item, compareTypeDanger(c, column->name, old->ddl->type,
                                              column->type));
        if (column->type.n == 0)
            c->pair->rebuild = "a column without a type";
    }
    if (!text_eq(old->part[SHAPE_GENERATED], new->part[SHAPE_GENERATED]))
        compareGenerated(c, column, old->part[SHAPE_GENERATED], name);
    if (!text_eq(old->part[SHAPE_DEFAULT], new->part[SHAPE_DEFAULT]))
        compareDefault(c, column, name);
    if (!text_eq(old->part[SHAPE_COLLATE], new->part[SHAPE_COLLATE]))
        compareCollate(c, column, name);
    if (!text_eq(old->part[SHAPE_NOT_NULL], new->part[SHAPE_NOT_NULL]))
        compareNotNull(c, old->part[SHAPE_NOT_NULL], new->part[SHAPE_NOT_NULL],
                       column->name, name);
    if (!text_eq(old->part[SHAPE_NAMES], new->part[SHAPE_NAMES])) {
        c->pair->rebuild = "a name of DEFAULT, COLLATE or AS";
        item = comparePush(c, "column", "change", column->name, NULL);
        compareDetail(item, c->pair->rebuild);
    }
}

/* Columns that both have and that stand in another order; an item for each that
** would have to be moved past one before it. */
static void compareOrder(Compare *c)
{
    const Shape *new = &c->pair->new;
    int j, last = -1;

    for (j = 0; j < new->t.ncolumn; j++) {
        int i = c->pair->from_of[j];
        if (i < 0)
            continue;
        if (i < last) {
            DiffItem *item = comparePush(c, "column", "move",
                                         new->t.column[j].name, NULL);
            compareDetail(item, text_format(c->a, "column %d, was %d", j + 1, i + 1));
            c->pair->is_moved = 1;
        } else {
            last = i;
        }
    }
    if (c->pair->is_moved)
        c->pair->rebuild = "the order of columns";
}

/* " FIRST", " AFTER c", or nothing at the end. */
static const char *comparePlace(const Compare *c, int j)
{
    const Shape *new = &c->pair->new;
    int k;

    for (k = j; k < new->t.ncolumn; k++)
        if (c->pair->from_of[k] >= 0)
            break;
    if (k == new->t.ncolumn)
        return "";
    if (j == 0)
        return " FIRST";
    return text_format(c->a, " AFTER %s", compareQuote(c, new->t.column[j - 1].name));
}

static void compareAddColumns(Compare *c)
{
    const Shape *new = &c->pair->new;
    int j;

    for (j = 0; j < new->t.ncolumn; j++) {
        const DdlColumn *column = &new->t.column[j];
        const ShapeColumn *shape = &new->column[j];
        const char *what = compareColumnName(c, column->name);
        DiffItem *item;
        if (c->pair->from_of[j] >= 0)
            continue;
        item = comparePush(c, "column", "add", column->name, text_format(c->a,
            "ADD COLUMN %Ts%s", normal_line(c->a, column->all),
            comparePlace(c, j)));
        if (item)
            item->column = j;
        if (shape->part[SHAPE_NOT_NULL].n && shape->part[SHAPE_GENERATED].n == 0
            && (shape->part[SHAPE_DEFAULT].n == 0
                || text_is(shape->part[SHAPE_DEFAULT], "null")))
            compareDanger(item, text_format(c->a, "REVIEW: fails if the table has "
                "rows: they have no value for %s, and there is no default", what));
        else if (ddl_clause(column, CLAUSE_UNIQUE)
                 && shape->part[SHAPE_DEFAULT].n)
            compareDanger(item, text_format(c->a, "REVIEW: fails if the table has "
                "more than one row: all get the default of %s", what));
        else if (ddl_clause(column, CLAUSE_CHECK))
            compareDanger(item, text_format(c->a, "REVIEW: fails if a row does not "
                "hold the CHECK of %s", what));
        else if (ddl_clause(column, CLAUSE_FOREIGN_KEY)
                 && shape->part[SHAPE_DEFAULT].n)
            compareDanger(item, text_format(c->a, "REVIEW: fails if the default of %s "
                "refers to nothing", what));
    }
}

/* ---- options ---- */

static void compareOption(Compare *c, const char *word, int before, int after,
                          const char *danger)
{
    DiffItem *item;

    if (before == after)
        return;
    item = comparePush(c, "option", after ? "add" : "drop", text_of(word),
                       text_format(c->a, "%s %s", after ? "SET" : "DROP", word));
    if (after && danger)
        compareDanger(item, danger);
}

static int compareHasAny(const DdlTable *table)
{
    int i;

    for (i = 0; i < table->ncolumn; i++)
        if (text_is_nocase(ddl_type(&table->column[i]), "any"))
            return 1;
    return 0;
}

static void compareOptions(Compare *c)
{
    const DdlTable *old = &c->pair->old.t, *new = &c->pair->new.t;

    compareOption(c, "AUTOINCREMENT", c->is_autoincrement,
                  c->pair->new.is_autoincrement, NULL);
    compareOption(c, "WITHOUT ROWID", old->is_without_rowid, new->is_without_rowid,
                  "REVIEW: fails if a row has no primary key; rowids are lost");
    compareOption(c, "STRICT", old->is_strict, new->is_strict,
                  "REVIEW: fails if a value is not of its column's type");
    if (old->is_strict && !new->is_strict && compareHasAny(new))
        compareDanger(&c->pair->v[c->pair->n - 1], "DESTRUCTIVE: without STRICT a "
            "column of type ANY makes numbers of texts that look like one");
}

MIG_FUNC void compare_tables(Arena *a, const Diff *diff, DiffTable *pair)
{
    Compare c = {a, diff, pair, 0, 0};
    Renames none = {0};
    int j;

    shape_tell(a, &pair->old, &diff->renames);
    shape_tell(a, &pair->new, &none);
    if (!ok(a))
        return;
    comparePairClauses(&c, 1);
    comparePairClauses(&c, 0);
    compareDropClauses(&c);
    compareDropColumns(&c, 1);
    compareRenameColumns(&c);
    compareAddColumns(&c);
    for (j = 0; j < pair->new.t.ncolumn && ok(a); j++)
        if (pair->from_of[j] >= 0)
            compareColumn(&c, &pair->old.column[pair->from_of[j]],
                          &pair->new.column[j]);
    compareDropColumns(&c, 0);
    compareOrder(&c);
    c.is_autoincrement = pair->old.is_autoincrement && !c.key_dropped;
    compareAddClauses(&c);
    compareOptions(&c);
}
