/*
** ALTER TABLE, done.  See change.h.
**
** Renaming is always SQLite's: it knows every place where a name stands.  The
** actions between two renamings are one group, which goes one way.
*/
#include "change.h"

#include "../sql/edit.h"
#include "broken.h"
#include "inplace.h"
#include "rebuild.h"
#include "statistics.h"

typedef struct Change {
    Arena *a;
    sqlite3 *db;
    const ChangeHost *host;
    Text sql;           /* the statement */
    const Alter *alter;
    Text schema, table; /* as they are now; unquoted */
    Work work;
    ChangeWay way;
    int offset;         /* what of the statement is being done */
    unsigned char *is_spared;   /* of each action: it says what is so already */
} Change;

MIG_FUNC const char *change_way_name(ChangeWay way)
{
    static const char name[][9] = {"nothing", "native", "in-place", "rebuild"};
    return name[way];
}

static void changeWent(Change *c, ChangeWay way)
{
    if (way > c->way)
        c->way = way;
}

/* ---- SQLite's own ---- */

/* An action as SQLite is given it: without IF EXISTS, which was seen to. */
typedef struct ChangeStatement {
    const char *sql;
    int head;           /* how many bytes at its start are not the author's */
    Text words;         /* his, which follow */
} ChangeStatement;

static const char *changeVerb(const AlterAction *action)
{
    return action->kind == ALTER_ADD_COLUMN ? "ADD COLUMN "
         : action->kind == ALTER_DROP_COLUMN ? "DROP COLUMN " : "";
}

static Text changeWords(const AlterAction *action)
{
    return *changeVerb(action) ? action->words : action->all;
}

static ChangeStatement changeStatement(Change *c, const AlterAction *action)
{
    char *head = text_format(c->a, "ALTER TABLE \"%Tw\".\"%Tw\" %s",
        c->schema, c->table, changeVerb(action));
    ChangeStatement s;

    s.words = changeWords(action);
    s.head = (int)strlen(head);
    s.sql = text_format(c->a, "%s%Ts", head, s.words);
    return s;
}

/* What SQLite says, as our error. */
static void changeFail(Change *c, int rc)
{
    db_fail(c->a, c->db, rc, (rc & 0xff) == SQLITE_CONSTRAINT ? ERR_CONSTRAINT
                                                              : ERR_SQL);
}

