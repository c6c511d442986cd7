/*
** What is dangerous in one statement.  See danger.h.
*/
#include "danger.h"

#include "../schema/change.h"
#include "../sql/ddl.h"
#include "../sql/normal.h"
#include "../sql/pragma.h"
#include "../sql/reader.h"

/* The statement that is looked at. */
typedef struct DangerView {
    Dangers *d;
    Arena *a;
    const Section *section;
    int i;                  /* which item of it */
    Text sql;
    int offset;             /* of sql in the file */
} DangerView;

/* About the statement, or about a part of it. */
static void dangerSay(DangerView *v, const char *code, Text part,
                      const char *message)
{
    Dangers *d = v->d;
    Danger danger = {code, v->offset + (int)(part.z - v->sql.z), message};

    if (ok(d->a) && ARENA_PUSH(d->a, d->v, d->n, d->cap))
        d->v[d->n++] = danger;
}

/* ---- tables ---- */

/* [schema.]name */
static Text dangerName(Reader *r)
{
    Text name = {NULL, 0};

    reader_take_name(r, &name, NULL);
    if (reader_take_kind(r, TOKEN_DOT))
        reader_take_name(r, &name, NULL);
    return name;
}

static int dangerIsFresh(const DangerView *v, Text table)
{
    return names_find(&v->d->fresh, normal_name(v->a, table)) >= 0;
}

static void dangerSetFresh(DangerView *v, Text table)
{
    names_push(v->a, &v->d->fresh, normal_name(v->a, table));
}

static Text dangerColumn(const DangerView *v, Text table, Text column)
{
    table = normal_name(v->a, table);
    column = normal_name(v->a, column);
    return text_of(text_format(v->a, "%Ts.%Ts", table, column));
}

/* " (12 rows here)", where that is known. */
static const char *dangerRows(const DangerView *v, Text table)
{
    Err err = {ERR_NONE, NULL};
    const char *rows = "";
    Arena a;
    i64 n = 0;

    arena_init(&a, &err);
    if (db_value(&a, v->d->db, "SELECT 1 FROM main.sqlite_schema WHERE type = 'table' "
                 "AND name = %TQ COLLATE NOCASE", table)) {
        n = db_value(&a, v->d->db, "SELECT count(*) FROM main.\"%Tw\"", table);
        if (ok(&a))             /* else its module is not there: nobody knows */
            rows = text_format(v->a, " (%lld row%s here)", n, n == 1 ? "" : "s");
    }
    if (err.code && err.code != ERR_SQL)
        err_join(v->a->err, &err);
    arena_release(&a);
    err_release(&err);
    return rows;
}

/* ---- DROP TABLE ---- */

/* Does a later statement give its name to another table?  So does who rebuilds it by
** hand. */
static int dangerIsReplaced(const DangerView *v, Text table)
{
    int i;

    for (i = v->i + 1; i < v->section->n; i++) {
        Reader r;
        if (v->section->v[i].kind != ITEM_STATEMENT)
            continue;
        r = reader_begin(v->a, v->section->v[i].statement.sql);
        if (!reader_take_all(&r, "ALTER TABLE"))
            continue;
        dangerName(&r);
        if (reader_take_all(&r, "RENAME TO")
            && text_eq_nocase(dangerName(&r), table))
            return 1;
    }
    return 0;
}

/* The tables that refer to it, with commas between; "" for none. */
static const char *dangerChildren(const DangerView *v, Text table)
{
    sqlite3_stmt *stmt = db_prepare(v->a, v->d->scratch,
        "SELECT group_concat(name, ', ') FROM (SELECT DISTINCT s.name "
        "FROM main.sqlite_schema AS s, pragma_foreign_key_list(s.name) AS f "
        "WHERE s.type = 'table' AND f.\"table\" = %TQ COLLATE NOCASE "
        "AND s.name <> f.\"table\" COLLATE NOCASE ORDER BY 1)", table);
    Text names = {NULL, 0};

    if (db_step(v->a, stmt))
        names = db_text(v->a, stmt, 0);
    db_finish(stmt);
    return names.z ? names.z : "";
}

