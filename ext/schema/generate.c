/*
** The statements that turn one schema into another.  See generate.h.
*/
#include "generate.h"

#include "compare.h"
#include "hint.h"
#include "twelve.h"

/* How a pair of tables is changed. */
typedef enum GenerateWay { WAY_ALTER, WAY_NATIVE, WAY_REBUILD } GenerateWay;

typedef struct Generate {
    Arena *a;
    const Diff *diff;
    const GenerateOptions *options;
    sqlite3_str *out;
    int is_first;               /* nothing is written yet */
    GenerateWay *way;           /* of each pair */
    unsigned char *is_away;     /* of each object of from: it is dropped */
    unsigned char *is_made;     /* of each object of to: it is created */
    unsigned char *is_gone;     /* of each object of from: a table that was dropped */
    Generated result;
} Generate;

static const char *generateQuote(const Generate *g, Text name)
{
    return text_copy(g->a, normal_quote(g->a, name));
}

/* ---- writing ---- */

/* An empty line between two things. */
static void generateApart(Generate *g)
{
    if (!g->is_first)
        text_append(g->out, "\n");
    g->is_first = 0;
}

static void generateDanger(Generate *g, const char *indent, const char *danger)
{
    const char *z;

    if (!danger)
        return;
    text_append(g->out, "%s-- ", indent);
    for (z = danger; *z; z++)   /* a name may have a line of its own */
        sqlite3_str_appendchar(g->out, 1, *z == '\n' ? ' ' : *z);
    text_append(g->out, "\n");
    g->result.nreview += strncmp(danger, "REVIEW", 6) == 0;
}

static void generateStatement(Generate *g, const char *danger, const char *sql)
{
    generateDanger(g, "", danger);
    text_append(g->out, "%s;\n", sql);
}

static void generateCreate(Generate *g, const ModelObject *object)
{
    generateStatement(g, NULL, text_copy(g->a, hint_strip(g->a, object->sql)));
}

/* ---- what is in the way ---- */

static int generateFromIndex(const Generate *g, const ModelObject *object)
{
    return (int)(object - g->diff->from->v);
}

static int generateToIndex(const Generate *g, const ModelObject *object)
{
    return (int)(object - g->diff->to->v);
}

/* Tables that are rebuilt, renamed or dropped by SQLite's own SQL: what speaks of
** them must not be there then. */
static Names generateTouched(Generate *g)
{
    Names touched = {0};
    int i;

    for (i = 0; i < g->diff->ntable; i++) {
        const DiffTable *pair = &g->diff->table[i];
        int k, is_touched = g->way[i] == WAY_REBUILD || pair->rename != NULL;
        for (k = 0; k < pair->n && g->way[i] == WAY_NATIVE; k++)
            is_touched |= strcmp(pair->v[k].change, "add") != 0;
        if (is_touched) {
            names_push(g->a, &touched, pair->from->name);
            names_push(g->a, &touched, pair->to->name);
        }
    }
    for (i = 0; i < g->diff->nobject; i++) {
        const DiffObject *one = &g->diff->object[i];
        if (one->from && (one->from->kind == DDL_TABLE
                          || one->from->kind == DDL_VIRTUAL))
            names_push(g->a, &touched, one->from->name);
    }
    return touched;
}

/* True if SQLite itself rebuilds or renames something: it looks at all views and
** triggers then. */
static int generateIsLooking(const Generate *g)
{
    int i;

    for (i = 0; i < g->diff->ntable; i++)
        if (g->way[i] != WAY_ALTER || g->diff->table[i].rename)
            return 1;
    for (i = 0; i < g->diff->nobject; i++)
        if (g->diff->object[i].rename)
            return 1;
    return 0;
}

