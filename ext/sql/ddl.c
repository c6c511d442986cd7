/*
** Reading CREATE statements.  See ddl.h.
**
** One function a rule of SQLite's grammar, with the rule above it.  A function
** returns false where the text does not follow its rule; the token that is looked
** at then is the one that was not understood.
*/
#include "ddl.h"

#include "reader.h"

/* ---- terms of a key ---- */

/* The position of the words that may end a term: COLLATE name, ASC, DESC.
** Outside of parentheses none of them can stand elsewhere in an expression, but
** COLLATE, which then binds to what is before it. */
static void ddlTermEnd(Arena *a, DdlTerm *term)
{
    Token before[3], token;     /* the last three tokens */
    int offset = 0, n = 0, i;
    Text cut = term->all;

    memset(before, 0, sizeof before);
    while ((token = token_next_solid(cut, &offset)).kind != TOKEN_END) {
        before[0] = before[1];
        before[1] = before[2];
        before[2] = token;
        n++;
    }
    i = n > 1 && (token_is(before[2], "ASC") || token_is(before[2], "DESC"));
    if (i) {
        term->is_desc = token_is(before[2], "DESC");
        cut = text_trim(text_slice(cut, 0, before[2].offset));
        before[2] = before[1];
        before[1] = before[0];
    }
    if (n - i > 2 && token_is(before[1], "COLLATE") && token_is_name(before[2])) {
        term->collate = token_name(a, before[2]);
        cut = text_slice(cut, 0, before[1].offset);
    }
    term->expr = text_trim(cut);
}

/* Takes off the parentheses around all of an expression, once. */
static int ddlOpen(Arena *a, Text *expr)
{
    Reader r = reader_begin(a, *expr);
    Text inside;

    if (!reader_take_group(&r, &inside) || r.token.kind != TOKEN_END)
        return 0;
    *expr = inside;
    return 1;
}

/* The name that is all of a term: SQLite looks for it behind parentheses and COLLATE,
** and takes a string for one. */
static void ddlTermColumn(Arena *a, DdlTerm *term)
{
    DdlTerm inner = *term;
    Token name;
    int offset = 0;

    while (ddlOpen(a, &inner.expr)) {
        inner.all = text_trim(inner.expr);
        ddlTermEnd(a, &inner);
    }
    name = token_next_solid(inner.expr, &offset);
    if (!token_is_name(name)
        || token_next_solid(inner.expr, &offset).kind != TOKEN_END)
        return;
    term->column = token_name(a, name);
    term->expr = name.text;
    if (name.kind == TOKEN_STRING)
        term->expr = text_of(text_format(a, "\"%Tw\"", term->column));
    term->collate = term->collate.z ? term->collate : inner.collate;
}

/* expr [COLLATE name] [ASC | DESC] */
static DdlTerm ddlTerm(Arena *a, Text all)
{
    DdlTerm term = {0};

    term.all = text_trim(all);
    ddlTermEnd(a, &term);
    ddlTermColumn(a, &term);
    return term;
}

/* "(" term { "," term } [AUTOINCREMENT] ")" */
static int ddlTerms(Reader *r, DdlTerm **out, int *n, Text *autoincrement)
{
    Text inside, last = {NULL, 0};
    Reader in;
    int cap = 0, from, depth;

    if (!reader_take_group(r, &inside))
        return 0;
    in = reader_begin(r->a, inside);
    do {
        from = in.token.offset;
        depth = 0;
        while (in.token.kind != TOKEN_END
               && (depth || in.token.kind != TOKEN_COMMA)) {
            depth += in.token.kind == TOKEN_LEFT;
            depth -= in.token.kind == TOKEN_RIGHT;
            if (autoincrement && !depth && reader_is(&in, "AUTOINCREMENT")) {
                *autoincrement = in.token.text;
                last = reader_since(&in, from);
            }
            reader_next(&in);
        }
        if (!ARENA_PUSH(r->a, *out, *n, cap))
            return 0;
        if (!last.z)
            (*out)[*n] = ddlTerm(r->a, reader_since(&in, from));
        else
            (*out)[*n] = ddlTerm(r->a, last);
        ++*n;
    } while (reader_take_kind(&in, TOKEN_COMMA));
    return in.token.kind == TOKEN_END;
}

