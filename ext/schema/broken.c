/*
** Views and triggers that do not compile.  See broken.h.
*/
#include "broken.h"

typedef struct BrokenObject {
    Text schema, type, name;
    Text said;              /* what is wrong with it */
} BrokenObject;

static int brokenAny(Work *w)
{
    return db_value(w->a, w->db, "SELECT EXISTS (SELECT 1 FROM \"%.*w\"."
        "sqlite_schema WHERE type IN ('view', 'trigger')) OR EXISTS (SELECT 1 FROM "
        "temp.sqlite_schema WHERE type IN ('view', 'trigger'))",
        TEXT_ARG(w->schema)) != 0;
}

/* True if said begins with "error in TYPE NAME", and stops there. */
static int brokenIs(Arena *a, const BrokenObject *object, const char *said)
{
    const char *head = text_format(a, "error in %.*s %.*s", TEXT_ARG(object->type),
                                   TEXT_ARG(object->name));
    size_t n = strlen(head);

    return strncmp(said, head, n) == 0 && (said[n] == ':' || said[n] == ' ');
}

/* The object that a message of SQLite is about; false if there is none. */
static int brokenFind(Work *w, const char *said, BrokenObject *found)
{
    sqlite3_stmt *stmt = db_prepare(w->a, w->db, "SELECT %.*Q, type, name "
        "FROM \"%.*w\".sqlite_schema WHERE type IN ('view', 'trigger') UNION ALL "
        "SELECT 'temp', type, name FROM temp.sqlite_schema "
        "WHERE type IN ('view', 'trigger') ORDER BY length(name) DESC",
        TEXT_ARG(w->schema), TEXT_ARG(w->schema));
    int is_found = 0;

    while (!is_found && db_step(w->a, stmt)) {
        found->schema = db_text(w->a, stmt, 0);
        found->type = db_text(w->a, stmt, 1);
        found->name = db_text(w->a, stmt, 2);
        is_found = brokenIs(w->a, found, said);
    }
    db_finish(stmt);
    if (is_found) {
        const char *colon = strstr(said + strlen("error in ") + found->name.n, ": ");
        found->said = text_of(text_copy(w->a, text_of(colon ? colon + 2 : said)));
    }
    return is_found && ok(w->a);
}

/* The next object that does not compile; false if all do. */
static int brokenNext(Work *w, BrokenObject *found)
{
    Text from = work_free_name(w, "_migrate_probe");
    Text to = work_free_name(w, "_migrate_probed");
    int rc, is_found = 0;
    char *said;

    if (!ok(w->a))
        return 0;
    db_exec(w->a, w->db, "CREATE TABLE \"%.*w\".%s(a)", TEXT_ARG(w->schema), from.z);
    if (!ok(w->a))
        return 0;
    rc = sqlite3_exec(w->db, text_format(w->a, "ALTER TABLE \"%.*w\".%s RENAME TO %s",
                      TEXT_ARG(w->schema), from.z, to.z), NULL, NULL, NULL);
    said = text_copy(w->a, text_of(sqlite3_errmsg(w->db)));
    if (rc == SQLITE_ERROR)
        is_found = brokenFind(w, said, found);
    else if (rc != SQLITE_OK)
        db_fail(w->a, w->db, rc, ERR_SQL);
    db_exec(w->a, w->db, "DROP TABLE \"%.*w\".%s", TEXT_ARG(w->schema),
            rc == SQLITE_OK ? to.z : from.z);
    return is_found && ok(w->a);
}

/* SQLite looks only while it does not keep to the old ways. */
static int brokenBegin(Work *w)
{
    int legacy = 0;

    sqlite3_db_config(w->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, -1, &legacy);
    if (legacy)
        sqlite3_db_config(w->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0, NULL);
    work_try_begin(w);
    return legacy;
}

static void brokenEnd(Work *w, int legacy)
{
    work_try_end(w);
    if (legacy)
        sqlite3_db_config(w->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 1, NULL);
}

/* All of them: each is dropped, on trial, so that the next one shows. */
static int brokenAll(Work *w, BrokenObject **out)
{
    BrokenObject *v = NULL, object;
    int n = 0, cap = 0, legacy;

    *out = NULL;
    if (!brokenAny(w) || !ok(w->a))
        return 0;
    legacy = brokenBegin(w);
    while (brokenNext(w, &object)) {
        if (!ARENA_PUSH(w->a, v, n, cap))
            break;
        v[n++] = object;
        db_exec(w->a, w->db, "DROP %.*s \"%.*w\".\"%.*w\"", TEXT_ARG(object.type),
                TEXT_ARG(object.schema), TEXT_ARG(object.name));
    }
    brokenEnd(w, legacy);
    *out = v;
    return n;
}

MIG_FUNC BrokenList broken_list(Work *w)
{
    BrokenList list = {{0}, {0}};
    BrokenObject *v;
    int i, n = brokenAll(w, &v);

    for (i = 0; i < n; i++) {
        names_push(w->a, &list.object, text_of(text_format(w->a, "%.*s %.*s",
                   TEXT_ARG(v[i].type), TEXT_ARG(v[i].name))));
        names_push(w->a, &list.said, v[i].said);
    }
    return list;
}

MIG_FUNC void broken_check(Work *w, const BrokenList *before)
{
    BrokenList after = broken_list(w);
    int i;

    for (i = 0; i < after.object.n && ok(w->a); i++)
        if (names_find(&before->object, after.object.v[i]) < 0)
            err_set(w->a->err, ERR_CONSTRAINT, "this would break %.*s: %.*s; drop "
                    "it first, and make it anew", TEXT_ARG(after.object.v[i]),
                    TEXT_ARG(after.said.v[i]));
}

MIG_FUNC Broken broken_take(Work *w)
{
    BrokenObject *v;
    Broken broken = {{0}, {0}};
    sqlite3_stmt *stmt;
    int i, n = brokenAll(w, &v);

    if (!n || !ok(w->a))
        return broken;
    work_edit_begin(w);
    for (i = 0; i < n && ok(w->a); i++) {
        stmt = db_prepare(w->a, w->db, "SELECT printf('INSERT INTO \"%.*w\"."
            "sqlite_schema VALUES (%%Q, %%Q, %%Q, 0, %%Q)', type, name, tbl_name, sql) "
            "FROM \"%.*w\".sqlite_schema WHERE type = %.*Q AND name = %.*Q",
            TEXT_ARG(v[i].schema), TEXT_ARG(v[i].schema), TEXT_ARG(v[i].type),
            TEXT_ARG(v[i].name));
        if (db_step(w->a, stmt)) {
            names_push(w->a, &broken.schema, v[i].schema);
            names_push(w->a, &broken.sql, db_text(w->a, stmt, 0));
        }
        db_finish(stmt);
        work_run(w, "DELETE FROM \"%.*w\".sqlite_schema WHERE type = %.*Q "
                 "AND name = %.*Q", TEXT_ARG(v[i].schema), TEXT_ARG(v[i].type),
                 TEXT_ARG(v[i].name));
    }
    work_edit_end(w);
    return broken;
}

MIG_FUNC void broken_put(Work *w, const Broken *broken)
{
    int i;

    if (!broken->sql.n)
        return;
    work_edit_begin(w);
    for (i = 0; i < broken->sql.n; i++)
        work_run(w, "%.*s", TEXT_ARG(broken->sql.v[i]));
    work_edit_end(w);
}
