/*
** What a table is to become, and by which way.  See recast.h.
**
** Source of the rules: SQLite's alter.c for what ADD and DROP COLUMN refuse;
** https://www.sqlite.org/lang_altertable.html#otheralter; and trial.
*/
#include "recast.h"

#include "../sql/edit.h"
#include "../sql/reader.h"

MIG_FUNC void recast_begin(Arena *a, Recast *recast, const Relation *relation)
{
    int i;

    memset(recast, 0, sizeof *recast);
    recast->relation = relation;
    recast->ddl = relation->ddl;
    for (i = 0; i < recast->ddl.ncolumn; i++) {
        RecastColumn column = {0};
        if (!ARENA_PUSH(a, recast->v, recast->n, recast->cap))
            return;
        column.name = recast->ddl.column[i].name;
        column.expr = text_of(text_format(a, "\"%Tw\"", column.name));
        recast->v[recast->n++] = column;
    }
}

static int recastFind(const Recast *recast, Text name)
{
    int i;

    for (i = 0; i < recast->n; i++)
        if (text_eq_nocase(recast->v[i].name, name))
            return i;
    return -1;
}

MIG_FUNC const RecastColumn *recast_column(const Recast *recast, Text name)
{
    int i = recastFind(recast, name);
    return i < 0 ? NULL : &recast->v[i];
}

/* ---- who uses a column ---- */

enum {
    USE_KEY = 1,            /* PRIMARY KEY, UNIQUE */
    USE_INDEX = 2,          /* an index, in whatever part of it */
    USE_CHECK = 4,
    USE_GENERATED = 8,      /* another column is made of it */
    USE_CHILD = 16          /* a foreign key of the table */
};

static int recastUseOf(const DdlClause *clause)
{
    switch (clause->kind) {
    case CLAUSE_PRIMARY_KEY:
    case CLAUSE_UNIQUE:      return USE_KEY;
    case CLAUSE_CHECK:       return USE_CHECK;
    case CLAUSE_GENERATED:   return USE_GENERATED;
    case CLAUSE_FOREIGN_KEY: return USE_CHILD;
    default:                 return 0;
    }
}

/* Through those of the table, those of other columns, and, if wanted, its own.  A
** foreign key that refers to it refers to a key, which is a use of its own. */
static int recastUses(Arena *a, const Recast *recast, Text column, int with_own)
{
    const DdlTable *t = &recast->ddl;
    int i, j, uses = 0;

    for (i = 0; i < t->ncolumn; i++) {
        int is_own = text_eq_nocase(t->column[i].name, column);
        for (j = 0; j < t->column[i].n; j++) {
            const DdlClause *clause = &t->column[i].v[j];
            if (is_own ? with_own && clause->kind != CLAUSE_GENERATED
                       : ddl_clause_uses(a, clause, column))
                uses |= recastUseOf(clause);
        }
    }
    for (i = 0; i < t->n; i++)
        if (ddl_clause_uses(a, &t->v[i], column))
            uses |= recastUseOf(&t->v[i]);
    for (i = 0; i < recast->relation->nindex; i++)
        if (relation_index_names(a, &recast->relation->index[i], column))
            uses |= USE_INDEX;
    return uses;
}

/* ---- ADD COLUMN ---- */

/* True for a number with an exponent or a fraction; or, if asked so, one whose fraction
** is nothing. */
static int recastIsReal(Text number, int is_whole)
{
    int point = text_find(number, '.'), i;

    if (text_find(number, 'e') >= 0 || text_find(number, 'E') >= 0)
        return 1;
    for (i = point + 1; point >= 0 && is_whole && i < number.n; i++)
        if (number.z[i] != '0')
            return 0;
    return point >= 0;
}

/* A literal that SQLite reads otherwise in a DEFAULT of ADD COLUMN, where it stands
** for the rows that are there, than in a row that is written: hexadecimal as text,
** 2.0 as 2 without an affinity, and as it is spelled in a column of text. */
static int recastIsOdd(Token token, const char *affinity)
{
    if (token_is_any(token, "TRUE FALSE"))
        return strcmp(affinity, "TEXT") == 0;
    if (token.kind != TOKEN_NUMBER)
        return 0;
    if (text_starts(token.text, "0x") || text_starts(token.text, "0X")
        || text_find(token.text, '_') >= 0)
        return 1;
    if (strcmp(affinity, "TEXT") == 0)
        return recastIsReal(token.text, 0) || token.text.n > 18;
    return strcmp(affinity, "BLOB") == 0 && recastIsReal(token.text, 1);
}