static void dangerDropTable(DangerView *v, Reader *r)
{
    const char *children;
    Text table;

    reader_take_all(r, "IF EXISTS");
    table = dangerName(r);
    if (!v->d->is_up || dangerIsFresh(v, table))
        return;
    if (!dangerIsReplaced(v, table))
        dangerSay(v, "drop-table", v->sql, text_format(v->a,
            "the rows of %Ts are lost%s", table, dangerRows(v, table)));
    children = v->d->foreign_keys ? dangerChildren(v, table) : "";
    if (*children)
        dangerSay(v, "drop-referenced", v->sql, text_format(v->a,
            "%s refers to %Ts: with foreign keys on, dropping it deletes or nulls "
            "rows there, or fails; write foreign_keys:off after the directive",
            children, table));
}

/* ---- ALTER TABLE ---- */

/* Whether the keywords stand in sql, one after the other, not in parentheses. */
static int dangerHas(const DangerView *v, Text sql, const char *keywords)
{
    Reader r = reader_begin(v->a, sql);
    Text inside;

    while (r.token.kind != TOKEN_END) {
        if (reader_take_all(&r, keywords))
            return 1;
        if (!reader_take_group(&r, &inside))
            reader_next(&r);
    }
    return 0;
}

static int dangerIsNull(const DdlClause *value)
{
    return !value || text_is_nocase(value->body, "NULL");
}

static void dangerAddColumn(DangerView *v, Text table, const AlterAction *action)
{
    const DdlClause *value;
    DdlColumn column;
    Text stopped;

    names_push(v->a, &v->d->added, dangerColumn(v, table, action->column));
    if (!ddl_read_column(v->a, action->words, &column, &stopped))
        return;
    value = ddl_clause(&column, CLAUSE_DEFAULT);
    if (ddl_clause(&column, CLAUSE_NOT_NULL) && dangerIsNull(value)
        && !ddl_clause(&column, CLAUSE_GENERATED))
        dangerSay(v, "not-null", action->all, text_format(v->a,
            "%Ts is NOT NULL and has no default: this fails where %Ts has rows%s",
            action->column, table, dangerRows(v, table)));
    if (ddl_clause(&column, CLAUSE_UNIQUE) && !dangerIsNull(value))
        dangerSay(v, "new-unique", action->all, text_format(v->a,
            "all rows of %Ts get the same %Ts: this fails where it has more than "
            "one%s", table, action->column,
            dangerRows(v, table)));
}

/* What the rows at hand may not fit. */
static const struct { char words[14], code[18], what[20]; } dangerNew[] = {
    {"SET NOT NULL", "not-null", "is NULL"},
    {"UNIQUE", "new-unique", "is there twice"},
    {"PRIMARY KEY", "new-unique", "is there twice"},
    {"CHECK", "new-check", "fails the check"},
    {"FOREIGN KEY", "new-foreign-key", "refers to nothing"},
};

static void dangerChange(DangerView *v, Text table, const AlterAction *action)
{
    Reader r = reader_begin(v->a, action->all);
    size_t i;

    for (i = 0; i < sizeof dangerNew / sizeof *dangerNew; i++)
        if (!reader_is(&r, "DROP") && dangerHas(v, action->all, dangerNew[i].words))
            dangerSay(v, dangerNew[i].code, action->all, text_format(v->a,
                "this fails where a row of %Ts %s%s", table,
                dangerNew[i].what, dangerRows(v, table)));
}

static void dangerAction(DangerView *v, Text table, const AlterAction *action)
{
    switch (action->kind) {
    case ALTER_ADD_COLUMN:
        dangerAddColumn(v, table, action);
        return;
    case ALTER_DROP_COLUMN:
        if (names_find(&v->d->added, dangerColumn(v, table, action->column)) < 0)
            dangerSay(v, "drop-column", action->all, text_format(v->a,
                "the values of %Ts.%Ts are lost%s", table,
                action->column, dangerRows(v, table)));
        return;
    case ALTER_TYPE:
        dangerSay(v, "change-type", action->all, text_format(v->a,
            "values of %Ts may become others, and the downgrade cannot bring them "
            "back%s", table, dangerRows(v, table)));
        return;
    case ALTER_SET_NOT_NULL:
    case ALTER_ADD_CONSTRAINT:
        dangerChange(v, table, action);
        return;
    default:
        return;
    }
}

/* Whether its rebuild is news.  A new DEFAULT makes one only where rows are older than
** the column; and what fails on rows makes none. */
static int dangerIsRebuilt(const DangerView *v, const Alter *alter)
{
    int i;

    if (!v->d->is_up || dangerIsFresh(v, alter->table))
        return 0;
    for (i = 0; i < v->d->n; i++)
        if (strcmp(v->d->v[i].code, "not-null") == 0)
            return 0;
    for (i = 0; i < alter->n; i++)
        if (alter->v[i].kind != ALTER_SET_DEFAULT
            && alter->v[i].kind != ALTER_DROP_DEFAULT)
            return 1;
    return 0;
}