/* Takes away the views and triggers that speak of a name; and, because they speak of
** views that are taken away, others. */
static void generateAway(Generate *g)
{
    const Model *from = g->diff->from;
    Names touched = generateTouched(g);
    int is_looking = generateIsLooking(g);
    int i, k, changed = 1;

    while (changed && ok(g->a)) {
        changed = 0;
        for (i = 0; i < from->n; i++) {
            const ModelObject *object = &from->v[i];
            int is_hit = is_looking && g->options->is_wide;
            if ((object->kind != DDL_VIEW && object->kind != DDL_TRIGGER)
                || g->is_away[i])
                continue;
            if (object->kind == DDL_TRIGGER) {      /* with its view */
                const ModelObject *on = model_find_table(g->a, from, object->table);
                is_hit |= on && on->kind == DDL_VIEW
                       && g->is_away[generateFromIndex(g, on)];
            }
            for (k = 0; k < touched.n && is_looking && !is_hit; k++)
                is_hit = ddl_mentions(g->a, object->sql, touched.v[k]);
            if (!is_hit)
                continue;
            g->is_away[i] = 1;
            changed = 1;
            if (object->kind == DDL_VIEW && is_looking)
                names_push(g->a, &touched, object->name);
        }
    }
}

/* What goes away and is in the other schema as well comes back. */
static void generateBack(Generate *g)
{
    const Model *to = g->diff->to;
    int i, j;

    for (i = 0; i < g->diff->nobject; i++) {
        const DiffObject *one = &g->diff->object[i];
        if (one->from && !(one->is_same && one->rename))
            g->is_away[generateFromIndex(g, one->from)] = 1;
        if (one->to && !(one->is_same && one->rename))
            g->is_made[generateToIndex(g, one->to)] = 1;
    }
    generateAway(g);
    for (j = 0; j < to->n && ok(g->a); j++) {
        const ModelObject *from = model_find(g->a, g->diff->from, to->v[j].kind,
                                             to->v[j].name);
        if (from && g->is_away[generateFromIndex(g, from)]
            && (to->v[j].kind == DDL_VIEW || to->v[j].kind == DDL_TRIGGER))
            g->is_made[j] = 1;
    }
    for (i = 0; i < g->diff->ntable && ok(g->a); i++) {     /* indexes of what is new */
        if (g->way[i] != WAY_REBUILD)
            continue;
        for (j = 0; j < to->n; j++)
            if (to->v[j].kind == DDL_INDEX
                && text_eq_nocase(to->v[j].table, g->diff->table[i].to->name))
                g->is_made[j] = 1;
        for (j = 0; j < g->diff->from->n; j++)
            if (g->diff->from->v[j].kind == DDL_INDEX
                && text_eq_nocase(g->diff->from->v[j].table,
                                  g->diff->table[i].from->name))
                g->is_away[j] = 2;      /* with its table */
    }
}

/* True if the table that an index or a trigger is on is dropped. */
static int generateGoesWithTable(const Generate *g, const ModelObject *object)
{
    const ModelObject *on = model_find_table(g->a, g->diff->from, object->table);

    if (g->is_away[generateFromIndex(g, object)] == 2)
        return 1;
    return on && g->is_away[generateFromIndex(g, on)];
}

/* True if an index of that name is made on another table, which may be before this
** one's table is dropped. */
static int generateIsNeeded(const Generate *g, const ModelObject *object)
{
    const ModelObject *other = model_find(g->a, g->diff->to, DDL_INDEX, object->name);

    return object->kind == DDL_INDEX && other && g->is_made[generateToIndex(g, other)]
        && g->is_away[generateFromIndex(g, object)] == 1;
}

/* True if a trigger speaks of another table that changes: it would be broken by that
** before it goes with its own. */
static int generateIsBroken(const Generate *g, const ModelObject *object)
{
    int i;

    for (i = 0; i < g->diff->ntable && object->kind == DDL_TRIGGER; i++)
        if (ddl_mentions(g->a, object->sql, g->diff->table[i].from->name))
            return 1;
    return 0;
}