/* ---- clauses ---- */

/* [ON CONFLICT word] */
static void ddlConflict(Reader *r, DdlClause *clause)
{
    if (reader_take_all(r, "ON CONFLICT")) {
        clause->conflict = r->token.text;
        reader_next(r);
    }
}

/* SET NULL | SET DEFAULT | CASCADE | RESTRICT | NO ACTION */
static Text ddlAction(Reader *r)
{
    int from = r->token.offset;

    if (reader_take(r, "SET") || reader_take(r, "NO"))
        reader_next(r);
    else
        reader_next(r);
    return reader_since(r, from);
}

/* [NOT] DEFERRABLE [INITIALLY {DEFERRED | IMMEDIATE}]; *is_deferred says which */
static int ddlDefer(Reader *r, int *is_deferred)
{
    int is_not = reader_take_all(r, "NOT DEFERRABLE");

    if (!is_not && !reader_take(r, "DEFERRABLE"))
        return 0;
    *is_deferred = 0;
    if (reader_take_all(r, "INITIALLY DEFERRED"))
        *is_deferred = !is_not;
    else
        reader_take_all(r, "INITIALLY IMMEDIATE");
    return 1;
}

/* REFERENCES table [(columns)] { ON {DELETE | UPDATE | INSERT} action | MATCH name }
** [defer] */
static int ddlReferences(Reader *r, DdlClause *clause)
{
    Text ignored;

    clause->kind = CLAUSE_FOREIGN_KEY;
    if (!reader_take(r, "REFERENCES")
        || !reader_take_name(r, &clause->parent, &clause->parent_token))
        return 0;
    if (r->token.kind == TOKEN_LEFT
        && !ddlTerms(r, &clause->parent_term, &clause->nparent, NULL))
        return 0;
    for (;;) {
        if (reader_take_all(r, "ON DELETE"))
            clause->on_delete = ddlAction(r);
        else if (reader_take_all(r, "ON UPDATE"))
            clause->on_update = ddlAction(r);
        else if (reader_take_all(r, "ON INSERT"))
            ddlAction(r);
        else if (!reader_take(r, "MATCH")
                 || !reader_take_name(r, &ignored, NULL))
            break;
    }
    ddlDefer(r, &clause->is_deferred);
    return 1;
}

/* CONSTRAINT name; a name that another follows names nothing. */
static int ddlName(Reader *r, DdlClause *clause)
{
    while (reader_take(r, "CONSTRAINT"))
        if (!reader_take_name(r, &clause->name, &clause->name_token))
            return 0;
    return 1;
}

/* { "(" expr ")" | ["+" | "-"] literal | name } */
static int ddlDefault(Reader *r, DdlClause *clause)
{
    int from = r->token.offset;
    Text inside;

    clause->kind = CLAUSE_DEFAULT;
    if (!reader_take_group(r, &inside)) {
        if (text_is(r->token.text, "+") || text_is(r->token.text, "-"))
            reader_next(r);
        if (r->token.kind == TOKEN_END || r->token.kind == TOKEN_COMMA
            || r->token.kind == TOKEN_RIGHT || r->token.kind == TOKEN_ILLEGAL)
            return 0;
        reader_next(r);
    }
    clause->body = reader_since(r, from);
    return 1;
}

/* [GENERATED ALWAYS] AS "(" expr ")" [STORED | VIRTUAL] */
static int ddlGenerated(Reader *r, DdlClause *clause)
{
    clause->kind = CLAUSE_GENERATED;
    reader_take_all(r, "GENERATED ALWAYS");
    if (!reader_take(r, "AS") || !reader_take_group(r, &clause->body))
        return 0;
    clause->is_stored = reader_take(r, "STORED");
    if (!clause->is_stored)
        reader_take(r, "VIRTUAL");
    return 1;
}

/* PRIMARY KEY [ASC | DESC] [conflict] [AUTOINCREMENT] */
static int ddlColumnKey(Reader *r, DdlClause *clause)
{
    clause->kind = CLAUSE_PRIMARY_KEY;
    clause->is_desc = reader_take(r, "DESC");
    if (!clause->is_desc)
        reader_take(r, "ASC");
    ddlConflict(r, clause);
    if (reader_is(r, "AUTOINCREMENT")) {
        clause->autoincrement = r->token.text;
        clause->is_autoincrement = reader_take(r, "AUTOINCREMENT");
    }
    return 1;
}

