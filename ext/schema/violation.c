/*
** Rows that do not hold what a table asks of them.  See violation.h.
*/
#include "violation.h"

#include "../sql/normal.h"

/* ---- reporting ---- */

/* The columns of the key of a table without rowids, as an expression that shows
** their values. */
static const char *violationKey(Arena *a, const DdlTable *table)
{
    sqlite3_str *str = text_begin();
    const char *between = "'('";
    int i, j;

    for (i = 0; i < table->ncolumn; i++) {
        if (!ddl_clause(&table->column[i], CLAUSE_PRIMARY_KEY))
            continue;
        text_append(str, "%s || quote(\"%Tw\")", between, table->column[i].name);
        between = " || ', '";
    }
    for (i = 0; i < table->n; i++) {
        for (j = 0; j < table->v[i].nterm
             && table->v[i].kind == CLAUSE_PRIMARY_KEY; j++) {
            text_append(str, "%s || quote(\"%Tw\")", between,
                        table->v[i].term[j].column);
            between = " || ', '";
        }
    }
    text_append(str, " || ')'");
    return text_finish(a, str);
}

/* What is said of one row, and of many. */
typedef struct Verb {
    const char *one, *many;
} Verb;

static const Verb verbNull = {"row is NULL", "rows are NULL"};
static const Verb verbFail = {"row fails", "rows fail"};
static const Verb verbShare = {"row holds a value that another has",
                               "rows hold values that others have"};
static const Verb verbType = {"row holds another type", "rows hold another type"};

/* what: rows, and the first of them; the query gives their number and where the
** first is. */
static void violationReport(Work *w, const Violation *v, const char *what,
                            const Verb *verb, const char *query)
{
    sqlite3_stmt *stmt = db_prepare(w->a, w->db, "%s", query);
    i64 n = 0;
    Text first = {NULL, 0};

    if (db_step(w->a, stmt)) {
        n = db_int(stmt, 0);
        first = db_text(w->a, stmt, 1);
    }
    db_finish(stmt);
    if (!ok(w->a) || n == 0)
        return;
    err_set(w->a->err, ERR_CONSTRAINT, "%s: %lld %s, the first at %s%Ts", what, n,
            n == 1 ? verb->one : verb->many, relation_rowid_name(v->rows)
            ? "rowid " : "", first);
}

/* Where the first row of a group is, as an aggregate. */
static const char *violationFirst(Arena *a, const Violation *v)
{
    const char *rowid = relation_rowid_name(v->rows);

    if (rowid)
        return text_format(a, "min(%s)", rowid);
    if (v->rows->is_without_rowid)
        return text_format(a, "min(%s)", violationKey(a, v->rows));
    return "'?'";
}

/* Where the first of those rows is of which the condition is true.  Keys as text have
** another order than the table. */
static const char *violationFirstOf(Arena *a, const Violation *v,
                                    const char *condition)
{
    if (!v->rows->is_without_rowid)
        return violationFirst(a, v);
    return text_format(a, "(SELECT %s FROM %s NOT INDEXED WHERE %s LIMIT 1)",
                       violationKey(a, v->rows), v->from, condition);
}

/* Reports the rows of which the condition is true. */
static void violationRows(Work *w, const Violation *v, const char *what,
                          const Verb *verb, const char *condition)
{
    if (!ok(w->a) || !work_any(w, v->from, condition) || !ok(w->a))
        return;
    violationReport(w, v, what, verb, text_format(w->a, "SELECT count(*), %s "
                    "FROM %s WHERE %s", violationFirstOf(w->a, v, condition),
                    v->from, condition));
}

/* ---- what a clause says ---- */

static int violationSameTerms(Arena *a, const DdlClause *x, const DdlClause *y)
{
    int i;

    if (x->nterm != y->nterm || x->nparent != y->nparent)
        return 0;
    for (i = 0; i < x->nterm; i++)
        if (!text_eq(normal_sql(a, x->term[i].all), normal_sql(a, y->term[i].all)))
            return 0;
    for (i = 0; i < x->nparent; i++)
        if (!text_eq_nocase(x->parent_term[i].column, y->parent_term[i].column))
            return 0;
    return 1;
}

