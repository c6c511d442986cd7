/*
** Views and triggers that do not compile.  See broken.h.
*/
#include "broken.h"

#include "../sql/edit.h"
#include "relation.h"

typedef struct BrokenObject {
    Text schema, type, name;
    Text said;              /* what is wrong with it */
} BrokenObject;

static int brokenAny(Work *w)
{
    return db_value(w->a, w->db, "SELECT EXISTS (SELECT 1 FROM \"%Tw\"."
        "sqlite_schema WHERE type IN ('view', 'trigger')) OR EXISTS (SELECT 1 FROM "
        "temp.sqlite_schema WHERE type IN ('view', 'trigger'))",
        w->schema) != 0;
}

/* True if said begins with "error in TYPE NAME", and stops there. */
static int brokenIs(Arena *a, const BrokenObject *object, const char *said)
{
    const char *head = text_format(a, "error in %Ts %Ts", object->type,
                                   object->name);
    size_t n = strlen(head);

    return strncmp(said, head, n) == 0 && (said[n] == ':' || said[n] == ' ');
}

/* The object that a message of SQLite is about; false if there is none. */
static int brokenFind(Work *w, const char *said, BrokenObject *found)
{
    sqlite3_stmt *stmt = db_prepare(w->a, w->db, "SELECT * FROM (SELECT %TQ, type, "
        "name FROM \"%Tw\".sqlite_schema UNION ALL SELECT 'temp', type, name "
        "FROM temp.sqlite_schema) WHERE type IN ('view', 'trigger') "
        "ORDER BY length(name) DESC", w->schema, w->schema);
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
    db_exec(w->a, w->db, "CREATE TABLE \"%Tw\".%s(a)", w->schema, from.z);
    if (!ok(w->a))
        return 0;
    rc = sqlite3_exec(w->db, text_format(w->a, "ALTER TABLE \"%Tw\".%s RENAME TO %s",
                      w->schema, from.z, to.z), NULL, NULL, NULL);
    said = text_copy(w->a, text_of(sqlite3_errmsg(w->db)));
    if (rc == SQLITE_ERROR)
        is_found = brokenFind(w, said, found);
    else if (rc != SQLITE_OK)
        db_fail(w->a, w->db, rc, ERR_SQL);
    db_exec(w->a, w->db, "DROP TABLE \"%Tw\".%s", w->schema,
            rc == SQLITE_OK ? to.z : from.z);
    return is_found && ok(w->a);
}

/* All of them: each is dropped, on trial, so that the next one shows. */
static int brokenAll(Work *w, BrokenObject **out)
{
    BrokenObject *v = NULL, object;
    int n = 0, cap = 0;

    *out = NULL;
    if (!brokenAny(w) || !ok(w->a))
        return 0;
    work_try_begin(w);
    while (brokenNext(w, &object)) {
        if (!ARENA_PUSH(w->a, v, n, cap))
            break;
        v[n++] = object;
        db_exec(w->a, w->db, "DROP %Ts \"%Tw\".\"%Tw\"", object.type,
                object.schema, object.name);
    }
    work_try_end(w);
    *out = v;
    return n;
}

static void brokenPush(Work *w, BrokenList *list, Text type, Text name, Text said)
{
    Text object = text_of(text_format(w->a, "%Ts %Ts", type, name));

    if (names_find(&list->object, object) >= 0)
        return;
    names_push(w->a, &list->object, object);
    names_push(w->a, &list->said, said);
}

/* ---- triggers, compiled ---- */

/* A statement that fires the trigger. */
static const char *brokenFire(Work *w, const DdlObject *trigger, Text schema)
{
    sqlite3_stmt *stmt;
    sqlite3_str *str;
    int n = 0;

    if (text_is_nocase(trigger->event, "INSERT"))
        return text_format(w->a, "INSERT INTO \"%Tw\".\"%Tw\" DEFAULT VALUES",
                           schema, trigger->table);
    if (text_is_nocase(trigger->event, "DELETE"))
        return text_format(w->a, "DELETE FROM \"%Tw\".\"%Tw\"", schema,
                           trigger->table);
    str = text_begin();
    text_append(str, "UPDATE \"%Tw\".\"%Tw\" SET", schema, trigger->table);
    stmt = db_prepare(w->a, w->db, "SELECT name FROM pragma_table_xinfo(%TQ, %TQ) "
                      "WHERE hidden = 0", trigger->table, schema);
    while (db_step(w->a, stmt)) {
        Text name = db_text(w->a, stmt, 0);
        text_append(str, "%s \"%Tw\" = NULL", n++ ? "," : "", name);
    }
    db_finish(stmt);
    return text_finish(w->a, str);
}