/* What may follow a column's type, with its name; *is_end where none does. */
static int ddlColumnClause(Reader *r, DdlClause *clause, int *is_end)
{
    int from = r->token.offset;
    int is_good = ddlName(r, clause);

    if (!is_good)
        return 0;
    if (reader_take(r, "DEFAULT")) {
        is_good = ddlDefault(r, clause);
    } else if (reader_take_all(r, "NOT NULL")) {
        clause->kind = CLAUSE_NOT_NULL;
        ddlConflict(r, clause);
    } else if (reader_take(r, "NULL")) {
        clause->kind = CLAUSE_NULL;
        ddlConflict(r, clause);
    } else if (reader_take_all(r, "PRIMARY KEY")) {
        is_good = ddlColumnKey(r, clause);
    } else if (reader_take(r, "UNIQUE")) {
        clause->kind = CLAUSE_UNIQUE;
        ddlConflict(r, clause);
    } else if (reader_take(r, "CHECK")) {
        clause->kind = CLAUSE_CHECK;
        is_good = reader_take_group(r, &clause->body);
        ddlConflict(r, clause);
    } else if (reader_is(r, "REFERENCES")) {
        is_good = ddlReferences(r, clause);
    } else if (reader_take(r, "COLLATE")) {
        clause->kind = CLAUSE_COLLATE;
        is_good = reader_take_name(r, &clause->body, NULL);
    } else if (reader_is(r, "GENERATED") || reader_is(r, "AS")) {
        is_good = ddlGenerated(r, clause);
    } else if (ddlDefer(r, &clause->is_deferred)) {
        clause->kind = CLAUSE_DEFER;
    } else {
        clause->kind = CLAUSE_NAME;
        *is_end = clause->name_token.z == NULL;
    }
    clause->all = reader_since(r, from);
    return is_good;
}

/* [CONSTRAINT name] { PRIMARY KEY (..) | UNIQUE (..) | CHECK (..)
** | FOREIGN KEY (..) REFERENCES .. } */
static int ddlTableClause(Reader *r, DdlClause *clause)
{
    int from = r->token.offset;
    int is_good = ddlName(r, clause);

    if (!is_good)
        return 0;
    if (reader_take_all(r, "PRIMARY KEY")) {
        clause->kind = CLAUSE_PRIMARY_KEY;
        is_good = ddlTerms(r, &clause->term, &clause->nterm,
                           &clause->autoincrement);
        clause->is_autoincrement = clause->autoincrement.n > 0;
        ddlConflict(r, clause);
    } else if (reader_take(r, "UNIQUE")) {
        clause->kind = CLAUSE_UNIQUE;
        is_good = ddlTerms(r, &clause->term, &clause->nterm, NULL);
        ddlConflict(r, clause);
    } else if (reader_take(r, "CHECK")) {
        clause->kind = CLAUSE_CHECK;
        is_good = reader_take_group(r, &clause->body);
        ddlConflict(r, clause);
    } else if (reader_take_all(r, "FOREIGN KEY")) {
        is_good = ddlTerms(r, &clause->term, &clause->nterm, NULL)
               && ddlReferences(r, clause);
    } else {
        clause->kind = CLAUSE_NAME;
        is_good = clause->name_token.z != NULL;
    }
    clause->all = reader_since(r, from);
    return is_good;
}

/* ---- columns ---- */

/* A word that ends a type; a type may have any other, quoted or not. */
static int ddlEndsType(const Reader *r)
{
    Reader ahead = *r;

    if (!token_is_name(r->token)
        || token_is_any(r->token, "CONSTRAINT DEFAULT NOT NULL PRIMARY UNIQUE CHECK "
                        "REFERENCES COLLATE AS DEFERRABLE"))
        return 1;
    return reader_take_all(&ahead, "GENERATED ALWAYS AS");
}