/* Runs it on the scratch database, as if there were rows, to see by which way. */
static void dangerRunAlter(DangerView *v, Arena *a)
{
    ChangeHost host = {0};
    Alter alter = alter_read(a, v->sql);
    int offset;
    ChangeWay way;

    host.is_script = 1;
    way = change_run(a, v->d->scratch, v->sql, &host, &offset);
    if (way == CHANGE_REBUILD && dangerIsRebuilt(v, &alter))
        dangerSay(v, "rebuild", v->sql, text_format(v->a, "every row of %Ts is "
            "copied%s, and nobody can write meanwhile", alter.table,
            dangerRows(v, alter.table)));
}

static void dangerAlter(DangerView *v, Reader *r)
{
    Alter alter = alter_read(v->a, v->sql);
    int is_fresh = dangerIsFresh(v, alter.table), i;

    (void)r;
    for (i = 0; i < alter.n && ok(v->a); i++) {
        Reader to = reader_begin(v->a, alter.v[i].all);
        if (v->d->is_up && !is_fresh)
            dangerAction(v, alter.table, &alter.v[i]);
        if (is_fresh && reader_take_all(&to, "RENAME TO"))
            dangerSetFresh(v, dangerName(&to));
    }
}

/* ---- CREATE ---- */

static void dangerKey(DangerView *v, const DdlTable *table)
{
    int i, at = -1;

    for (i = 0; i < table->ncolumn; i++)
        if (ddl_clause(&table->column[i], CLAUSE_PRIMARY_KEY))
            at = i;
    for (i = 0; i < table->n; i++)
        if (table->v[i].kind == CLAUSE_PRIMARY_KEY && table->v[i].nterm == 1)
            at = ddl_find_column(table, table->v[i].term[0].column);
    if (at < 0 || table->is_without_rowid || ddl_rowid_column(table) >= 0
        || ddl_clause(&table->column[at], CLAUSE_NOT_NULL))
        return;
    for (i = 0; i + 3 <= table->column[at].type.n; i++)
        if (text_is_nocase(text_slice(table->column[at].type, i, i + 3), "INT"))
            break;
    if (i + 3 <= table->column[at].type.n)
        dangerSay(v, "int-primary-key", table->column[at].all, text_format(v->a,
            "%Ts PRIMARY KEY is no rowid and takes NULL; write INTEGER PRIMARY "
            "KEY", table->column[at].type));
}

static void dangerCreateTable(DangerView *v, Reader *r)
{
    DdlTable table;
    Text name, stopped;

    reader_take_all(r, "IF NOT EXISTS");
    name = dangerName(r);
    dangerSetFresh(v, name);
    if (reader_is(r, "AS"))
        dangerSay(v, "create-as", v->sql, text_format(v->a, "%Ts gets no keys, "
            "constraints or defaults this way; write its columns, then INSERT",
            name));
    else if (ddl_read_table(v->a, v->sql, &table, &stopped))
        dangerKey(v, &table);
}

static void dangerUniqueIndex(DangerView *v, Reader *r)
{
    Text table;

    reader_take_all(r, "IF NOT EXISTS");
    dangerName(r);
    reader_take(r, "ON");
    table = dangerName(r);
    if (v->d->is_up && !dangerIsFresh(v, table))
        dangerSay(v, "new-unique", v->sql, text_format(v->a,
            "this fails where a row of %Ts is there twice%s", table,
            dangerRows(v, table)));
}

/* ---- rows ---- */

/* Does an UPDATE set nothing but columns that the revision has added? */
static int dangerFills(const DangerView *v, Text table)
{
    Reader r = reader_begin(v->a, v->sql);
    Text column, inside;
    int is_set = 0;

    while (r.token.kind != TOKEN_END && !is_set)
        if (!(is_set = reader_take(&r, "SET")))
            reader_next(&r);
    while (is_set && r.token.kind != TOKEN_END) {
        if (!reader_take_name(&r, &column, NULL)
            || names_find(&v->d->added, dangerColumn(v, table, column)) < 0)
            return 0;
        while (r.token.kind != TOKEN_END && !reader_take_kind(&r, TOKEN_COMMA))
            if (!reader_take_group(&r, &inside))
                reader_next(&r);
    }
    return is_set;
}