/* A DEFAULT that ALTER TABLE takes where there are rows: a literal. */
static int recastIsConstant(Arena *a, Text value, const char *affinity)
{
    Reader r = reader_begin(a, value);
    Text inside;

    if (reader_take_group(&r, &inside)
        || token_is_any(r.token, "CURRENT_TIME CURRENT_DATE CURRENT_TIMESTAMP"))
        return 0;
    for (; r.token.kind != TOKEN_END; reader_next(&r))
        if (recastIsOdd(r.token, affinity))
            return 0;
    return 1;
}

static int recastIsNull(Arena *a, const DdlClause *value)
{
    Reader r;
    Text inside;

    if (!value)
        return 1;
    r = reader_begin(a, value->body);
    while (reader_take_group(&r, &inside))
        r = reader_begin(a, inside);
    return reader_is(&r, "NULL");
}

static int recastHasComment(Text sql)
{
    int offset = 0;
    Token token;

    while ((token = token_next(sql, &offset)).kind != TOKEN_END)
        if (token.kind == TOKEN_COMMENT)
            return 1;
    return 0;
}

/* True if a comment stands between the last column and what follows it: SQLite
** before 3.51.1 may put the new one into it. */
static int recastEndsInComment(const DdlTable *table)
{
    const DdlColumn *last = &table->column[table->ncolumn - 1];
    int from = (int)(last->all.z - table->sql.z) + last->all.n;
    int to = table->n ? (int)(table->v[0].all.z - table->sql.z)
                      : (int)(table->body.z - table->sql.z) + table->body.n;

    return recastHasComment(text_slice(table->sql, from, to));
}

MIG_FUNC int recast_is_null(Arena *a, const DdlColumn *column)
{
    return !ddl_clause(column, CLAUSE_GENERATED)
        && recastIsNull(a, ddl_clause(column, CLAUSE_DEFAULT));
}

static ChangeWay recastWayToAdd(Arena *a, Recast *recast,
                               const AlterAction *action)
{
    int is_empty = recast->relation->is_empty;
    const DdlClause *value, *generated;
    DdlColumn column;
    Text stopped;

    if (!ddl_read_column(a, action->words, &column, &stopped))
        return CHANGE_NATIVE;       /* SQLite shall say what is wrong */
    value = ddl_clause(&column, CLAUSE_DEFAULT);
    generated = ddl_clause(&column, CLAUSE_GENERATED);
    if (action->is_first
        || (action->after.z && ddl_find_column(&recast->ddl, action->after)
                               != recast->ddl.ncolumn - 1)
        || ddl_clause(&column, CLAUSE_PRIMARY_KEY)
        || ddl_clause(&column, CLAUSE_UNIQUE)
        || (generated && generated->is_stored)
        || (!is_empty && value && !recastIsConstant(a, value->body,
                               relation_affinity(&recast->ddl, &column)))
        || (!is_empty && ddl_clause(&column, CLAUSE_NOT_NULL)
            && recast_is_null(a, &column))
        || (!recastIsNull(a, value) && ddl_clause(&column, CLAUSE_FOREIGN_KEY)))
        return CHANGE_REBUILD;
    if (generated && ddl_clause(&column, CLAUSE_NOT_NULL))
        recast->is_not_in_place = 1;    /* what is NULL shows in moved rows only */
    /* before 3.44 SQLite took any DEFAULT for a column of a STRICT table */
    if (action->after.z || recastHasComment(action->words)
        || recastEndsInComment(&recast->ddl)
        || (!is_empty && recast->ddl.is_strict && !recastIsNull(a, value)))
        return CHANGE_IN_PLACE;
    return CHANGE_NATIVE;
}

/* ---- DROP COLUMN ---- */