/* ["+" | "-"] number */
static int ddlSigned(Reader *r)
{
    if (text_is(r->token.text, "+") || text_is(r->token.text, "-"))
        reader_next(r);
    return reader_take_kind(r, TOKEN_NUMBER);
}

/* The type that begins at from, as SQLite takes it: it reads GENERATED ALWAYS as the
** end of it, and cuts off these words with the blanks before each. */
static Text ddlDeclared(const Reader *r, int from)
{
    static const char word[][10] = {"ALWAYS", "GENERATED"};
    Reader ahead = *r;
    Text type;
    int i;

    if (!reader_take_all(&ahead, "GENERATED ALWAYS"))
        return reader_since(r, from);
    type = reader_since(&ahead, from);
    for (i = 0; i < 2; i++) {
        int n = type.n - (int)strlen(word[i]);
        if (n >= 0 && text_is_nocase(text_slice(type, n, type.n), word[i]))
            type = text_trim(text_slice(type, 0, n));
    }
    return type;
}

/* { word } [ "(" signed [ "," signed ] ")" ] */
static int ddlType(Reader *r, DdlColumn *column)
{
    int from = r->token.offset, is_good = 1;

    column->type = text_slice(r->sql, from, from);
    column->declared = ddlDeclared(r, from);
    if (ddlEndsType(r))
        return 1;
    while (!ddlEndsType(r))
        reader_next(r);
    if (reader_take_kind(r, TOKEN_LEFT))
        is_good = ddlSigned(r)
               && (!reader_take_kind(r, TOKEN_COMMA) || ddlSigned(r))
               && reader_take_kind(r, TOKEN_RIGHT);
    column->type = reader_since(r, from);
    column->declared = ddlDeclared(r, from);
    return is_good;
}

/* DEFERRABLE belongs to the last REFERENCES of the table, wherever it stands. */
static void ddlDeferLast(DdlColumn *column, int i)
{
    for (; i >= 0; i--) {
        if (column->v[i].kind == CLAUSE_FOREIGN_KEY) {
            column->v[i].is_deferred = column->v[column->n - 1].is_deferred;
            return;
        }
    }
}

/* name [type] { clause } */
static int ddlColumn(Reader *r, DdlColumn *column)
{
    int from = r->token.offset;

    if (!reader_take_name(r, &column->name, &column->name_token)
        || !ddlType(r, column))
        return 0;
    for (;;) {
        DdlClause clause = {0};
        int is_end = 0;
        if (!ddlColumnClause(r, &clause, &is_end))
            return 0;
        if (is_end)
            break;
        if (!ARENA_PUSH(r->a, column->v, column->n, column->cap))
            return 0;
        column->v[column->n++] = clause;
        if (clause.kind == CLAUSE_DEFER)
            ddlDeferLast(column, column->n - 2);
    }
    column->all = reader_since(r, from);
    return 1;
}

/* ---- tables ---- */

/* True where a constraint of the table begins; all these words are reserved. */
static int ddlIsTableClause(const Reader *r)
{
    return reader_is(r, "CONSTRAINT") || reader_is(r, "PRIMARY")
        || reader_is(r, "UNIQUE") || reader_is(r, "CHECK")
        || reader_is(r, "FOREIGN");
}

/* column { "," column } { [","] constraint } */
static int ddlItems(Reader *r, DdlTable *table)
{
    do {
        if (ddlIsTableClause(r))
            break;
        if (!ARENA_PUSH(r->a, table->column, table->ncolumn, table->capcolumn)
            || !ddlColumn(r, &table->column[table->ncolumn]))
            return 0;
        table->ncolumn++;
    } while (reader_take_kind(r, TOKEN_COMMA));
    while (r->token.kind != TOKEN_RIGHT) {
        if (!ddlIsTableClause(r)
            || !ARENA_PUSH(r->a, table->v, table->n, table->cap)
            || !ddlTableClause(r, &table->v[table->n]))
            return 0;
        table->n++;
        reader_take_kind(r, TOKEN_COMMA);
    }
    return table->ncolumn > 0;
}