/* Drops what has to go of one kind; what was made last goes first. */
static void generateDrop(Generate *g, DdlKind kind, const char *word)
{
    const Model *from = g->diff->from;
    int i, is_any = 0;

    for (i = from->n - 1; i >= 0 && ok(g->a); i--) {
        if (from->v[i].kind != kind || !g->is_away[i])
            continue;
        if (kind != DDL_VIEW && generateGoesWithTable(g, &from->v[i])
            && !generateIsNeeded(g, &from->v[i]) && !generateIsBroken(g, &from->v[i]))
            continue;
        if (!is_any++)
            generateApart(g);
        generateStatement(g, NULL, text_format(g->a, "DROP %s %s", word,
                          generateQuote(g, from->v[i].name)));
    }
}

/* ---- tables that go ---- */

/* The text of a table as it is now: those that change have done so when tables go
** last. */
static Text generateNow(const Generate *g, const ModelObject *table, int is_early)
{
    int i;

    for (i = 0; i < g->diff->ntable && !is_early; i++)
        if (g->diff->table[i].from == table)
            return g->diff->table[i].to->sql;
    return table->sql;
}

/* True if a foreign key of the statement refers to the table. */
static int generateRefers(const Generate *g, Text sql, Text table)
{
    int offset = 0;

    for (;;) {
        Token token = token_next_solid(sql, &offset);
        if (token.kind == TOKEN_END)
            return 0;
        if (!token_is(token, "REFERENCES"))
            continue;
        token = token_next_solid(sql, &offset);
        if (token_is_name(token) && text_eq_nocase(token_name(g->a, token), table))
            return 1;
    }
}

/* True if what stays, or goes later, refers to the table. */
static int generateIsReferred(const Generate *g, const ModelObject *table,
                              int is_early)
{
    const Model *from = g->diff->from;
    int i;

    for (i = 0; i < from->n; i++) {
        const ModelObject *other = &from->v[i];
        if (other->kind == DDL_TABLE && other != table && !g->is_gone[i]
            && generateRefers(g, generateNow(g, other, is_early), table->name))
            return 1;
    }
    return 0;
}

static void generateDropTable(Generate *g, const ModelObject *table)
{
    generateStatement(g, text_format(g->a, "DESTRUCTIVE: the rows of %Ts are lost",
        table->name), text_format(g->a, "DROP TABLE %s",
        generateQuote(g, table->name)));
    g->is_gone[generateFromIndex(g, table)] = 1;
}

/* True if the other schema gives the name to something else. */
static int generateIsNameTaken(const Generate *g, const ModelObject *table)
{
    const ModelObject *other = model_find_table(g->a, g->diff->to, table->name);

    return other != NULL || model_find(g->a, g->diff->to, DDL_INDEX, table->name);
}

/* Drops the tables that go, a child before its parent; is_early: only those whose
** names are needed. */
static void generateDropTables(Generate *g, int is_early)
{
    const Model *from = g->diff->from;
    int i, moved = 1, is_any = 0, is_forced = 0;

    while (moved && ok(g->a)) {
        moved = 0;
        for (i = from->n - 1; i >= 0; i--) {
            const ModelObject *table = &from->v[i];
            int is_referred;
            if ((table->kind != DDL_TABLE && table->kind != DDL_VIRTUAL)
                || !g->is_away[i] || g->is_gone[i]
                || (is_early && !generateIsNameTaken(g, table)))
                continue;
            is_referred = generateIsReferred(g, table, is_early);
            if (is_referred && !is_forced)
                continue;
            g->result.no_foreign_keys |= is_referred;
            if (!is_any++)
                generateApart(g);
            generateDropTable(g, table);
            moved = 1;
            is_forced = 0;
        }
        if (!moved && !is_forced)
            moved = is_forced = 1;      /* those that refer to each other */
    }
}

/* ---- names ---- */

static const char *generateRenameDanger(Generate *g, const Rename *rename)
{
    return rename->is_guess ? text_format(g->a, "REVIEW: taken for a rename, because "
        "they match in all but the name; if %Ts is gone and %Ts is new, write DROP "
        "TABLE and CREATE TABLE", rename->from, rename->to) : NULL;
}