/* SQLite cuts the column out of the text from its name on, or from the comma before
** it: until 3.51.1 it took one in a comment for that. */
static int recastIsCommented(const DdlTable *table, int at)
{
    const DdlColumn *before = at ? &table->column[at - 1] : NULL;
    int from = before ? (int)(before->all.z - table->sql.z) + before->all.n
                      : (int)(table->body.z - table->sql.z);
    int to = at + 1 < table->ncolumn
           ? (int)(table->column[at + 1].all.z - table->sql.z)
           : (int)(table->body.z - table->sql.z) + table->body.n;

    return recastHasComment(text_slice(table->sql, from, to));
}

/* A CHECK or REFERENCES of the column's own goes with it. */
static ChangeWay recastWayToDrop(Arena *a, const Recast *recast, Text name)
{
    const DdlTable *t = &recast->ddl;
    int at = ddl_find_column(t, name);

    if (at < 0)
        return CHANGE_NATIVE;
    if (recastUses(a, recast, name, 0)
        || ddl_clause(&t->column[at], CLAUSE_PRIMARY_KEY)
        || ddl_clause(&t->column[at], CLAUSE_UNIQUE)
        || recastIsCommented(t, at))
        return CHANGE_REBUILD;
    return CHANGE_NATIVE;
}

/* ---- ALTER COLUMN ---- */

/* True if bytes mean the same once the column has no affinity any more: who compares
** it would compare otherwise, and a default that rows are too short for is converted
** as it is read. */
static int recastMayLoseAffinity(Arena *a, const Recast *recast,
                                 const DdlColumn *column)
{
    return !ddl_clause(column, CLAUSE_DEFAULT)
        && !ddl_clause(column, CLAUSE_GENERATED)
        && recastUses(a, recast, column->name, 1) == 0;
}

/* The column that INTEGER PRIMARY KEY makes of one of a table with rowids; without
** them it has an index all the same, but that comes after all others. */
static int recastIntegerKey(const DdlTable *table)
{
    DdlTable with = *table;

    with.is_without_rowid = 0;
    return ddl_rowid_column(&with);
}

/* The table with the column of another type: what that makes of it. */
static ChangeWay recastWayToType(Arena *a, const Recast *recast,
                                const AlterAction *action, int at)
{
    const DdlColumn *column = &recast->ddl.column[at];
    DdlTable changed = recast->ddl;
    const char *before, *after;
    Text stopped;

    if (action->expr.n
        || !ddl_read_table(a, edit_action(a, &recast->ddl, action), &changed, &stopped)
        || recastIntegerKey(&changed) != recastIntegerKey(&recast->ddl))
        return CHANGE_REBUILD;
    before = relation_affinity(&recast->ddl, column);
    after = relation_affinity(&changed, &changed.column[at]);
    if (strcmp(before, after) == 0)
        return CHANGE_IN_PLACE;
    /* a REAL may be stored as an integer */
    if (strcmp(after, "BLOB") == 0 && strcmp(before, "REAL") != 0
        && recastMayLoseAffinity(a, recast, column))
        return CHANGE_IN_PLACE;
    return CHANGE_REBUILD;
}

static ChangeWay recastWayToCollate(Arena *a, Recast *recast, int at)
{
    int uses = recastUses(a, recast, recast->ddl.column[at].name, 1);

    if (uses & (USE_KEY | USE_INDEX | USE_GENERATED))
        return CHANGE_REBUILD;
    if (uses & USE_CHECK)
        recast->is_recheck = 1;
    return CHANGE_IN_PLACE;
}

static ChangeWay recastWayToGenerate(Arena *a, Recast *recast,
                                    const AlterAction *action, int at)
{
    const DdlColumn *column = &recast->ddl.column[at];
    const DdlClause *now = ddl_clause(column, CLAUSE_GENERATED), *then;
    DdlTable changed;
    Text stopped;
    int uses;

    if (!now || now->is_stored
        || !ddl_read_table(a, edit_action(a, &recast->ddl, action), &changed, &stopped))
        return CHANGE_REBUILD;
    then = ddl_clause(&changed.column[at], CLAUSE_GENERATED);
    uses = recastUses(a, recast, column->name, 1);
    if (!then || then->is_stored || uses & ~USE_CHECK
        || ddl_clause(column, CLAUSE_NOT_NULL))
        return CHANGE_REBUILD;
    recast->is_recheck = 1;
    return CHANGE_IN_PLACE;
}

