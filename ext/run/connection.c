/*
** A connection as its host left it.  See connection.h.
*/
#include "connection.h"

/* What a PRAGMA sets for the connection alone.  Not temp_store: to change it drops
** what is in temp.  Not what cannot be asked: case_sensitive_like. */
static const char *const connectionPragma =
    "analysis_limit automatic_index busy_timeout cache_size cache_spill "
    "cell_size_check checkpoint_fullfsync count_changes empty_result_callbacks "
    "full_column_names fullfsync ignore_check_constraints "
    "journal_mode journal_size_limit legacy_alter_table locking_mode max_page_count "
    "mmap_size query_only read_uncommitted recursive_triggers "
    "reverse_unordered_selects secure_delete short_column_names synchronous threads "
    "trusted_schema wal_autocheckpoint writable_schema";

static Text connectionValue(Arena *a, sqlite3 *db, Text pragma)
{
    sqlite3_stmt *stmt = db_prepare(a, db, "PRAGMA %Ts", pragma);
    Text value = {NULL, 0};

    if (db_step(a, stmt))
        value = db_text(a, stmt, 0);
    db_finish(stmt);
    return value;
}

MIG_FUNC Connection connection_read(Arena *a, sqlite3 *db)
{
    Connection c = {{NULL, 0, 0}};
    Text rest = text_of(connectionPragma);

    while (rest.z && ok(a))
        names_push(a, &c.values, connectionValue(a, db, text_cut(&rest, ' ')));
    return c;
}

/* A journal mode belongs to the database, or is a matter of taste; without a journal
** on disk nothing could be undone any more. */
static int connectionStays(Text pragma, Text value)
{
    return text_is(pragma, "journal_mode") && !text_is(value, "off")
        && !text_is(value, "memory");
}

/* Puts one setting back; returns what it ran, or NULL. */
static const char *connectionRestore(Arena *a, sqlite3 *db, Text pragma, Text was)
{
    Text now = connectionValue(a, db, pragma);
    const char *sql = text_format(a, "PRAGMA %Ts = %Ts", pragma, was);

    if (!was.z || !now.z || text_eq(now, was) || connectionStays(pragma, now))
        return NULL;
    db_exec(a, db, "%s", sql);
    return sql;
}

MIG_FUNC void connection_restore(Arena *outer, sqlite3 *db, const Connection *was,
                                 Names *done)
{
    Err err = {0};
    Text rest = text_of(connectionPragma);
    Arena a;
    int i;

    arena_init(&a, &err);
    for (i = 0; i < was->values.n; i++) {
        Text pragma = text_cut(&rest, ' ');
        const char *sql = connectionRestore(&a, db, pragma, was->values.v[i]);
        if (err.code == ERR_NO_MEMORY) {        /* it may be there again */
            err_release(&err);
            sql = connectionRestore(&a, db, pragma, was->values.v[i]);
        }
        if (err.code == ERR_NO_MEMORY && ok(outer))
            err_join(outer->err, &err);
        err_release(&err);
        if (done && sql)
            names_push(outer, done, text_of(text_copy(outer, text_of(sql))));
    }
    arena_release(&a);
}

MIG_FUNC Names connection_databases(Arena *a, sqlite3 *db)
{
    sqlite3_stmt *stmt = db_prepare(a, db, "PRAGMA database_list");
    Names names = {0};

    while (db_step(a, stmt))
        names_push(a, &names, db_text(a, stmt, 1));
    db_finish(stmt);
    return names;
}

/* False if memory ran out. */
static int connectionDetach(sqlite3 *db, const Names *was)
{
    Err err = {0};
    Arena a;
    Names now;
    int i, is_done;

    arena_init(&a, &err);
    now = connection_databases(&a, db);
    for (i = now.n - 1; i >= 0 && err.code != ERR_NO_MEMORY; i--)
        if (names_find(was, now.v[i]) < 0 && !text_is(now.v[i], "temp")) {
            err_release(&err);
            db_exec(&a, db, "DETACH \"%w\"", now.v[i].z);
        }
    is_done = err.code != ERR_NO_MEMORY;
    arena_release(&a);
    err_release(&err);
    return is_done;
}

MIG_FUNC void connection_detach(sqlite3 *db, const Names *was)
{
    if (!connectionDetach(db, was))
        connectionDetach(db, was);      /* it may be there again */
}