static void generateRename(Generate *g, Text from, Text to, const char *danger)
{
    generateApart(g);
    generateStatement(g, danger, text_format(g->a, "ALTER TABLE %s RENAME TO %s",
                      generateQuote(g, from), generateQuote(g, to)));
}

/* Renames tables, each when its new name is free; a ring by way of another name. */
static void generateRenames(Generate *g)
{
    const Renames *renames = &g->diff->renames;
    Text *now = ARENA_NEW(g->a, Text, renames->n + 1);
    int i, k, left = 0;

    for (i = 0; i < renames->n && now; i++) {
        now[i] = renames->v[i].from;
        left += renames->v[i].table.n == 0;
    }
    while (left > 0 && ok(g->a)) {
        int moved = 0, stuck = -1;
        for (i = 0; i < renames->n; i++) {
            const Rename *one = &renames->v[i];
            int is_free = 1;
            if (one->table.n || text_eq(now[i], one->to))
                continue;
            for (k = 0; k < renames->n; k++)
                is_free &= k == i || renames->v[k].table.n
                        || !text_eq_nocase(now[k], one->to);
            stuck = i;
            if (!is_free)
                continue;
            generateRename(g, now[i], one->to, generateRenameDanger(g, one));
            now[i] = one->to;
            left--;
            moved = 1;
        }
        if (!moved && stuck >= 0) {
            Text name = twelve_free_name(g->a, g->diff, text_format(g->a, "_was_%Ts",
                                          now[stuck]));
            generateRename(g, now[stuck], name, NULL);
            now[stuck] = name;
        }
    }
}

/* ---- new and changed tables ---- */

/* True if the object is new or changed, not made again because its table is. */
static int generateIsAdded(const Generate *g, const ModelObject *object)
{
    int i;

    for (i = 0; i < g->diff->nobject; i++)
        if (g->diff->object[i].to == object)
            return 1;
    return 0;
}

/* What a unique index may fail on. */
static const char *generateIndexDanger(Generate *g, const ModelObject *object)
{
    DdlIndex index;
    Text stopped;

    if (object->kind != DDL_INDEX || !ddl_read_index(g->a, object->sql, &index, &stopped)
        || !index.is_unique)
        return NULL;
    return text_format(g->a, "REVIEW: fails if rows of %Ts have the same key",
                       object->table);
}

/* What is created on a table, with it. */
static void generateIndexes(Generate *g, Text table, int is_new)
{
    const Model *to = g->diff->to;
    int j;

    for (j = 0; j < to->n && ok(g->a); j++) {
        if (to->v[j].kind != DDL_INDEX || !g->is_made[j]
            || !text_eq_nocase(to->v[j].table, table))
            continue;
        generateStatement(g, is_new || !generateIsAdded(g, &to->v[j]) ? NULL
                          : generateIndexDanger(g, &to->v[j]),
                          text_copy(g->a, hint_strip(g->a, to->v[j].sql)));
        g->is_made[j] = 0;
    }
}

static void generateTables(Generate *g, DdlKind kind)
{
    const Model *to = g->diff->to;
    int j;

    for (j = 0; j < to->n && ok(g->a); j++) {
        if (to->v[j].kind != kind || !g->is_made[j])
            continue;
        generateApart(g);
        generateCreate(g, &to->v[j]);
        if (kind == DDL_TABLE)
            generateIndexes(g, to->v[j].name, 1);
    }
}