/* The action's column, which is there; -1 with the Err set if it is not. */
static int recastAt(Arena *a, const Recast *recast, Text column)
{
    int at = ddl_find_column(&recast->ddl, column);

    if (at < 0)
        err_set(a->err, ERR_SQL, "no such column: %Ts.%Ts",
                recast->ddl.name, column);
    return at;
}

/* A column that is generated as the table stands has no DEFAULT to look at. */
static int recastWasGenerated(const Recast *recast, Text column)
{
    const DdlTable *t = &recast->relation->ddl;
    int at = ddl_find_column(t, column);

    return at >= 0 && ddl_clause(&t->column[at], CLAUSE_GENERATED);
}

static ChangeWay recastWayToAlter(Arena *a, Recast *recast, const AlterAction *action)
{
    int at = recastAt(a, recast, action->column);
    const DdlClause *generated;

    if (at < 0)
        return CHANGE_NOTHING;
    switch (action->kind) {
    case ALTER_TYPE:
        return recastWayToType(a, recast, action, at);
    case ALTER_SET_COLLATE:
    case ALTER_DROP_COLLATE:
        return recastWayToCollate(a, recast, at);
    case ALTER_SET_GENERATED:
        return recastWayToGenerate(a, recast, action, at);
    case ALTER_DROP_EXPRESSION:
        generated = ddl_clause(&recast->ddl.column[at], CLAUSE_GENERATED);
        if (!generated)
            err_set(a->err, ERR_SQL, "%Ts.%Ts is not a generated column",
                    recast->ddl.name, action->column);
        return generated && generated->is_stored ? CHANGE_IN_PLACE : CHANGE_REBUILD;
    case ALTER_SET_DEFAULT:
    case ALTER_DROP_DEFAULT:
        if (recast->v[recastFind(recast, action->column)].is_new
            || recastWasGenerated(recast, action->column))
            return CHANGE_REBUILD;
        names_push(a, &recast->defaults, recast->ddl.column[at].name);
        return CHANGE_IN_PLACE;
    case ALTER_SET_NOT_NULL:        /* of a column that no row has yet */
        return recast_column(recast, action->column)->is_new ? CHANGE_REBUILD
                                                             : CHANGE_IN_PLACE;
    default:
        return CHANGE_IN_PLACE;
    }
}

/* ---- constraints and options ---- */

static ChangeWay recastWayToAddConstraint(Arena *a, const AlterAction *action)
{
    DdlClause clause;
    Text stopped;

    if (ddl_read_clause(a, action->words, &clause, &stopped)
        && (clause.kind == CLAUSE_PRIMARY_KEY || clause.kind == CLAUSE_UNIQUE))
        return CHANGE_REBUILD;
    return CHANGE_IN_PLACE;
}

static ChangeWay recastWayToDropConstraint(Arena *a, Recast *recast,
                                          const AlterAction *action)
{
    int at;
    const DdlClause *clause = edit_find(a, &recast->ddl, action, &at);

    if (!clause)
        return CHANGE_IN_PLACE;
    switch (clause->kind) {
    case CLAUSE_PRIMARY_KEY:
    case CLAUSE_UNIQUE:
    case CLAUSE_GENERATED:
        return CHANGE_REBUILD;
    case CLAUSE_COLLATE:
        return recastWayToCollate(a, recast, at);
    case CLAUSE_DEFAULT:
        names_push(a, &recast->defaults, recast->ddl.column[at].name);
        return CHANGE_IN_PLACE;
    default:
        return CHANGE_IN_PLACE;
    }
}

/* A column of type ANY has no affinity in a STRICT table, and a numeric one
** elsewhere. */
static ChangeWay recastWayToStrict(Arena *a, const Recast *recast, int on)
{
    int i;

    for (i = 0; i < recast->ddl.ncolumn; i++) {
        const DdlColumn *column = &recast->ddl.column[i];
        if (text_is_nocase(ddl_type(column), "ANY")
            && !(on && recastMayLoseAffinity(a, recast, column)))
            return CHANGE_REBUILD;
    }
    return CHANGE_IN_PLACE;
}