static int violationSame(Arena *a, const DdlClause *x, const DdlClause *y)
{
    return x->kind == y->kind && violationSameTerms(a, x, y)
        && text_eq_nocase(x->parent, y->parent)
        && text_eq(normal_sql(a, x->body), normal_sql(a, y->body));
}

/* True if a clause of the table, or of its column of that name, says the same. */
static int violationIsHeld(Arena *a, const DdlTable *table, Text column,
                               const DdlClause *clause)
{
    int i, at = column.z ? ddl_find_column(table, column) : -1;

    if (column.z) {
        for (i = 0; at >= 0 && i < table->column[at].n; i++)
            if (violationSame(a, &table->column[at].v[i], clause))
                return 1;
        return 0;
    }
    for (i = 0; i < table->n; i++)
        if (violationSame(a, &table->v[i], clause))
            return 1;
    return 0;
}

static int violationIsNew(Work *w, const Violation *v, Text column,
                          const DdlClause *clause)
{
    return ok(w->a) && (!v->held || !violationIsHeld(w->a, v->held, column, clause));
}

/* What the message calls a constraint of the table. */
static const char *violationName(Arena *a, const DdlTable *table,
                                 const DdlClause *clause, const char *kind)
{
    return text_format(a, "%s%s%Ts on %Ts", kind, clause->name.z ? " " : "",
                       clause->name, table->name);
}

/* ---- the constraints ---- */

static void violationNull(Work *w, const Violation *v, Text column)
{
    violationRows(w, v, text_format(w->a, "NOT NULL on %Ts.%Ts",
        v->wanted->name, column), &verbNull,
        text_format(w->a, "\"%Tw\" IS NULL", column));
}

/* The expression on its own lines: it may end with a comment. */
static void violationCheck(Work *w, const Violation *v, const DdlClause *clause)
{
    const char *name = violationName(w->a, v->wanted, clause, "CHECK");

    if (!clause->name.z)
        name = text_format(w->a, "%s (%Ts)", name, text_trim(clause->body));
    violationRows(w, v, name, &verbFail,
                  text_format(w->a, "NOT (%Ts\n)", clause->body));
}

/* The columns of a key as a list, and that none of them is NULL. */
static void violationKeyColumns(const DdlClause *clause, Text column,
                                sqlite3_str *list, sqlite3_str *filled)
{
    int i;

    if (!clause->nterm) {
        text_append(list, "\"%Tw\"", column);
        text_append(filled, "\"%Tw\" NOT NULL", column);
    }
    for (i = 0; i < clause->nterm; i++) {
        const DdlTerm *term = &clause->term[i];
        text_append(list, "%s\"%Tw\"", i ? ", " : "", term->column);
        if (term->collate.z)
            text_append(list, " COLLATE \"%Tw\"", term->collate);
        text_append(filled, "%s\"%Tw\" NOT NULL", i ? " AND " : "", term->column);
    }
}

/* "UNIQUE name on t (a, b)"; of a column "UNIQUE on t.a". */
static const char *violationKeyName(Arena *a, const DdlTable *table,
                                    const DdlClause *clause, Text column)
{
    const char *kind = clause->kind == CLAUSE_PRIMARY_KEY ? "PRIMARY KEY" : "UNIQUE";
    Names columns = {0};
    int i;

    if (!clause->nterm)
        return text_format(a, "%s on %Ts.%Ts", kind, table->name, column);
    for (i = 0; i < clause->nterm; i++)
        names_push(a, &columns, clause->term[i].column);
    return text_format(a, "%s (%s)", violationName(a, table, clause, kind),
                       names_join(a, &columns, ", "));
}