/* The actions of one ALTER TABLE, one a line. */
static void generateActions(Generate *g, const DiffTable *pair)
{
    const char *table = generateQuote(g, pair->to->name);
    int i, n = 0;

    for (i = 0; i < pair->n; i++)
        n += pair->v[i].action != NULL;
    if (n == 1 && pair->n == 1) {
        generateStatement(g, pair->v[0].danger, text_format(g->a, "ALTER TABLE %s %s",
                          table, pair->v[0].action));
        return;
    }
    text_append(g->out, "ALTER TABLE %s\n", table);
    for (i = 0; i < pair->n; i++) {
        generateDanger(g, "    ", pair->v[i].danger);
        text_append(g->out, "    %s%s\n", pair->v[i].action,
                    i + 1 < pair->n ? "," : ";");
    }
}

/* SQLite's own: one statement an action. */
static void generateNative(Generate *g, const DiffTable *pair)
{
    int i;

    for (i = 0; i < pair->n; i++)
        generateStatement(g, pair->v[i].danger, text_format(g->a, "ALTER TABLE %s %s",
                          generateQuote(g, pair->to->name), pair->v[i].action));
}

static void generateRebuild(Generate *g, const DiffTable *pair)
{
    int i;

    if (pair->rebuild && !g->options->is_plain)
        text_append(g->out, "-- a new table, for no ALTER TABLE says this: %s\n",
                    pair->rebuild);
    for (i = 0; i < pair->n; i++)
        generateDanger(g, "", pair->v[i].danger);
    twelve_sql(g->a, g->out, g->diff, pair, g->options->is_down);
    g->result.no_foreign_keys = 1;
}

/* Rows that are there get a value first, by way of a default that goes again. */
static void generateFill(Generate *g, DiffTable *pair)
{
    const char *table = generateQuote(g, pair->to->name);
    sqlite3_str *after = text_begin();
    const char *text;
    int i, is_simple;

    for (i = 0; i < pair->n && ok(g->a); i++) {
        DiffItem *item = &pair->v[i];
        const char *value = item->column < 0 ? NULL
                          : twelve_filler(g->a, pair, item->column, &is_simple);
        const DdlColumn *column;
        Text line;
        const char *place;
        if (!value)
            continue;
        column = &pair->new.t.column[item->column];
        line = normal_line(g->a, column->all);
        place = item->action + strlen("ADD COLUMN ") + line.n;
        item->action = text_format(g->a, "ADD COLUMN %Ts DEFAULT %s%s", line,
                                   value, place);
        item->danger = text_format(g->a, "REVIEW: rows that are there get %s in %Ts",
                                   value, item->name);
        text_append(after, "ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT;\n",
                    table, generateQuote(g, item->name));
    }
    text = text_finish(g->a, after);
    generateActions(g, pair);
    text_append(g->out, "%s", text);
}

/* The column that a foreign key refers to, by its place in the key; -1 if that is
** not known. */
static int generateParentColumn(const Generate *g, const DdlClause *key, int i,
                                const Shape *parent)
{
    int k;

    if (key->nparent)
        return i < key->nparent
             ? shape_find(g->a, parent, key->parent_term[i].column) : -1;
    for (k = 0; k < parent->n; k++) {
        const ShapeClause *one = &parent->v[k];
        if (one->ddl->kind != CLAUSE_PRIMARY_KEY)
            continue;
        if (one->column >= 0)
            return i == 0 ? one->column : -1;
        return i < one->ddl->nterm
             ? shape_find(g->a, parent, one->ddl->term[i].column) : -1;
    }
    return -1;
}

/* What a column of a row that comes back needs beside its key; NULL for nothing. */
static const char *generateBlank(const Shape *table, int i)
{
    const DdlColumn *column = &table->t.column[i];
    const char *affinity = ddl_affinity(column->declared);

    if (!ddl_clause(column, CLAUSE_NOT_NULL) || ddl_clause(column, CLAUSE_DEFAULT)
        || ddl_clause(column, CLAUSE_GENERATED))
        return NULL;
    return strcmp(affinity, "TEXT") == 0 ? "''"
         : strcmp(affinity, "BLOB") == 0 ? "x''" : "0";
}