static ChangeWay recastWay(Arena *a, Recast *recast, const AlterAction *action)
{
    switch (action->kind) {
    case ALTER_ADD_COLUMN:
        return recastWayToAdd(a, recast, action);
    case ALTER_DROP_COLUMN:
        return recastWayToDrop(a, recast, action->column);
    case ALTER_TYPE:
    case ALTER_SET_DEFAULT:
    case ALTER_DROP_DEFAULT:
    case ALTER_SET_NOT_NULL:
    case ALTER_DROP_NOT_NULL:
    case ALTER_SET_COLLATE:
    case ALTER_DROP_COLLATE:
    case ALTER_SET_GENERATED:
    case ALTER_DROP_EXPRESSION:
        return recastWayToAlter(a, recast, action);
    case ALTER_ADD_CONSTRAINT:
        return recastWayToAddConstraint(a, action);
    case ALTER_DROP_CONSTRAINT:
    case ALTER_DROP_PRIMARY_KEY:
    case ALTER_DROP_UNIQUE:
    case ALTER_DROP_FOREIGN_KEY:
    case ALTER_DROP_CHECK:
        return recastWayToDropConstraint(a, recast, action);
    case ALTER_SET_STRICT:
    case ALTER_DROP_STRICT:
        return recastWayToStrict(a, recast, action->kind == ALTER_SET_STRICT);
    case ALTER_SET_WITHOUT_ROWID:
    case ALTER_DROP_WITHOUT_ROWID:
        return CHANGE_REBUILD;
    default:            /* RENAME CONSTRAINT, AUTOINCREMENT */
        return CHANGE_IN_PLACE;
    }
}

/* ---- where values come from ---- */

/* A new column's DEFAULT as it is now, for one that changes later on in the same
** statement: rows that are there keep it. */
static void recastKeepDefault(Arena *a, Recast *recast, RecastColumn *column)
{
    int at = ddl_find_column(&recast->ddl, column->name);
    const DdlClause *value = at < 0 ? NULL
                           : ddl_clause(&recast->ddl.column[at], CLAUSE_DEFAULT);
    Token token = {TOKEN_END, {NULL, 0}, 0};
    int offset = 0;

    if (!column->is_new || column->expr.z)
        return;
    column->expr = value ? value->body : text_of("NULL");
    if (value)
        token = token_next_solid(value->body, &offset);
    /* DEFAULT takes a name for a string */
    if (token.kind == TOKEN_QUOTED)
        column->expr = text_of(text_format(a, "%TQ", token_name(a, token)));
}

/* The column has other values, or compares otherwise. */
static void recastTouch(RecastColumn *column, int is_regrouped)
{
    column->is_changed = 1;
    column->is_regrouped |= is_regrouped;
}

static void recastInsert(Arena *a, Recast *recast, Text name)
{
    int at = ddl_find_column(&recast->ddl, name), i;

    if (at < 0 || !ARENA_PUSH(a, recast->v, recast->n, recast->cap))
        return;
    for (i = recast->n++; i > at; i--)
        recast->v[i] = recast->v[i - 1];
    memset(&recast->v[at], 0, sizeof recast->v[at]);
    recast->v[at].name = recast->ddl.column[at].name;
    recast->v[at].is_new = 1;
    /* one of that name was dropped */
    if (ddl_find_column(&recast->relation->ddl, recast->v[at].name) >= 0)
        recastTouch(&recast->v[at], 1);
}

static void recastRemove(Recast *recast, int at)
{
    memmove(&recast->v[at], &recast->v[at + 1],
            (size_t)(--recast->n - at) * sizeof *recast->v);
}

/* What DROP CONSTRAINT is about may say how a column compares.  False for what SQLite
** itself drops otherwise: of a DEFAULT its name alone. */
static int recastDropsConstraint(Arena *a, Recast *recast, const AlterAction *action)
{
    const DdlClause *clause;
    int at;

    if (action->kind != ALTER_DROP_CONSTRAINT)
        return 1;
    clause = edit_find(a, &recast->ddl, action, &at);
    if (clause && at >= 0 && clause->kind == CLAUSE_COLLATE)
        recastTouch(&recast->v[at], 1);
    return clause && (clause->kind == CLAUSE_CHECK || clause->kind == CLAUSE_NOT_NULL);
}

/* ANY has an affinity, or has none any more. */
static void recastTouchAny(Recast *recast)
{
    int i;

    for (i = 0; i < recast->n; i++)
        if (text_is_nocase(ddl_type(&recast->ddl.column[i]), "ANY"))
            recastTouch(&recast->v[i], 0);
}