static void dangerAllRows(DangerView *v, Reader *r, const char *code,
                          const char *what)
{
    Text table;

    if (reader_take(r, "OR"))
        reader_next(r);
    reader_take(r, "FROM");
    table = dangerName(r);
    if (v->d->is_up && !dangerIsFresh(v, table) && !dangerHas(v, v->sql, "WHERE")
        && !dangerFills(v, table))
        dangerSay(v, code, v->sql, text_format(v->a, "without WHERE this %s every "
            "row of %Ts%s", what, table, dangerRows(v, table)));
}

static void dangerDelete(DangerView *v, Reader *r)
{
    dangerAllRows(v, r, "delete-all", "deletes");
}

static void dangerUpdate(DangerView *v, Reader *r)
{
    dangerAllRows(v, r, "update-all", "changes");
}

/* A row that is replaced is deleted first: for those that refer to it, too. */
static void dangerReplace(DangerView *v, Text table)
{
    const char *children = v->d->foreign_keys && !dangerIsFresh(v, table)
                         ? dangerChildren(v, table) : "";

    if (*children)
        dangerSay(v, "replace", v->sql, text_format(v->a, "a row of %Ts that is "
            "replaced is deleted first, and %s refers to it; write INSERT ... ON "
            "CONFLICT DO UPDATE", table, children));
}

/* SELECT * that gives the rows. */
static void dangerStar(DangerView *v, Reader *r)
{
    Text inside;

    while (r->token.kind != TOKEN_END) {
        if (reader_take(r, "SELECT")) {
            if (!reader_take(r, "DISTINCT"))
                reader_take(r, "ALL");
            if (text_is(r->token.text, "*"))
                dangerSay(v, "select-star", r->token.text, "the columns of * are as "
                    "they stand in the table by chance; name them");
        } else if (!reader_take_group(r, &inside)) {
            reader_next(r);
        }
    }
}

static void dangerInsert(DangerView *v, Reader *r)
{
    int is_replace = reader_take_all(r, "OR REPLACE");
    Text table;

    if (reader_take(r, "OR"))
        reader_next(r);
    reader_take(r, "INTO");
    table = dangerName(r);
    if (is_replace)
        dangerReplace(v, table);
    dangerStar(v, r);
}

static void dangerReplaceInto(DangerView *v, Reader *r)
{
    reader_take(r, "INTO");
    dangerReplace(v, dangerName(r));
    dangerStar(v, r);
}

/* WITH ..., and then a change or a query. */
static void dangerWith(DangerView *v, Reader *r)
{
    Text inside;

    while (r->token.kind != TOKEN_END) {
        void (*look)(DangerView *, Reader *) =
            reader_take(r, "DELETE") ? dangerDelete
            : reader_take(r, "UPDATE") ? dangerUpdate
            : reader_take(r, "INSERT") ? dangerInsert
            : reader_take(r, "REPLACE") ? dangerReplaceInto : NULL;
        if (look)
            look(v, r);
        else if (!reader_take_group(r, &inside))
            reader_next(r);
    }
}

/* ---- transactions and settings ---- */

static void dangerVacuum(DangerView *v, Reader *r)
{
    (void)r;
    if (!v->section->no_transaction)
        dangerSay(v, "transaction", v->sql, "VACUUM cannot run in a transaction; "
                  "write transaction:false after the directive");
}

static void dangerAttach(DangerView *v, Reader *r)
{
    (void)r;
    dangerSay(v, "attach", v->sql, "what becomes of another file is not all or "
              "nothing with this one, and a script cannot say it");
}

static void dangerDetach(DangerView *v, Reader *r)
{
    (void)r;
    if (!v->section->no_transaction)
        dangerSay(v, "transaction", v->sql, "DETACH cannot run in a transaction; "
                  "what was attached is detached afterwards, in any case");
}