/* Rows that refer to a table whose rows were lost: what they refer to comes back, but
** for all else that it said. */
static void generateParent(Generate *g, const DiffTable *pair, const ShapeClause *one,
                           const ModelObject *object)
{
    Shape parent = shape_read(g->a, object);
    sqlite3_str *into = text_begin(), *values = text_begin();
    sqlite3_str *where = text_begin();
    unsigned char *is_key = ARENA_NEW(g->a, unsigned char, parent.t.ncolumn + 1);
    int i, n = one->column >= 0 ? 1 : one->ddl->nterm, is_known = ok(g->a);
    const char *a, *b, *c;

    for (i = 0; i < n && is_known; i++) {
        int child = one->column >= 0 ? one->column
                  : shape_find(g->a, &pair->new, one->ddl->term[i].column);
        int at = generateParentColumn(g, one->ddl, i, &parent);
        const char *from;
        is_known = child >= 0 && at >= 0 && pair->from_of[child] >= 0;
        if (!is_known)
            break;
        from = generateQuote(g, pair->old.t.column[pair->from_of[child]].name);
        is_key[at] = 1;
        text_append(into, "%s%s", i ? ", " : "",
                    generateQuote(g, parent.t.column[at].name));
        text_append(values, "%s%s", i ? ", " : "", from);
        text_append(where, "%s%s IS NOT NULL", i ? " AND " : "", from);
    }
    for (i = 0; i < parent.t.ncolumn && is_known; i++) {
        const char *blank = is_key[i] ? NULL : generateBlank(&parent, i);
        if (!blank)
            continue;
        text_append(into, ", %s", generateQuote(g, parent.t.column[i].name));
        text_append(values, ", %s", blank);
    }
    a = text_finish(g->a, into);
    b = text_finish(g->a, values);
    c = text_finish(g->a, where);
    if (!is_known || !ok(g->a))
        return;
    generateApart(g);
    generateStatement(g, text_format(g->a, "REVIEW: the rows of %Ts are lost; those "
        "that %Ts refers to come back empty", object->name,
        pair->to->name), text_format(g->a, "INSERT OR IGNORE INTO %s (%s)\n"
        "    SELECT DISTINCT %s FROM %s WHERE %s", generateQuote(g, object->name), a,
        b, generateQuote(g, pair->to->name), c));
}

static void generateParents(Generate *g)
{
    int i, k;

    for (i = 0; i < g->diff->ntable && g->options->is_down && ok(g->a); i++) {
        const DiffTable *pair = &g->diff->table[i];
        for (k = 0; k < pair->new.n; k++) {
            const ShapeClause *one = &pair->new.v[k];
            const ModelObject *parent;
            if (one->is_matched || one->ddl->kind != CLAUSE_FOREIGN_KEY)
                continue;
            parent = model_find(g->a, g->diff->to, DDL_TABLE, one->ddl->parent);
            if (parent && g->is_made[generateToIndex(g, parent)])
                generateParent(g, pair, one, parent);
        }
    }
}

static void generateChanges(Generate *g)
{
    int i;

    for (i = 0; i < g->diff->ntable && ok(g->a); i++) {
        DiffTable *pair = &g->diff->table[i];
        if (pair->n == 0)
            continue;
        generateApart(g);
        if (g->way[i] == WAY_REBUILD)
            generateRebuild(g, pair);
        else if (g->way[i] == WAY_NATIVE)
            generateNative(g, pair);
        else if (g->options->is_down)
            generateFill(g, pair);
        else
            generateActions(g, pair);
        generateIndexes(g, pair->to->name, 0);
    }
}

/* ---- what comes last ---- */

static void generateLast(Generate *g, DdlKind kind)
{
    const Model *to = g->diff->to;
    int j, is_any = 0;

    for (j = 0; j < to->n && ok(g->a); j++) {
        if (to->v[j].kind != kind || !g->is_made[j])
            continue;
        if (!is_any++ || kind != DDL_INDEX)
            generateApart(g);
        generateStatement(g, generateIndexDanger(g, &to->v[j]),
                          text_copy(g->a, hint_strip(g->a, to->v[j].sql)));
    }
}