/* Runs an action by SQLite.  A statement that does not compile is reported; what
** happens when it runs is returned. */
static int changeTry(Change *c, const AlterAction *action)
{
    ChangeStatement s = changeStatement(c, action);
    sqlite3_stmt *stmt = NULL;
    int rc, at;

    if (!ok(c->a))
        return SQLITE_OK;
    rc = sqlite3_prepare_v2(c->db, s.sql, -1, &stmt, NULL);
    if (rc != SQLITE_OK) {
        at = db_error_offset(c->db) - s.head;
        if (at >= 0 && at <= s.words.n)
            c->offset = (int)(s.words.z - c->sql.z) + at;
        changeFail(c, rc);
        return rc;
    }
    rc = db_run(stmt);
    sqlite3_finalize(stmt);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* The same as it is written down: as short as the author's. */
static void changeWrite(Change *c, const AlterAction *action)
{
    const char *name = text_format(c->a, "\"%Tw\"", c->table);

    if (!c->host->write)
        return;
    if (text_eq_nocase(c->table, c->alter->table))
        name = text_copy(c->a, c->alter->name);
    else if (c->alter->schema.n)
        name = text_format(c->a, "\"%Tw\".%s", c->schema, name);
    c->host->write(c->host->context, text_of(text_format(c->a,
        "ALTER TABLE %s %s%Ts", name, changeVerb(action),
        changeWords(action))));
}

/* Whether the library's grammar has the action. */
static int changeIsKnown(Change *c, const AlterAction *action)
{
    sqlite3_stmt *stmt = NULL;
    int rc;

    if (action->if_exists)
        return 0;
    rc = sqlite3_prepare_v2(c->db, changeStatement(c, action).sql, -1, &stmt, NULL);
    sqlite3_finalize(stmt);
    return rc == SQLITE_OK;
}

/* ---- renaming ---- */

/* A table of temp hides one of main from views, triggers and people. */
static void changeCheckShadow(Change *c)
{
    Text temp = text_of("temp"), hidden = text_of("main");

    if (!relation_find(c->a, c->db, c->table, &temp)
        || text_is_nocase(c->alter->schema, "temp"))
        return;
    if (!text_is_nocase(c->schema, "temp"))
        hidden = c->schema;
    if (relation_find(c->a, c->db, c->table, &hidden))
        err_set(c->a->err, ERR_REFUSED, "temp.%Ts hides %Ts.%Ts; drop or rename "
                "it first", c->table, hidden, c->table);
}

static void changeRenamed(Change *c, const AlterAction *action)
{
    if (action->kind != ALTER_RENAME_TABLE)
        return;
    if (ok(c->a))
        statistics_rename(&c->work, c->table, action->to);
    c->table = action->to;
    changeCheckShadow(c);
}

/* RENAME TO of a name that differs in its case alone, which SQLite refuses. */
static void changeCase(Change *c, const AlterAction *action)
{
    Relation relation;
    Text sql;

    relation_read(c->a, c->db, c->schema, c->table, &relation);
    if (!ok(c->a))
        return;
    sql = edit_replace(c->a, relation.ddl.sql, relation.ddl.name_token,
                       action->to_token);
    work_edit_begin(&c->work);
    work_run(&c->work, "UPDATE \"%Tw\".sqlite_schema SET name = %TQ, sql = %TQ "
             "WHERE type = 'table' AND name = %TQ", c->schema,
             action->to, sql, relation.name);
    work_run(&c->work, "UPDATE \"%Tw\".sqlite_schema SET tbl_name = %TQ, name = CASE "
             "WHEN sql IS NULL THEN 'sqlite_autoindex_' || %TQ || substr(name, 18 + "
             "length(%TQ)) ELSE name END WHERE tbl_name = %TQ", c->schema,
             action->to, action->to, relation.name,
             relation.name);
    work_edit_end(&c->work);
    if (ddl_is_autoincrement(&relation.ddl))
        work_run(&c->work, "UPDATE \"%Tw\".sqlite_sequence SET name = %TQ "
                 "WHERE name = %TQ", c->schema, action->to, relation.name);
    work_note(&c->work);
    changeWent(c, CHANGE_IN_PLACE);
}

/* A view or a trigger that is broken already keeps SQLite from renaming anything: it
** is taken out, and put back as it was. */
static void changeRenameAround(Change *c, const AlterAction *action, int rc)
{
    const char *said = text_copy(c->a, text_of(sqlite3_errmsg(c->db)));
    Broken broken = {NULL, 0, 0};

    if ((rc & 0xff) == SQLITE_ERROR && ok(c->a))
        broken = broken_take(&c->work);
    if (!broken.n && ok(c->a)) {
        err_set(c->a->err, db_code(rc, ERR_SQL), "%s", said);
        return;
    }
    rc = changeTry(c, action);
    if (rc != SQLITE_OK && ok(c->a))
        changeFail(c, rc);
    if (ok(c->a))
        changeWrite(c, action);
    broken_put(&c->work, &broken, c->table, action->kind == ALTER_RENAME_TABLE
               ? action->to : c->table);
}

static void changeRename(Change *c, const AlterAction *action)
{
    int rc;

    /* SQLite would, where the connection is not defensive; for us it never is */
    if (relation_is_shadow(c->a, c->db, c->schema, c->table))
        err_set(c->a->err, ERR_UNSUPPORTED, "%Ts belongs to a virtual table", c->table);
    if (!ok(c->a))
        return;
    if (action->kind == ALTER_RENAME_TABLE && text_eq_nocase(action->to, c->table)) {
        changeCase(c, action);
        changeRenamed(c, action);
        return;
    }
    rc = changeTry(c, action);
    if ((rc & 0xff) == SQLITE_ERROR && ok(c->a) && work_allow_strings(&c->work))
        rc = changeTry(c, action);
    if (rc == SQLITE_OK)
        changeWrite(c, action);
    else
        changeRenameAround(c, action, rc);
    changeWent(c, CHANGE_NATIVE);
    changeRenamed(c, action);
}

/* ---- a group ---- */

static int changeIsRename(const AlterAction *action)
{
    return action->kind == ALTER_RENAME_COLUMN || action->kind == ALTER_RENAME_TABLE;
}

/* Whether SQLite itself is asked for the action; its own words tell. */
static int changeAsks(Change *c, const AlterAction *action)
{
    switch (action->kind) {
    case ALTER_SET_NOT_NULL:
    case ALTER_DROP_NOT_NULL:
    case ALTER_DROP_CONSTRAINT:
    case ALTER_ADD_CONSTRAINT:
        return changeIsKnown(c, action);
    default:
        return 0;
    }
}

/* Whether views and triggers may break: by a column that is there, or is not. */
static int changeMayBreak(const Recast *recast)
{
    int i;

    for (i = 0; i < recast->n; i++)
        if (recast->v[i].is_new)
            return 1;
    return recast->ndrop > 0;
}

/* All actions of a group by SQLite, one after another.  False if it refuses one that
** we might do, or whose failure we can tell better; then nothing is changed. */
static int changeGroupNative(Change *c, const Recast *recast, int from, int to)
{
    BrokenList broken = {{NULL, 0}, {0}, {0}};
    int i, rc = SQLITE_OK, may_break = changeMayBreak(recast);

    if (may_break)
        broken = broken_list(&c->work, recast->relation->name);
    db_exec(c->a, c->db, "SAVEPOINT _migrate_native");
    for (i = from; i < to && rc == SQLITE_OK && ok(c->a); i++) {
        const AlterAction *action = &c->alter->v[i];
        if (c->is_spared[i])
            continue;
        c->offset = (int)(action->all.z - c->sql.z);
        rc = changeTry(c, action);
    }
    if (rc == SQLITE_OK && ok(c->a))
        rc = work_read(&c->work, c->table);
    if (rc != SQLITE_OK) {
        if ((rc & 0xff) != SQLITE_ERROR && (rc & 0xff) != SQLITE_CONSTRAINT)
            changeFail(c, rc);
        sqlite3_exec(c->db, "ROLLBACK TO _migrate_native; RELEASE _migrate_native",
                     NULL, NULL, NULL);
        return 0;
    }
    db_exec(c->a, c->db, "RELEASE _migrate_native");
    if (may_break)
        broken_check(&c->work, &broken);
    for (i = from; i < to && ok(c->a); i++) {
        if (c->is_spared[i])
            continue;
        changeWrite(c, &c->alter->v[i]);
    }
    return 1;
}

/* A DEFAULT is part of the rows that are too short to have the column. */
static ChangeWay changeWayOfDefaults(Change *c, const Recast *recast)
{
    int i;

    if (recast->way > CHANGE_IN_PLACE || recast->relation->is_empty)
        return recast->way;
    for (i = 0; i < recast->defaults.n && ok(c->a); i++)
        if (c->host->is_script
            || inplace_has_short_rows(&c->work, recast->relation, recast->defaults.v[i]))
            return CHANGE_REBUILD;
    return recast->way;
}

static ChangeWay changeWayOf(Change *c, const Recast *recast)
{
    if (recast->way == CHANGE_IN_PLACE && recast->is_not_in_place)
        return CHANGE_REBUILD;
    if (recast->ndrop > 1 && !recast->relation->is_empty)
        return CHANGE_REBUILD;      /* each would rewrite every row */
    return changeWayOfDefaults(c, recast);
}

/* Does a group with its table: the actions from .. to-1. */
static void changeGroup(Change *c, int from, int to)
{
    Relation relation;
    Recast recast;
    ChangeWay way;
    int i;

    c->offset = (int)(c->alter->v[from].all.z - c->sql.z);
    relation_read(c->a, c->db, c->schema, c->table, &relation);
    if (!ok(c->a))
        return;
    if (relation_has_strings(c->a, &relation))
        work_allow_strings(&c->work);
    if (c->host->is_script)         /* there may be rows where it runs */
        relation.is_empty = 0;
    recast_begin(c->a, &recast, &relation);
    for (i = from; i < to && ok(c->a); i++) {
        c->offset = (int)(c->alter->v[i].all.z - c->sql.z);
        c->is_spared[i] = !recast_action(c->a, &recast, &c->alter->v[i],
                                        changeAsks(c, &c->alter->v[i]));
    }
    if (!ok(c->a) || recast.way == CHANGE_NOTHING)
        return;
    way = changeWayOf(c, &recast);
    if (way == CHANGE_NATIVE && !changeGroupNative(c, &recast, from, to) && ok(c->a))
        way = recast.is_not_in_place ? CHANGE_REBUILD : CHANGE_IN_PLACE;
    if (way > CHANGE_NATIVE && ok(c->a) && c->host->announce)
        c->host->announce(c->host->context, relation.name, change_way_name(way));
    if (way == CHANGE_IN_PLACE && ok(c->a))
        inplace_run(&c->work, &recast);
    else if (way == CHANGE_REBUILD && ok(c->a))
        rebuild_run(&c->work, &recast);
    changeWent(c, way);
}

/* ---- the statement ---- */

static int changeCheckActions(Change *c)
{
    const Alter *alter = c->alter;
    int i;

    for (i = 0; i < alter->n && ok(c->a); i++) {
        const AlterAction *action = &alter->v[i];
        c->offset = action->all.n ? (int)(action->all.z - c->sql.z) : c->sql.n;
        if (action->all.n == 0)
            err_set(c->a->err, ERR_SQL, "ALTER TABLE %Ts: an action is missing",
                    alter->name);
        else if (action->kind == ALTER_UNKNOWN && action->stopped.n) {
            c->offset = (int)(action->stopped.z - c->sql.z);
            err_set(c->a->err, ERR_SQL, "near \"%Ts\": syntax error",
                    action->stopped);
        } else if (action->kind == ALTER_UNKNOWN) {
            err_set(c->a->err, ERR_SQL, "incomplete input");
        }
    }
    return ok(c->a);
}

static void changeActions(Change *c)
{
    int i = 0, from;

    while (i < c->alter->n && ok(c->a)) {
        c->offset = (int)(c->alter->v[i].all.z - c->sql.z);
        c->work.schema = c->schema;
        if (changeIsRename(&c->alter->v[i])) {
            changeRename(c, &c->alter->v[i++]);
            continue;
        }
        from = i;
        while (i < c->alter->n && !changeIsRename(&c->alter->v[i]))
            i++;
        changeGroup(c, from, i);
    }
}

MIG_FUNC ChangeWay change_run(Arena *a, sqlite3 *db, Text sql,
                              const ChangeHost *host, int *offset)
{
    Alter alter = alter_read(a, sql);
    Change c;

    memset(&c, 0, sizeof c);
    c.a = a;
    c.db = db;
    c.host = host;
    c.sql = sql;
    c.alter = &alter;
    c.schema = alter.schema;
    c.table = alter.table;
    c.is_spared = ARENA_NEW(a, unsigned char, alter.n + 1);
    if (ok(a) && changeCheckActions(&c)) {
        if (relation_find(a, db, c.table, &c.schema)) {
            changeCheckShadow(&c);
            if (ok(a)) {
                work_begin(&c.work, a, db, c.schema, host);
                changeActions(&c);
                work_end(&c.work);
            }
        } else if (!alter.if_exists && ok(a)) {
            err_set(a->err, ERR_SQL, "no such table: %Ts", alter.name);
        }
    }
    *offset = c.offset;
    return ok(a) ? c.way : CHANGE_NOTHING;
}