/* What SQLite says of the statement that fires a trigger; empty if it compiles.  Only
** the trigger itself is blamed: the others of its table are away, and no foreign key
** is looked at. */
static Text brokenCompile(Work *w, Text sql)
{
    static const Text none = {NULL, 0};
    Text schema = none, stopped, said = none;
    sqlite3_stmt *stmt = NULL;
    DdlObject trigger;
    const char *fire;
    int keys;

    if (!ddl_read_object(w->a, sql, &trigger, &stopped)
        || !relation_find(w->a, w->db, trigger.table, &schema))
        return none;
    fire = brokenFire(w, &trigger, schema);
    sqlite3_db_config(w->db, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &keys);
    sqlite3_db_config(w->db, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
    if (ok(w->a) && sqlite3_prepare_v2(w->db, fire, -1, &stmt, NULL) == SQLITE_ERROR)
        said = text_of(text_copy(w->a, text_of(sqlite3_errmsg(w->db))));
    sqlite3_finalize(stmt);
    sqlite3_db_config(w->db, SQLITE_DBCONFIG_ENABLE_FKEY, keys, NULL);
    return said;
}

/* The same without the other triggers of the table. */
static Text brokenAlone(Work *w, Text schema, Text name, Text sql)
{
    Text said;

    work_try_begin(w);
    work_edit_begin(w);
    work_run(w, "DELETE FROM \"%Tw\".sqlite_schema WHERE type = 'trigger' AND name "
             "<> %TQ AND tbl_name = (SELECT tbl_name FROM \"%Tw\".sqlite_schema "
             "WHERE type = 'trigger' AND name = %TQ)", schema,
             name, schema, name);
    work_edit_end(w);
    said = brokenCompile(w, sql);
    work_try_end(w);
    return said;
}

/* Views, or triggers, that are as the condition says: where each is, its name, its
** statement. */
typedef struct BrokenTexts {
    Names schema, name, sql;
} BrokenTexts;

static BrokenTexts brokenTexts(Work *w, const char *type, Text mentioned)
{
    BrokenTexts t = {{NULL, 0, 0}, {NULL, 0, 0}, {NULL, 0, 0}};
    sqlite3_stmt *stmt = db_prepare(w->a, w->db, "SELECT * FROM (SELECT %TQ, name, "
        "sql, type FROM \"%Tw\".sqlite_schema UNION ALL SELECT 'temp', name, sql, type "
        "FROM temp.sqlite_schema) WHERE type = %Q AND instr(lower(sql), lower(%TQ))",
        w->schema, w->schema, type, mentioned);

    while (db_step(w->a, stmt)) {
        names_push(w->a, &t.schema, db_text(w->a, stmt, 0));
        names_push(w->a, &t.name, db_text(w->a, stmt, 1));
        names_push(w->a, &t.sql, db_text(w->a, stmt, 2));
    }
    db_finish(stmt);
    return t;
}

/* Triggers that name the table and do not compile. */
static void brokenTriggers(Work *w, BrokenList *list)
{
    BrokenTexts t = brokenTexts(w, "trigger", list->table);
    int i;

    for (i = 0; i < t.name.n && ok(w->a); i++) {
        Text said = brokenCompile(w, t.sql.v[i]);
        if (said.z && ok(w->a))
            said = brokenAlone(w, t.schema.v[i], t.name.v[i], t.sql.v[i]);
        if (said.z && ok(w->a))
            brokenPush(w, list, text_of("trigger"), t.name.v[i], said);
    }
}

/* Views that name their columns, and have more of them, or fewer: no renaming finds
** these. */
static void brokenViews(Work *w, BrokenList *list)
{
    BrokenTexts t = brokenTexts(w, "view", text_of("("));
    sqlite3_stmt *stmt = NULL;
    DdlObject view;
    Text stopped;
    const char *sql;
    int i;

    for (i = 0; i < t.name.n && ok(w->a); i++) {
        if (!ddl_read_object(w->a, t.sql.v[i], &view, &stopped)
            || !text_starts(view.rest, "("))
            continue;
        sql = text_format(w->a, "SELECT * FROM \"%Tw\".\"%Tw\"", t.schema.v[i],
                          t.name.v[i]);
        if (sqlite3_prepare_v2(w->db, sql, -1, &stmt, NULL) == SQLITE_ERROR)
            brokenPush(w, list, text_of("view"), t.name.v[i],
                       text_of(text_copy(w->a, text_of(sqlite3_errmsg(w->db)))));
        sqlite3_finalize(stmt);
        stmt = NULL;
    }
}

/* ---- the list ---- */

MIG_FUNC BrokenList broken_list(Work *w, Text table)
{
    BrokenList list = {table, {0}, {0}};
    BrokenObject *v;
    int i, n;

    if (!brokenAny(w) || !ok(w->a))
        return list;
    n = brokenAll(w, &v);
    for (i = 0; i < n; i++)
        brokenPush(w, &list, v[i].type, v[i].name, v[i].said);
    brokenViews(w, &list);
    brokenTriggers(w, &list);
    return list;
}

MIG_FUNC void broken_check(Work *w, const BrokenList *before)
{
    BrokenList after = broken_list(w, before->table);
    int i;

    for (i = 0; i < after.object.n && ok(w->a); i++)
        if (names_find(&before->object, after.object.v[i]) < 0)
            err_set(w->a->err, ERR_CONSTRAINT, "this would break %Ts: %Ts; drop "
                    "it first, and make it anew", after.object.v[i],
                    after.said.v[i]);
}

/* ---- taking them out ---- */

static void brokenRead(Work *w, const BrokenObject *object, Broken *broken)
{
    sqlite3_stmt *stmt = db_prepare(w->a, w->db, "SELECT tbl_name, sql FROM "
        "\"%Tw\".sqlite_schema WHERE type = %TQ AND name = %TQ",
        object->schema, object->type, object->name);

    if (db_step(w->a, stmt) && ARENA_PUSH(w->a, broken->v, broken->n, broken->cap)) {
        BrokenRow *row = &broken->v[broken->n++];
        row->schema = object->schema;
        row->type = object->type;
        row->name = object->name;
        row->table = db_text(w->a, stmt, 0);
        row->sql = db_text(w->a, stmt, 1);
    }
    db_finish(stmt);
}

MIG_FUNC Broken broken_take(Work *w)
{
    Broken broken = {NULL, 0, 0};
    BrokenObject *v;
    int i, n = brokenAll(w, &v);

    for (i = 0; i < n && ok(w->a); i++)
        brokenRead(w, &v[i], &broken);
    if (!n || !ok(w->a))
        return broken;
    work_edit_begin(w);
    for (i = 0; i < n; i++)
        work_run(w, "DELETE FROM \"%Tw\".sqlite_schema WHERE type = %TQ "
                 "AND name = %TQ", v[i].schema, v[i].type, v[i].name);
    work_edit_end(w);
    return broken;
}

/* A trigger follows its table; its body is as broken as it was. */
static void brokenRename(Work *w, BrokenRow *row, Text renamed)
{
    DdlObject trigger;
    Text stopped;

    if (!ddl_read_object(w->a, row->sql, &trigger, &stopped))
        return;
    row->table = renamed;
    row->sql = edit_replace(w->a, row->sql, trigger.table_token, text_of(text_format(
                            w->a, "\"%Tw\"", renamed)));
}

MIG_FUNC void broken_put(Work *w, const Broken *broken, Text table, Text renamed)
{
    int i;

    if (!broken->n || !ok(w->a))
        return;
    work_edit_begin(w);
    for (i = 0; i < broken->n; i++) {
        BrokenRow row = broken->v[i];
        if (text_is(row.type, "trigger") && text_eq_nocase(row.table, table))
            brokenRename(w, &row, renamed);
        work_run(w, "INSERT INTO \"%Tw\".sqlite_schema VALUES (%TQ, %TQ, %TQ, 0, "
                 "%TQ)", row.schema, row.type, row.name, row.table, row.sql);
    }
    work_edit_end(w);
}