static void violationUnique(Work *w, const Violation *v, const DdlClause *clause,
                            Text column)
{
    sqlite3_str *list = text_begin(), *filled = text_begin();
    const char *columns, *given, *what;

    violationKeyColumns(clause, column, list, filled);
    columns = text_finish(w->a, list);
    given = text_finish(w->a, filled);
    what = violationKeyName(w->a, v->wanted, clause, column);
    if (ok(w->a))
        violationReport(w, v, what, &verbShare,
            /* the table may have columns of any name */
            text_format(w->a, "SELECT ifnull(sum(_migrate_n), 0), min(_migrate_first) "
                "FROM (SELECT count(*) AS _migrate_n, %s AS _migrate_first FROM %s "
                "WHERE %s GROUP BY %s HAVING count(*) > 1)",
                violationFirst(w->a, v), v->from, given, columns));
}

/* The columns of a primary key are never NULL in WITHOUT ROWID and STRICT tables; and
** a NULL that becomes a rowid would get another value. */
static void violationKeyNulls(Work *w, const Violation *v, const DdlClause *clause,
                              Text column)
{
    int i;

    if (!v->wanted->is_without_rowid && !v->wanted->is_strict
        && ddl_rowid_column(v->wanted) < 0)
        return;
    for (i = 0; i < clause->nterm && ok(w->a); i++)
        violationNull(w, v, clause->term[i].column);
    if (!clause->nterm)
        violationNull(w, v, column);
}

static void violationPrimaryKey(Work *w, const Violation *v, const DdlClause *clause,
                                Text column)
{
    int rowid = ddl_rowid_column(v->wanted);

    violationKeyNulls(w, v, clause, column);
    if (rowid >= 0 && ok(w->a)) {
        Text name = v->wanted->column[rowid].name;
        violationRows(w, v, text_format(w->a, "INTEGER PRIMARY KEY on %Ts.%Ts",
            v->wanted->name, name), &verbType,
            text_format(w->a, "typeof(\"%Tw\") <> 'integer'", name));
    }
    if (ok(w->a))
        violationUnique(w, v, clause, column);
}

/* The storage class that a STRICT table wants of a column; NULL: any. */
static const char *violationStrictType(Text type)
{
    static const char rule[][2][8] = {
        {"INT", "integer"}, {"INTEGER", "integer"}, {"REAL", "real"},
        {"TEXT", "text"}, {"BLOB", "blob"}
    };
    size_t i;

    for (i = 0; i < sizeof rule / sizeof *rule; i++)
        if (text_is_nocase(type, rule[i][0]))
            return rule[i][1];
    return NULL;
}

/* True if the table has the column, STRICT and of that type. */
static int violationIsType(const DdlTable *table, const DdlColumn *column)
{
    int at = table && table->is_strict ? ddl_find_column(table, column->name) : -1;

    return at >= 0 && text_eq_nocase(ddl_type(&table->column[at]), ddl_type(column));
}

static void violationStrict(Work *w, const Violation *v, const DdlColumn *column)
{
    const char *type = violationStrictType(ddl_type(column));

    if (!ok(w->a) || !type || violationIsType(v->held, column))
        return;
    violationRows(w, v, text_format(w->a, "STRICT %Ts on %Ts.%Ts",
        column->type, v->wanted->name, column->name),
        &verbType, text_format(w->a, "typeof(\"%Tw\") NOT IN ('%s', 'null')",
        column->name, type));
}

/* True if the column's type is to be looked at. */
static int violationIsAsked(const DdlColumn *column, int phases)
{
    return phases & VIOLATION_VALUES
        || (phases & VIOLATION_GENERATED && ddl_clause(column, CLAUSE_GENERATED));
}