/* [ [","] option { "," option } ]: STRICT, WITHOUT ROWID.  A comma before the first
** one is none that SQLite minds. */
static int ddlOptions(Reader *r, DdlTable *table)
{
    int from = r->token.offset;

    table->options = text_slice(r->sql, r->end, r->end);
    if (r->token.kind == TOKEN_END)
        return 1;
    reader_take_kind(r, TOKEN_COMMA);
    do {
        if (reader_take(r, "STRICT"))
            table->is_strict = 1;
        else if (reader_take_all(r, "WITHOUT ROWID"))
            table->is_without_rowid = 1;
        else
            return 0;
    } while (reader_take_kind(r, TOKEN_COMMA));
    table->options = reader_since(r, from);
    return r->token.kind == TOKEN_END;
}

/* [schema "."] name */
static int ddlTakeName(Reader *r, Text *name, Text *token)
{
    if (!reader_take_name(r, name, token))
        return 0;
    return !reader_take_kind(r, TOKEN_DOT) || reader_take_name(r, name, token);
}

/* Says where a reader stopped; false, unless all is well and at the end. */
static int ddlEnd(const Reader *r, int is_good, Text *stopped)
{
    *stopped = r->token.text;
    return is_good && r->token.kind == TOKEN_END && ok(r->a);
}

/* CREATE [TEMP] TABLE [IF NOT EXISTS] name "(" items ")" options */
MIG_FUNC int ddl_read_table(Arena *a, Text sql, DdlTable *table, Text *stopped)
{
    Reader r = reader_begin(a, sql);
    int from, is_good;

    memset(table, 0, sizeof *table);
    table->sql = sql;
    is_good = reader_take(&r, "CREATE");
    if (!reader_take(&r, "TEMP"))
        reader_take(&r, "TEMPORARY");
    is_good = is_good && reader_take(&r, "TABLE");
    reader_take_all(&r, "IF NOT EXISTS");
    is_good = is_good && ddlTakeName(&r, &table->name, &table->name_token);
    from = r.token.offset;
    is_good = is_good && reader_take_kind(&r, TOKEN_LEFT) && ddlItems(&r, table)
           && reader_take_kind(&r, TOKEN_RIGHT);
    table->body = reader_since(&r, from);
    return ddlEnd(&r, is_good && ddlOptions(&r, table), stopped);
}

MIG_FUNC int ddl_read_column(Arena *a, Text sql, DdlColumn *column, Text *stopped)
{
    Reader r = reader_begin(a, sql);

    memset(column, 0, sizeof *column);
    return ddlEnd(&r, ddlColumn(&r, column), stopped);
}

MIG_FUNC int ddl_read_clause(Arena *a, Text sql, DdlClause *clause, Text *stopped)
{
    Reader r = reader_begin(a, sql);

    memset(clause, 0, sizeof *clause);
    return ddlEnd(&r, ddlTableClause(&r, clause), stopped);
}

/* ---- the other objects ---- */

/* CREATE [UNIQUE] INDEX [IF NOT EXISTS] name ON table "(" terms ")" [WHERE expr] */
MIG_FUNC int ddl_read_index(Arena *a, Text sql, DdlIndex *index, Text *stopped)
{
    Reader r = reader_begin(a, sql);
    int is_good = reader_take(&r, "CREATE");

    memset(index, 0, sizeof *index);
    index->sql = sql;
    index->is_unique = reader_take(&r, "UNIQUE");
    is_good = is_good && reader_take(&r, "INDEX");
    reader_take_all(&r, "IF NOT EXISTS");
    is_good = is_good && ddlTakeName(&r, &index->name, &index->name_token)
           && reader_take(&r, "ON")
           && reader_take_name(&r, &index->table, &index->table_token)
           && ddlTerms(&r, &index->term, &index->nterm, NULL);
    if (is_good && reader_take(&r, "WHERE")) {
        int from = r.token.offset;
        while (r.token.kind != TOKEN_END)
            reader_next(&r);
        index->where = reader_since(&r, from);
    }
    return ddlEnd(&r, is_good, stopped);
}

/* [BEFORE | AFTER | INSTEAD OF] {DELETE | INSERT | UPDATE [OF columns]} ON table */
static int ddlTriggerTable(Reader *r, DdlObject *object)
{
    if (!reader_take(r, "BEFORE") && !reader_take(r, "AFTER"))
        reader_take_all(r, "INSTEAD OF");
    object->event = r->token.text;
    while (r->token.kind != TOKEN_END && !reader_is(r, "ON"))
        reader_next(r);
    return reader_take(r, "ON")
        && ddlTakeName(r, &object->table, &object->table_token);
}