/* A view, after those that it speaks of; depth ends a ring of them. */
static void generateView(Generate *g, int j, int depth)
{
    const Model *to = g->diff->to;
    int k;

    g->is_made[j] = 0;
    for (k = 0; k < to->n && depth < 1000 && ok(g->a); k++)
        if (to->v[k].kind == DDL_VIEW && g->is_made[k]
            && ddl_mentions(g->a, to->v[j].sql, to->v[k].name))
            generateView(g, k, depth + 1);
    generateApart(g);
    generateCreate(g, &to->v[j]);
}

static void generateViews(Generate *g)
{
    int j;

    for (j = 0; j < g->diff->to->n && ok(g->a); j++)
        if (g->diff->to->v[j].kind == DDL_VIEW && g->is_made[j])
            generateView(g, j, 0);
}

/* ---- all of it ---- */

static void generateWays(Generate *g)
{
    int i, j, is_simple;

    for (i = 0; i < g->diff->ntable && ok(g->a); i++) {
        const DiffTable *pair = &g->diff->table[i];
        if (g->options->is_plain)       /* it may be renamed, and nothing else */
            g->way[i] = pair->n == 0 || twelve_is_native(g->a, g->diff, pair)
                      ? WAY_NATIVE : WAY_REBUILD;
        else
            g->way[i] = pair->rebuild ? WAY_REBUILD : WAY_ALTER;
        for (j = 0; j < pair->new.t.ncolumn && g->options->is_down; j++)
            if (twelve_filler(g->a, pair, j, &is_simple)
                && (!is_simple || g->way[i] == WAY_NATIVE))
                g->way[i] = WAY_REBUILD;
    }
}

/* A virtual table of external content is an index: it is filled again. */
static void generateRefill(Generate *g)
{
    int i;

    for (i = 0; i < g->diff->nobject && ok(g->a); i++) {
        const DiffObject *one = &g->diff->object[i];
        DdlObject object;
        Text stopped;
        if (!one->from || !one->to || one->is_same || one->to->kind != DDL_VIRTUAL
            || !ddl_read_object(g->a, one->to->sql, &object, &stopped)
            || !ddl_mentions(g->a, object.rest, text_of("content")))
            continue;
        generateStatement(g, NULL, text_format(g->a, "INSERT INTO %s (%s) VALUES "
            "('rebuild')", generateQuote(g, one->to->name),
            generateQuote(g, one->to->name)));
    }
}

MIG_FUNC Generated generate_sql(Arena *a, const Diff *diff,
                                const GenerateOptions *options)
{
    Generate g = {0};

    g.a = a;
    g.diff = diff;
    g.options = options;
    g.is_first = 1;
    g.way = ARENA_NEW(a, GenerateWay, diff->ntable + 1);
    g.is_away = ARENA_NEW(a, unsigned char, diff->from->n + 1);
    g.is_gone = ARENA_NEW(a, unsigned char, diff->from->n + 1);
    g.is_made = ARENA_NEW(a, unsigned char, diff->to->n + 1);
    g.result.sql = "";
    if (!ok(a))
        return g.result;
    g.out = text_begin();
    generateWays(&g);
    generateBack(&g);
    generateDrop(&g, DDL_TRIGGER, "TRIGGER");
    generateDrop(&g, DDL_VIEW, "VIEW");
    generateDrop(&g, DDL_INDEX, "INDEX");
    generateDropTables(&g, 1);
    generateRenames(&g);
    generateTables(&g, DDL_TABLE);
    generateParents(&g);
    generateChanges(&g);
    generateDropTables(&g, 0);
    generateTables(&g, DDL_VIRTUAL);
    generateRefill(&g);
    generateLast(&g, DDL_INDEX);
    generateViews(&g);
    generateLast(&g, DDL_TRIGGER);
    g.result.sql = text_finish(a, g.out);
    return g.result;
}