static void violationClause(Work *w, const Violation *v, const DdlClause *clause,
                            Text column, int phases)
{
    /* what STRICT adds to a key that was there */
    if (clause->kind == CLAUSE_PRIMARY_KEY && phases & VIOLATION_NULLS
        && v->held && v->wanted->is_strict && !v->held->is_strict)
        violationKeyNulls(w, v, clause, column);
    /* a column that is not there yet */
    if (clause->kind == CLAUSE_NOT_NULL && v->held
        && ddl_find_column(v->held, column) < 0)
        return;
    if (!violationIsNew(w, v, column, clause))
        return;
    if (clause->kind == CLAUSE_NOT_NULL && phases & VIOLATION_NULLS)
        violationNull(w, v, column);
    else if (clause->kind == CLAUSE_CHECK && phases & VIOLATION_VALUES)
        violationCheck(w, v, clause);
    else if (clause->kind == CLAUSE_UNIQUE && phases & VIOLATION_KEYS)
        violationUnique(w, v, clause, column);
    else if (clause->kind == CLAUSE_PRIMARY_KEY && phases & VIOLATION_KEYS)
        violationPrimaryKey(w, v, clause, column);
}

MIG_FUNC void violation_check(Work *w, const Violation *v, int phases)
{
    static const Text none = {NULL, 0};
    const DdlTable *t = v->wanted;
    int i, j;

    for (i = 0; i < t->ncolumn && ok(w->a); i++) {
        for (j = 0; j < t->column[i].n; j++)
            violationClause(w, v, &t->column[i].v[j], t->column[i].name, phases);
        if (t->is_strict && violationIsAsked(&t->column[i], phases))
            violationStrict(w, v, &t->column[i]);
    }
    for (i = 0; i < t->n && ok(w->a); i++)
        violationClause(w, v, &t->v[i], none, phases);
}

/* ---- foreign keys ---- */

/* SQLite counts foreign keys from the last to the first. */
static void violationForeign(Work *w, const DdlTable *table, int key)
{
    char *query = text_format(w->a, "pragma_foreign_key_check(%TQ, %TQ) AS k "
        "WHERE fkid = (SELECT max(id) FROM pragma_foreign_key_list(%TQ, %TQ)) - %d",
        table->name, w->schema, table->name,
        w->schema, key);
    sqlite3_stmt *stmt;

    if (!ok(w->a))
        return;
    stmt = db_prepare(w->a, w->db, "SELECT count(*), min(k.rowid), k.parent FROM %s",
                      query);
    if (db_step(w->a, stmt) && db_int(stmt, 0)) {
        i64 n = db_int(stmt, 0);
        Text first = db_text(w->a, stmt, 1), parent = db_text(w->a, stmt, 2);
        err_set(w->a->err, ERR_FOREIGN_KEY, "FOREIGN KEY on %Ts: %lld %s to no row "
                "of %Ts%s%Ts", table->name, n, n == 1 ? "row refers"
                : "rows refer", parent, first.z
                ? ", the first at rowid " : "", first);
    }
    db_finish(stmt);
    if (ok(w->a) && !w->is_quiet && w->host->check)
        w->host->check(w->host->context, text_of(text_format(w->a,
                       "SELECT NOT EXISTS (SELECT 1 FROM %s)", query)));
}

MIG_FUNC void violation_check_foreign(Work *w, const DdlTable *wanted,
                                      const DdlTable *held)
{
    static const Text none = {NULL, 0};
    int i, j, key = 0;

    for (i = 0; i < wanted->ncolumn; i++) {
        const DdlColumn *column = &wanted->column[i];
        for (j = 0; j < column->n && ok(w->a); j++) {
            if (column->v[j].kind != CLAUSE_FOREIGN_KEY)
                continue;
            if (!violationIsHeld(w->a, held, column->name, &column->v[j]))
                violationForeign(w, wanted, key);
            key++;
        }
    }
    for (i = 0; i < wanted->n && ok(w->a); i++) {
        if (wanted->v[i].kind != CLAUSE_FOREIGN_KEY)
            continue;
        if (!violationIsHeld(w->a, held, none, &wanted->v[i]))
            violationForeign(w, wanted, key);
        key++;
    }
}
