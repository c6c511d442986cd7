/*
** A section with foreign_keys:off.  See foreign.h.
*/
#include "foreign.h"

#include "../base/map.h"

MIG_FUNC int foreign_switch(sqlite3 *db, int on)
{
    int was = 0;

    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &was);
    if (was != on)
        sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, on, NULL);
    return was;
}

static void foreignTouch(Arena *a, Foreign *f, Text table)
{
    int i;

    for (i = 0; i < f->touched.n; i++)
        if (text_eq_nocase(f->touched.v[i], table))
            return;
    names_push(a, &f->touched, table);
}

static void foreignTables(Arena *a, sqlite3 *db, Names *tables, Names *texts,
                          Names *pages)
{
    sqlite3_stmt *stmt = db_prepare(a, db, "SELECT name, sql || rootpage, rootpage "
        "FROM main.sqlite_schema WHERE type = 'table' ORDER BY name");

    while (db_step(a, stmt)) {
        names_push(a, tables, db_text(a, stmt, 0));
        names_push(a, texts, db_text(a, stmt, 1));
        names_push(a, pages, db_text(a, stmt, 2));
    }
    db_finish(stmt);
}

MIG_FUNC void foreign_begin(Arena *a, Foreign *f, sqlite3 *db)
{
    memset(f, 0, sizeof *f);
    foreignTables(a, db, &f->before, &f->text, &f->page);
}

/* OpenWrite: P2 is the page, P3 the database; Clear: P1 and P2.  The root page of a
** table of main that a step of a program writes; 0 for none. */
static int foreignPage(sqlite3_stmt *stmt)
{
    const char *op = (const char *)sqlite3_column_text(stmt, 1);

    if (op && strcmp(op, "OpenWrite") == 0)
        return sqlite3_column_int(stmt, 4) == 0 ? sqlite3_column_int(stmt, 3) : 0;
    if (op && strcmp(op, "Clear") == 0)
        return sqlite3_column_int(stmt, 3) == 0 ? sqlite3_column_int(stmt, 2) : 0;
    return 0;
}

/* The compiled statement opens each table that it, or a trigger of it, writes by
** the number of its root page. */
MIG_FUNC void foreign_note(Arena *a, Foreign *f, sqlite3 *db, Text sql)
{
    sqlite3_stmt *stmt = db_prepare(a, db, "EXPLAIN %Ts", sql);
    Names pages = {0};
    int i, page;

    while (db_step(a, stmt))
        if ((page = foreignPage(stmt)) != 0)
            names_push(a, &pages, text_of(text_format(a, "%d", page)));
    db_finish(stmt);
    for (i = 0; i < pages.n && ok(a); i++) {
        stmt = db_prepare(a, db, "SELECT tbl_name FROM main.sqlite_schema "
                          "WHERE rootpage = %s", pages.v[i].z);
        while (db_step(a, stmt))
            foreignTouch(a, f, db_text(a, stmt, 0));
        db_finish(stmt);
    }
}

/* Adds what differs between two states of the schema, one way. */
static void foreignDiff(Arena *a, Foreign *f, const Names *name, const Names *text,
                        const Names *otherName, const Names *otherText)
{
    Map others;
    int i, at;

    map_init(a, &others, otherName->n);
    for (i = 0; i < otherName->n; i++)
        map_add(a, &others, otherName->v[i], i);
    for (i = 0; i < name->n && ok(a); i++) {
        at = map_find(&others, name->v[i]);
        if (at < 0 || !text_eq(text->v[i], otherText->v[at]))
            foreignTouch(a, f, name->v[i]);
    }
}

MIG_FUNC void foreign_end(Arena *a, Foreign *f, sqlite3 *db)
{
    Names after = {0}, text = {0}, page = {0};
    sqlite3_stmt *stmt;
    int i, n;

    foreignTables(a, db, &after, &text, &page);
    foreignDiff(a, f, &f->before, &f->text, &after, &text);
    foreignDiff(a, f, &after, &text, &f->before, &f->text);
    n = f->touched.n;
    for (i = 0; i < n && ok(a); i++) {
        stmt = db_prepare(a, db, "SELECT s.name FROM main.sqlite_schema AS s, "
            "pragma_foreign_key_list(s.name, 'main') AS k WHERE s.type = 'table' "
            "AND k.\"table\" = %TQ COLLATE NOCASE", f->touched.v[i]);
        while (db_step(a, stmt))
            foreignTouch(a, f, db_text(a, stmt, 0));
        db_finish(stmt);
    }
}

MIG_FUNC void foreign_touch_all(Arena *a, Foreign *f, sqlite3 *db)
{
    Names now = {0}, texts = {0}, pages = {0};
    int i;

    foreignTables(a, db, &now, &texts, &pages);
    for (i = 0; i < f->before.n && ok(a); i++)
        foreignTouch(a, f, f->before.v[i]);
    for (i = 0; i < now.n && ok(a); i++)
        foreignTouch(a, f, now.v[i]);
}

/* True if SQLite refuses to check the table: it refers to columns that are no key.
** That is a fault of the schema, which its author may want so, and of no row. */
static int foreignIsMismatched(sqlite3 *db, Text table)
{
    char *sql = format_new("PRAGMA main.foreign_key_check(%TQ)", table);
    sqlite3_stmt *stmt = NULL;
    int rc = sql ? sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) : SQLITE_NOMEM;

    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    sqlite3_free(sql);
    sqlite3_finalize(stmt);
    return rc == SQLITE_ERROR
        && strncmp(sqlite3_errmsg(db), "foreign key mismatch", 20) == 0;
}