static void dangerPragma(DangerView *v, Reader *r)
{
    Pragma pragma = pragma_read(v->a, v->sql);

    (void)r;
    if (!pragma.value.z)
        return;
    if (text_is_nocase(pragma.name, "writable_schema")
        && pragma_is_true(pragma.value))
        dangerSay(v, "writable-schema", v->sql, "a schema that is written by hand "
                  "can be one that SQLite does not open; ALTER TABLE here does "
                  "what that is for");
    if (v->section->no_transaction)
        return;
    if (text_is_nocase(pragma.name, "foreign_keys"))
        dangerSay(v, "foreign-keys", v->sql, "this does nothing in a transaction; "
                  "write foreign_keys:off after the directive");
    if (text_is_nocase(pragma.name, "journal_mode"))
        dangerSay(v, "transaction", v->sql, "the journal mode cannot change in a "
                  "transaction; write transaction:false after the directive");
}

/* ---- strings in double quotes ---- */

/* True if it compiles on the scratch database; *at is where it does not, or -1. */
static int dangerCompiles(DangerView *v, int *at)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(v->d->scratch, v->sql.z, v->sql.n, &stmt, NULL);

    *at = rc == SQLITE_OK ? -1 : db_error_offset(v->d->scratch);
    sqlite3_finalize(stmt);
    return rc == SQLITE_OK;
}

static int dangerHasDouble(Text sql)
{
    int offset = 0;
    Token token;

    while ((token = token_next(sql, &offset)).kind != TOKEN_END)
        if (token.kind == TOKEN_QUOTED && token.text.z[0] == '"')
            return 1;
    return 0;
}

/* SQLite takes a name in double quotes that is none for a string, unless it is told
** not to: what then does not compile has one. */
static void dangerQuotes(DangerView *v)
{
    static const int op[] = {SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL};
    int was[2] = {0, 0}, i, at, is_found;

    if (!ok(v->a) || !dangerHasDouble(v->sql) || !dangerCompiles(v, &at))
        return;
    for (i = 0; i < 2; i++) {
        sqlite3_db_config(v->d->scratch, op[i], -1, &was[i]);
        sqlite3_db_config(v->d->scratch, op[i], 0, NULL);
    }
    is_found = !dangerCompiles(v, &at);
    for (i = 0; i < 2; i++)
        sqlite3_db_config(v->d->scratch, op[i], was[i], NULL);
    if (is_found)
        dangerSay(v, "double-quoted", at > 0 ? text_slice(v->sql, at, v->sql.n)
                  : v->sql, "a string in double quotes is taken for a name as soon "
                  "as there is one; write it in single quotes");
}

/* ---- a statement ---- */

static const struct {
    char words[24];
    void (*look)(DangerView *v, Reader *r);     /* r stands behind the words */
} dangerStatement[] = {
    {"DROP TABLE", dangerDropTable},
    {"ALTER TABLE", dangerAlter},
    {"CREATE TABLE", dangerCreateTable},
    {"CREATE TEMP TABLE", dangerCreateTable},
    {"CREATE TEMPORARY TABLE", dangerCreateTable},
    {"CREATE UNIQUE INDEX", dangerUniqueIndex},
    {"DELETE", dangerDelete},
    {"UPDATE", dangerUpdate},
    {"INSERT", dangerInsert},
    {"REPLACE", dangerReplaceInto},
    {"WITH", dangerWith},
    {"VACUUM", dangerVacuum},
    {"ATTACH", dangerAttach},
    {"DETACH", dangerDetach},
    {"PRAGMA", dangerPragma},
};

/* Runs the statement, for what comes after it. */
static void dangerRun(DangerView *v, const Statement *statement)
{
    Err err = {ERR_NONE, NULL};
    Arena a;

    arena_init(&a, &err);
    if (statement->kind == STATEMENT_ALTER)
        dangerRunAlter(v, &a);
    else if (statement->kind != STATEMENT_VACUUM
             && statement->kind != STATEMENT_ATTACH)
        db_exec(&a, v->d->scratch, "%Ts", statement->sql);
    arena_release(&a);
    if (err.code == ERR_NO_MEMORY)
        err_join(v->a->err, &err);
    err_release(&err);
}

MIG_FUNC void danger_find(Dangers *d, const Section *section, int i)
{
    const Item *item = &section->v[i];
    DangerView v = {d, d->a, section, i, item->statement.sql, item->offset};
    Reader r = reader_begin(d->a, v.sql);
    size_t k;

    for (k = 0; k < sizeof dangerStatement / sizeof *dangerStatement; k++)
        if (reader_take_all(&r, dangerStatement[k].words)) {
            dangerStatement[k].look(&v, &r);
            break;
        }
    dangerQuotes(&v);
    if (d->is_up && ok(d->a))
        dangerRun(&v, &item->statement);
}