/* A generated column changes with those that it is made of. */
static void recastSpread(Arena *a, Recast *recast)
{
    int i, j, again = 1;

    while (again) {
        again = 0;
        for (i = 0; i < recast->n; i++) {
            const DdlClause *g = ddl_clause(&recast->ddl.column[i], CLAUSE_GENERATED);
            RecastColumn *made = &recast->v[i];
            for (j = 0; g && j < recast->n; j++) {
                if (!recast->v[j].is_changed || made->is_regrouped
                    || !ddl_clause_uses(a, g, recast->v[j].name))
                    continue;
                recastTouch(made, 1);
                again = 1;
            }
        }
    }
}

/* What the action does to the columns, once it has been done to the text. */
static void recastMove(Arena *a, Recast *recast, const AlterAction *action)
{
    int at = recastFind(recast, action->column);

    if (action->kind == ALTER_ADD_COLUMN)
        recastInsert(a, recast, action->column);
    if (action->kind == ALTER_SET_STRICT || action->kind == ALTER_DROP_STRICT)
        recastTouchAny(recast);
    if (at < 0)
        return;
    if (action->kind == ALTER_DROP_COLUMN)
        recastRemove(recast, at);
    if (action->kind == ALTER_TYPE) {
        recast->v[at].is_retyped = 1;
        if (action->expr.n) {
            recastTouch(&recast->v[at], 1);
            recast->v[at].expr = action->expr;
        }
    }
    if (action->kind == ALTER_SET_COLLATE || action->kind == ALTER_DROP_COLLATE
        || action->kind == ALTER_SET_GENERATED)
        recastTouch(&recast->v[at], 1);
}

/* DROP STRICT means a column of that name where the table is not STRICT. */
static AlterAction recastMeant(const Recast *recast, const AlterAction *action)
{
    AlterAction meant = *action;

    if (action->kind == ALTER_DROP_STRICT && !recast->ddl.is_strict
        && ddl_find_column(&recast->ddl, action->column) >= 0) {
        meant.kind = ALTER_DROP_COLUMN;
        meant.words = action->column;
    }
    return meant;
}

MIG_FUNC int recast_action(Arena *a, Recast *recast, const AlterAction *given,
                          int is_native)
{
    AlterAction action = recastMeant(recast, given);
    int at = recastFind(recast, action.column);
    const char *affinity = "";
    ChangeWay way;
    Text sql, stopped;

    if (action.kind == ALTER_TYPE && at >= 0 && action.expr.n
        && recast->v[at].is_retyped)
        err_set(a->err, ERR_UNSUPPORTED, "%Ts.%Ts gets a type twice; make two "
                "statements of it", recast->ddl.name, action.column);
    if (at >= 0 && (action.kind == ALTER_SET_DEFAULT
                    || action.kind == ALTER_DROP_DEFAULT))
        recastKeepDefault(a, recast, &recast->v[at]);
    if (!ok(a))
        return 0;
    way = recastWay(a, recast, &action);
    if (!ok(a))
        return 0;
    sql = edit_action(a, &recast->ddl, &action);
    if (!ok(a) || (text_eq(sql, recast->ddl.sql)
                   && !(action.kind == ALTER_TYPE && action.expr.n)))
        return 0;
    is_native &= recastDropsConstraint(a, recast, &action);
    if (at >= 0)
        affinity = relation_affinity(&recast->ddl, &recast->ddl.column[at]);
    if (!ddl_read_table(a, sql, &recast->ddl, &stopped)) {
        err_set(a->err, ERR_SQL, "near \"%Ts\": syntax error: %Ts",
                stopped, action.all);
        return 0;
    }
    if (action.kind == ALTER_TYPE
        && strcmp(affinity, relation_affinity(&recast->ddl, &recast->ddl.column[at])))
        recastTouch(&recast->v[at], 0);
    recastMove(a, recast, &action);
    recastSpread(a, recast);
    /* SQLite would put a NOT NULL behind the comment that follows the column */
    if (way == CHANGE_IN_PLACE && is_native
        && !recastHasComment(recast->relation->ddl.sql))
        way = CHANGE_NATIVE;
    if (action.kind == ALTER_DROP_COLUMN) {
        recast->ndrop++;
        recast->is_not_in_place = 1;
    }
    if (way > recast->way)
        recast->way = way;
    return 1;
}
