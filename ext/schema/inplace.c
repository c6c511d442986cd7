/*
** A change in place.  See inplace.h.
*/
#include "inplace.h"

#include "../sql/edit.h"
#include "violation.h"

/* What SQLite said, with the name of the trial table put right. */
static void inplaceBlame(Work *w, Text free, Text name)
{
    const char *said = sqlite3_errmsg(w->db);
    sqlite3_str *str = text_begin();
    const char *at;

    while ((at = strstr(said, free.z)) != NULL) {
        text_append(str, "%.*s%Ts", (int)(at - said), said, name);
        said = at + free.n;
    }
    text_append(str, "%s", said);
    err_set(w->a->err, ERR_SQL, "%s", text_finish(w->a, str));
}

MIG_FUNC void inplace_validate(Work *w, const DdlTable *ddl)
{
    Text free = work_free_name(w, "_migrate_trial");
    Text sql = edit_rename(w->a, ddl, w->schema, free);
    int rc;

    if (!ok(w->a))
        return;
    work_try_begin(w);
    rc = sqlite3_exec(w->db, sql.z, NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = work_read(w, free);
    if (rc == SQLITE_ERROR)
        inplaceBlame(w, free, ddl->name);
    else if (rc != SQLITE_OK)
        db_fail(w->a, w->db, rc, ERR_SQL);
    work_try_end(w);
}

/* Puts a statement in the place of the table's.  The note comes before any row is
** asked: a connection that is interrupted then knows that its schema was changed, and
** reads it again once all is undone. */
static void inplaceWrite(Work *w, Text name, Text sql)
{
    work_edit_begin(w);
    work_run(w, "UPDATE \"%Tw\".sqlite_schema SET sql = %TQ WHERE type = 'table' "
             "AND name = %TQ", w->schema, sql, name);
    work_edit_end(w);
    work_note(w);
}

/* Without ROWID there is NOT INDEXED in vain: an index that has the column has the
** value that it was made with.  On trial they go. */
static void inplaceForgetIndexes(Work *w, const Relation *relation)
{
    if (!relation->ddl.is_without_rowid || !relation->nindex)
        return;
    work_edit_begin(w);
    work_run(w, "DELETE FROM \"%Tw\".sqlite_schema WHERE type = 'index' AND "
             "sql NOT NULL AND tbl_name = %TQ", w->schema, relation->name);
    work_edit_end(w);
}

/* With a DEFAULT that no row can have, whoever shows it is too short. */
MIG_FUNC int inplace_has_short_rows(Work *w, const Relation *relation, Text column)
{
    unsigned char bytes[16];
    AlterAction action = {0};
    sqlite3_str *hex = text_begin();
    Text sql;
    int i, any;

    sqlite3_randomness(sizeof bytes, bytes);
    for (i = 0; i < 16; i++)
        text_append(hex, "%02x", bytes[i]);
    action.kind = ALTER_SET_DEFAULT;
    action.column = column;
    action.expr = text_of(text_format(w->a, "x'%s'", text_finish(w->a, hex)));
    sql = edit_action(w->a, &relation->ddl, &action);
    if (!ok(w->a))
        return 0;
    work_try_begin(w);
    inplaceForgetIndexes(w, relation);
    inplaceWrite(w, relation->name, sql);
    any = db_value(w->a, w->db, "SELECT EXISTS (SELECT 1 FROM \"%Tw\".\"%Tw\" "
        "NOT INDEXED WHERE \"%Tw\" = %Ts)", w->schema,
        relation->name, column, action.expr) != 0;
    work_try_end(w);
    return any;
}

/* AUTOINCREMENT wants sqlite_sequence, which SQLite makes for such a table, and a
** counter that is not below any rowid. */
static void inplaceSequence(Work *w, const Recast *recast)
{
    int is = ddl_is_autoincrement(&recast->ddl);
    int was = ddl_is_autoincrement(&recast->relation->ddl);
    Text name = recast->relation->name, free;

    if (is && !was) {
        free = work_free_name(w, "_migrate_counter");
        work_run(w, "CREATE TABLE \"%Tw\".%Ts(id INTEGER PRIMARY KEY "
                 "AUTOINCREMENT)", w->schema, free);
        work_run(w, "DROP TABLE \"%Tw\".%Ts", w->schema, free);
        work_run(w, "INSERT INTO \"%Tw\".sqlite_sequence(name, seq) SELECT %TQ, "
                 "max(0, max(%s)) FROM \"%Tw\".\"%Tw\" HAVING count(*) > 0",
                 w->schema, name, recast->relation->rowid,
                 w->schema, name);
    } else if (was && !is) {
        work_run(w, "DELETE FROM \"%Tw\".sqlite_sequence WHERE name = %TQ",
                 w->schema, name);
    }
}

MIG_FUNC void inplace_run(Work *w, const Recast *recast)
{
    const Relation *relation = recast->relation;
    Violation v = {NULL, &relation->ddl, &recast->ddl, &relation->ddl};

    v.from = text_format(w->a, "\"%Tw\".\"%Tw\"", w->schema, relation->name);
    inplace_validate(w, &recast->ddl);
    violation_check(w, &v, VIOLATION_NULLS);
    inplaceSequence(w, recast);
    inplaceWrite(w, relation->name, recast->ddl.sql);
    v.rows = &recast->ddl;
    if (recast->is_recheck)
        v.held = NULL;
    violation_check(w, &v, VIOLATION_VALUES);
    violation_check_foreign(w, &recast->ddl, &relation->ddl);
}