/* CREATE [TEMP] {VIEW | TRIGGER | VIRTUAL TABLE} [IF NOT EXISTS] name ... */
MIG_FUNC int ddl_read_object(Arena *a, Text sql, DdlObject *object, Text *stopped)
{
    Reader r = reader_begin(a, sql);
    int is_good, from;

    memset(object, 0, sizeof *object);
    object->sql = sql;
    object->kind = ddl_kind(sql);
    is_good = reader_take(&r, "CREATE");
    if (!reader_take(&r, "TEMP"))
        reader_take(&r, "TEMPORARY");
    is_good = is_good && (reader_take(&r, "VIEW") || reader_take(&r, "TRIGGER")
                          || reader_take_all(&r, "VIRTUAL TABLE"));
    reader_take_all(&r, "IF NOT EXISTS");
    is_good = is_good && ddlTakeName(&r, &object->name, &object->name_token);
    from = r.token.offset;
    if (is_good && object->kind == DDL_TRIGGER)
        is_good = ddlTriggerTable(&r, object);
    if (is_good && object->kind == DDL_VIRTUAL)
        is_good = reader_take(&r, "USING")
               && reader_take_name(&r, &object->table, &object->table_token);
    while (is_good && r.token.kind != TOKEN_END)
        reader_next(&r);
    object->rest = reader_since(&r, from);
    return ddlEnd(&r, is_good, stopped);
}

MIG_FUNC DdlKind ddl_kind(Text sql)
{
    static const struct { char words[16]; DdlKind kind; } kind[] = {
        {"TABLE", DDL_TABLE}, {"VIRTUAL TABLE", DDL_VIRTUAL},
        {"INDEX", DDL_INDEX}, {"UNIQUE INDEX", DDL_INDEX}, {"VIEW", DDL_VIEW},
        {"TRIGGER", DDL_TRIGGER}
    };
    Reader r = reader_begin(NULL, sql);
    size_t i;

    if (!reader_take(&r, "CREATE"))
        return DDL_UNKNOWN;
    if (!reader_take(&r, "TEMP"))
        reader_take(&r, "TEMPORARY");
    for (i = 0; i < sizeof kind / sizeof *kind; i++)
        if (reader_take_all(&r, kind[i].words))
            return kind[i].kind;
    return DDL_UNKNOWN;
}

/* ---- looking ---- */

MIG_FUNC int ddl_find_column(const DdlTable *table, Text name)
{
    int i;

    for (i = 0; i < table->ncolumn; i++)
        if (text_eq_nocase(table->column[i].name, name))
            return i;
    return -1;
}

MIG_FUNC Text ddl_type(const DdlColumn *column)
{
    Text type = column->type, inside;
    int i;

    if (type.n < 3 || !strchr("\"'`[", type.z[0]))
        return type;
    inside = text_slice(type, 1, type.n - 1);
    for (i = 0; i < inside.n; i++)
        if (strchr("\"'`[", inside.z[i]))
            return type;
    return inside;
}

MIG_FUNC const DdlClause *ddl_clause(const DdlColumn *column, ClauseKind kind)
{
    int i;

    for (i = column->n - 1; i >= 0; i--)
        if (column->v[i].kind == kind)
            return &column->v[i];
    return NULL;
}

/* INTEGER PRIMARY KEY: of a column, but not with DESC; or of the table, on that
** column alone.  Through a quirk that is kept, DESC counts only in the former. */
MIG_FUNC int ddl_rowid_column(const DdlTable *table)
{
    int i, at = -1;

    if (table->is_without_rowid)
        return -1;
    for (i = 0; i < table->ncolumn; i++) {
        const DdlClause *key = ddl_clause(&table->column[i], CLAUSE_PRIMARY_KEY);
        if (key)
            at = key->is_desc ? -1 : i;
    }
    for (i = 0; i < table->n; i++)
        if (table->v[i].kind == CLAUSE_PRIMARY_KEY && table->v[i].nterm == 1)
            at = ddl_find_column(table, table->v[i].term[0].column);
    if (at < 0 || !text_is_nocase(ddl_type(&table->column[at]), "INTEGER"))
        return -1;
    return at;
}