static int foreignIsThere(Arena *a, sqlite3 *db, Text table)
{
    return (int)db_value(a, db, "SELECT 1 FROM main.sqlite_schema WHERE "
                         "type = 'table' AND name = %TQ COLLATE NOCASE", table);
}

/* What a table was called when the section began: one that was not there is another
** by a new name, if it begins on the page of one that is gone. */
static Text foreignOrigin(Arena *a, const Foreign *f, sqlite3 *db, Text table)
{
    Text page;
    int i;

    for (i = 0; i < f->before.n; i++)
        if (text_eq_nocase(f->before.v[i], table))
            return table;
    page = text_of(text_format(a, "%lld", db_value(a, db, "SELECT rootpage FROM "
        "main.sqlite_schema WHERE type = 'table' AND name = %TQ COLLATE NOCASE", table)));
    i = names_find(&f->page, page);
    return i >= 0 && !foreignIsThere(a, db, f->before.v[i]) ? f->before.v[i] : table;
}

/* SQLite's name for the rowids of a table; z is NULL if it has none. */
static Text foreignRowid(Arena *a, sqlite3 *db, Text table)
{
    sqlite3_stmt *stmt = db_prepare(a, db, "SELECT column1 FROM (VALUES ('rowid'), "
        "('_rowid_'), ('oid')) WHERE NOT (SELECT wr FROM pragma_table_list(%TQ) WHERE "
        "schema = 'main') AND NOT EXISTS (SELECT 1 FROM pragma_table_xinfo(%TQ, 'main') "
        "WHERE name = column1 COLLATE NOCASE)", table, table);
    Text rowid = {NULL, 0};

    if (db_step(a, stmt))
        rowid = db_text(a, stmt, 0);
    db_finish(stmt);
    return rowid;
}

/* What rows of a table t refer with, by the number of the key: as text, for the type of
** a column may change.  "" if there are no keys. */
static const char *foreignRefers(Arena *a, sqlite3 *db, Text table)
{
    sqlite3_str *str = text_begin();
    sqlite3_stmt *stmt = db_prepare(a, db, "SELECT id, group_concat("
        "printf('CAST(t.\"%%w\" AS TEXT)', \"from\"), ' || '','' || ') "
        "FROM pragma_foreign_key_list(%TQ, 'main') GROUP BY id", table);

    while (db_step(a, stmt))
        text_append(str, " WHEN %lld THEN %Ts", db_int(stmt, 0), db_text(a, stmt, 1));
    db_finish(stmt);
    return text_finish(a, str);
}

/* The violations of one table.  One without rowids knows them by whom they refer to. */
static void foreignSelect(Arena *a, const Foreign *f, sqlite3 *db, Text table,
                          const char *refers, sqlite3_str *str)
{
    Text rowid = foreignRowid(a, db, table);

    text_append(str, "SELECT %TQ AS child, ", foreignOrigin(a, f, db, table));
    if (rowid.z)
        text_append(str, "CASE v.fkid%s END", refers);
    else
        text_append(str, "v.parent");
    text_append(str, " AS refers, v.\"table\" AS name, v.rowid AS id, v.parent AS parent "
                "FROM pragma_foreign_key_check(%TQ, 'main') AS v", table);
    if (rowid.z)
        text_append(str, " LEFT JOIN main.\"%Tw\" AS t ON t.%Ts = v.rowid", table, rowid);
}

/* Like rows are numbered. */
MIG_FUNC const char *foreign_query(Arena *a, const Foreign *f, sqlite3 *db)
{
    sqlite3_str *str = text_begin();
    const char *select, *refers;
    int i, n = 0;

    for (i = 0; i < f->touched.n && ok(a); i++) {
        Text table = f->touched.v[i];
        refers = foreignRefers(a, db, table);
        if (!ok(a) || !*refers || (f->is_probing && foreignIsMismatched(db, table)))
            continue;
        if (n++)
            text_append(str, "\nUNION ALL ");
        foreignSelect(a, f, db, table, refers, str);
    }
    select = text_finish(a, str);
    return n == 0 ? "" : text_format(a, "SELECT child, refers, row_number() OVER "
        "(PARTITION BY child, refers) AS n, name, id, parent FROM (%s)", select);
}

static ForeignRows foreignFind(Arena *a, const Foreign *f, sqlite3 *db)
{
    const char *query = foreign_query(a, f, db);
    ForeignRows found = {{0}, {0}};
    sqlite3_stmt *stmt = NULL;

    if (ok(a) && *query)
        stmt = db_prepare(a, db, "SELECT printf('%%s %%d %%s', child, n, refers), "
            "printf('%%s at rowid %%s refers to %%s%%s', name, ifnull(id, '?'), parent, "
            "iif(id IS NULL AND n > 1, printf(' (%%d)', n), '')) FROM (%s)", query);
    while (db_step(a, stmt)) {
        names_push(a, &found.key, db_text(a, stmt, 0));
        names_push(a, &found.text, db_text(a, stmt, 1));
    }
    db_finish(stmt);
    return found;
}

MIG_FUNC ForeignRows foreign_violations(Arena *a, const Foreign *f, sqlite3 *db)
{
    Foreign probing = *f;
    Err *err = a->err, found = {ERR_NONE, NULL};
    ForeignRows rows = {{0}, {0}};

    if (!ok(a))
        return rows;
    a->err = &found;
    rows = foreignFind(a, f, db);
    if (found.code == ERR_SQL && strstr(err_message(&found), "foreign key mismatch")) {
        err_release(&found);
        probing.is_probing = 1;
        rows = foreignFind(a, &probing, db);
    }
    a->err = err;
    if (found.code)
        err_join(err, &found);
    err_release(&found);
    return rows;
}
