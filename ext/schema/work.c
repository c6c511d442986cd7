/*
** A change of the schema under way.  See work.h.
*/
#include "work.h"

MIG_FUNC void work_begin(Work *w, Arena *a, sqlite3 *db, Text schema,
                         const ChangeHost *host)
{
    memset(w, 0, sizeof *w);
    w->a = a;
    w->db = db;
    w->host = host;
    w->schema = schema;
    sqlite3_db_config(db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, -1, &w->writable);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, -1, &w->defensive);
    sqlite3_db_config(db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, -1, &w->legacy);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, -1, &w->strings_ddl);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, -1, &w->strings_dml);
    w->rowid = sqlite3_last_insert_rowid(db);
    if (w->defensive)
        sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    db_exec(a, db, "SAVEPOINT _migrate_change");
    if (w->legacy)
        work_run(w, "PRAGMA legacy_alter_table = OFF");
    w->unchecked = db_value(a, db, "PRAGMA ignore_check_constraints") != 0;
    if (w->unchecked)
        work_run(w, "PRAGMA ignore_check_constraints = OFF");
}

/* What was undone has to be read again, if it had been edited.  What cannot be undone
** is reported, so that the savepoint around it is. */
static void workUndo(Work *w, const char *sql)
{
    int rc = SQLITE_OK, again;

    /* SQLite may have rolled back everything */
    if (!sqlite3_get_autocommit(w->db))
        rc = sqlite3_exec(w->db, sql, NULL, NULL, NULL);
    again = sqlite3_exec(w->db, "PRAGMA writable_schema = RESET", NULL, NULL, NULL);
    if (ok(w->a) && (rc != SQLITE_OK || again != SQLITE_OK))
        db_fail(w->a, w->db, rc != SQLITE_OK ? rc : again, ERR_SQL);
}

MIG_FUNC void work_end(Work *w)
{
    if (w->legacy)
        work_run(w, "PRAGMA legacy_alter_table = ON");
    if (w->unchecked)
        work_run(w, "PRAGMA ignore_check_constraints = ON");
    db_exec(w->a, w->db, "RELEASE _migrate_change");
    if (!ok(w->a))
        workUndo(w, "ROLLBACK TO _migrate_change; RELEASE _migrate_change");
    if (w->unchecked)
        sqlite3_exec(w->db, "PRAGMA ignore_check_constraints = ON", NULL, NULL, NULL);
    /* a PRAGMA needs memory, and there may be none */
    sqlite3_db_config(w->db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, w->writable, NULL);
    if (w->defensive)
        sqlite3_db_config(w->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (w->legacy)
        sqlite3_db_config(w->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 1, NULL);
    sqlite3_db_config(w->db, SQLITE_DBCONFIG_DQS_DDL, w->strings_ddl, NULL);
    sqlite3_db_config(w->db, SQLITE_DBCONFIG_DQS_DML, w->strings_dml, NULL);
    sqlite3_set_last_insert_rowid(w->db, w->rowid);
}

MIG_FUNC int work_allow_strings(Work *w)
{
    if (w->strings_ddl && w->strings_dml)
        return 0;
    sqlite3_db_config(w->db, SQLITE_DBCONFIG_DQS_DDL, 1, NULL);
    sqlite3_db_config(w->db, SQLITE_DBCONFIG_DQS_DML, 1, NULL);
    return 1;
}

MIG_FUNC void work_run(Work *w, const char *format, ...)
{
    sqlite3_str *str;
    const char *sql;
    va_list args;

    if (!ok(w->a))
        return;
    str = text_begin();
    va_start(args, format);
    format_append(str, format, args);
    va_end(args);
    sql = text_finish(w->a, str);
    db_exec(w->a, w->db, "%s", sql);
    if (ok(w->a) && !w->is_quiet && w->host->write)
        w->host->write(w->host->context, text_of(sql));
}

MIG_FUNC int work_any(Work *w, const char *table, const char *condition)
{
    const char *query = text_format(w->a, "SELECT 1 FROM %s WHERE %s", table,
                                    condition);
    int any = db_value(w->a, w->db, "SELECT EXISTS (%s)", query) != 0;

    if (!any && ok(w->a) && !w->is_quiet && w->host->check)
        w->host->check(w->host->context, text_of(text_format(w->a,
                       "SELECT NOT EXISTS (%s)", query)));
    return any;
}

MIG_FUNC Text work_free_name(Work *w, const char *prefix)
{
    const char *name = prefix;
    int i;

    for (i = 1; ok(w->a); i++) {
        if (!db_value(w->a, w->db, "SELECT 1 FROM \"%Tw\".sqlite_schema WHERE "
                      "name = %Q COLLATE NOCASE", w->schema, name))
            break;
        name = text_format(w->a, "%s_%d", prefix, i);
    }
    return text_of(name);
}

MIG_FUNC void work_edit_begin(Work *w)
{
    work_run(w, "PRAGMA writable_schema = ON");
}

MIG_FUNC void work_edit_end(Work *w)
{
    work_run(w, "PRAGMA writable_schema = RESET");
    /* what SQLite cannot read is reported here, while it can be undone */
    db_value(w->a, w->db, "SELECT 1 FROM \"%Tw\".sqlite_schema", w->schema);
}

MIG_FUNC void work_note(Work *w)
{
    Text free = work_free_name(w, "_migrate_note");

    work_run(w, "CREATE TABLE \"%Tw\".%s(a)", w->schema, free.z);
    work_run(w, "DROP TABLE \"%Tw\".%s", w->schema, free.z);
}

MIG_FUNC int work_read(Work *w, Text table)
{
    return sqlite3_exec(w->db, text_format(w->a, "SELECT * FROM \"%Tw\".\"%Tw\" LIMIT 0",
                        w->schema, table), NULL, NULL, NULL);
}

MIG_FUNC void work_try_begin(Work *w)
{
    w->is_quiet++;
    db_exec(w->a, w->db, "SAVEPOINT _migrate_trial");
}

MIG_FUNC void work_try_end(Work *w)
{
    workUndo(w, "ROLLBACK TO _migrate_trial; RELEASE _migrate_trial");
    w->is_quiet--;
}