MIG_FUNC int ddl_is_autoincrement(const DdlTable *table)
{
    int i;

    for (i = 0; i < table->ncolumn; i++) {
        const DdlClause *key = ddl_clause(&table->column[i], CLAUSE_PRIMARY_KEY);
        if (key && key->is_autoincrement)
            return 1;
    }
    for (i = 0; i < table->n; i++)
        if (table->v[i].is_autoincrement)
            return 1;
    return 0;
}

/* True if the type has the letters in it, in any case. */
static int ddlHas(Text type, const char *letters)
{
    int i, n = (int)strlen(letters);

    for (i = 0; i + n <= type.n; i++)
        if (sqlite3_strnicmp(type.z + i, letters, n) == 0)
            return 1;
    return 0;
}

MIG_FUNC const char *ddl_affinity(Text type)
{
    static const struct { char letters[5], affinity[8]; } rule[] = {
        {"INT", "INTEGER"}, {"CHAR", "TEXT"}, {"CLOB", "TEXT"}, {"TEXT", "TEXT"},
        {"BLOB", "BLOB"}, {"REAL", "REAL"}, {"FLOA", "REAL"}, {"DOUB", "REAL"}
    };
    size_t i;

    if (type.n == 0)
        return "BLOB";
    for (i = 0; i < sizeof rule / sizeof *rule; i++)
        if (ddlHas(type, rule[i].letters))
            return rule[i].affinity;
    return "NUMERIC";
}

MIG_FUNC int ddl_mentions(Arena *a, Text sql, Text name)
{
    int offset = 0;

    for (;;) {
        Token token = token_next_solid(sql, &offset);
        if (token.kind == TOKEN_END)
            return 0;
        if ((token.kind == TOKEN_WORD || token.kind == TOKEN_QUOTED)
            && text_eq_nocase(token_name(a, token), name))
            return 1;
    }
}

/* True for a token of an expression that names a column, as far as its neighbours
** tell: no function, type or collation. */
static int ddlIsColumn(Token before, Token token, Token next)
{
    return (token.kind == TOKEN_WORD || token.kind == TOKEN_QUOTED)
        && next.kind != TOKEN_LEFT && !token_is(before, "AS")
        && !token_is(before, "COLLATE");
}

MIG_FUNC int ddl_has_string(Arena *a, Text expr, const DdlTable *table)
{
    Token before = {TOKEN_END, {NULL, 0}, 0}, token, next;
    int offset = 0;

    token = token_next_solid(expr, &offset);
    while (token.kind != TOKEN_END) {
        next = token_next_solid(expr, &offset);
        if (token.kind == TOKEN_QUOTED && token.text.z[0] == '"'
            && ddlIsColumn(before, token, next) && next.kind != TOKEN_DOT
            && ddl_find_column(table, token_name(a, token)) < 0)
            return 1;
        before = token;
        token = next;
    }
    return 0;
}

MIG_FUNC int ddl_uses(Arena *a, Text expr, Text column)
{
    Token before = {TOKEN_END, {NULL, 0}, 0}, token, next;
    int offset = 0;

    token = token_next_solid(expr, &offset);
    while (token.kind != TOKEN_END) {
        next = token_next_solid(expr, &offset);
        if (ddlIsColumn(before, token, next)
            && text_eq_nocase(token_name(a, token), column))
            return 1;
        before = token;
        token = next;
    }
    return 0;
}

MIG_FUNC int ddl_term_uses(Arena *a, const DdlTerm *term, Text column)
{
    if (term->column.z)
        return text_eq_nocase(term->column, column);
    return ddl_uses(a, term->expr, column);
}

MIG_FUNC int ddl_clause_uses(Arena *a, const DdlClause *clause, Text column)
{
    int i;

    for (i = 0; i < clause->nterm; i++)
        if (ddl_term_uses(a, &clause->term[i], column))
            return 1;
    return (clause->kind == CLAUSE_CHECK || clause->kind == CLAUSE_GENERATED)
        && ddl_uses(a, clause->body, column);
}
