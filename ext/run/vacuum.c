/*
** VACUUM on a second connection.  See vacuum.h.
*/
#include "vacuum.h"

#include "../sql/pragma.h"

MIG_FUNC void vacuum_note(Arena *a, Runner *r, Text sql)
{
    Pragma pragma = pragma_read(a, sql);

    if (!text_is_nocase(pragma.name, "page_size")
        && !text_is_nocase(pragma.name, "auto_vacuum"))
        return;
    if (pragma.value.z && (!pragma.schema.n || text_is_nocase(pragma.schema, "main")))
        r->vacuum = text_format(a, "%sPRAGMA %Ts = %TQ;", r->vacuum ? r->vacuum : "",
                                pragma.name, pragma.value);
}

/* The schema that is meant; *rest is what follows it. */
static const char *vacuumSchema(Arena *a, Text sql, Text *rest)
{
    int offset = 0, at;
    Token token;

    token_next_solid(sql, &offset);         /* VACUUM */
    at = offset;
    token = token_next_solid(sql, &offset);
    if (!token_is_name(token) || token_is(token, "INTO")) {
        *rest = text_slice(sql, at, sql.n);
        return "main";
    }
    *rest = text_slice(sql, offset, sql.n);
    return text_copy(a, token_name(a, token));
}

/* How the second connection waits for another writer: as the first one does. */
typedef struct VacuumPatience {
    Arena *a;
    const Transaction *t;
    Wait wait;
} VacuumPatience;

static int vacuumWait(void *context, int ntry)
{
    VacuumPatience *p = context;

    (void)ntry;
    return transaction_wait(p->a, p->t, &p->wait);
}

/* The second connection, that must not outlive p; NULL only without memory.  VACUUM
** cuts the file once its journal is deleted; if the power fails then and the journal
** comes back, what was cut is lost: so the deletion has to be synced. */
static sqlite3 *vacuumOpen(VacuumPatience *p, const Runner *r, const char *schema,
                           const char *file, int *rc)
{
    sqlite3 *db = NULL;
    sqlite3_vfs *vfs = NULL;

    sqlite3_file_control(r->db, schema, SQLITE_FCNTL_VFS_POINTER, &vfs);
    *rc = sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, vfs ? vfs->zName : NULL);
    if (*rc == SQLITE_OK) {
        sqlite3_busy_handler(db, vacuumWait, p);
        db_follow(db, r->db);
        *rc = sqlite3_exec(db, "PRAGMA synchronous = EXTRA", NULL, NULL, NULL);
    }
    return db;
}

/* What the second connection says; one that cannot read the file has no key. */
static void vacuumFail(Arena *a, sqlite3 *db, int rc, const char *place)
{
    if ((rc & 0xff) == SQLITE_NOTADB)
        err_set(a->err, ERR_UNSUPPORTED, "%s: VACUUM of a database with a key cannot "
                "run from a function, whose second connection has no key; take it "
                "out, and run VACUUM by itself", place);
    else if (db)
        err_set(a->err, db_code(rc, ERR_SQL), "%s: %s", place, sqlite3_errmsg(db));
    else
        err_set(a->err, ERR_NO_MEMORY, "out of memory");
}

MIG_FUNC void vacuum_check(Arena *a, const Runner *r, const char *place)
{
    const char *file = sqlite3_db_filename(r->db, "main");
    VacuumPatience patience = {a, &r->t, {0, 0, 0}};
    sqlite3 *db;
    int rc;

    if (!ok(a) || !file || !*file)
        return;
    db = vacuumOpen(&patience, r, "main", file, &rc);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, "PRAGMA schema_version", NULL, NULL, NULL);
    if ((rc & 0xff) == SQLITE_NOTADB || rc == SQLITE_NOMEM)
        vacuumFail(a, db, rc, place);
    sqlite3_close(db);
}

MIG_FUNC void vacuum_run(Arena *a, Runner *r, Text sql, const char *place)
{
    Text rest;
    const char *schema = vacuumSchema(a, sql, &rest);
    const char *file = sqlite3_db_filename(r->db, schema);
    char *text = text_format(a, "%sVACUUM %Ts", r->vacuum
                             && sqlite3_stricmp(schema, "main") == 0
                             ? r->vacuum : "", rest);
    VacuumPatience patience = {a, &r->t, {0, 0, 0}};
    sqlite3 *db;
    int rc;

    if (!ok(a) || sqlite3_stricmp(schema, "temp") == 0)
        return;                 /* SQLite does nothing there either */
    if (!file || !*file) {
        err_set(a->err, ERR_UNSUPPORTED, "%s: %s", place, !file
                ? "there is no database of that name to VACUUM"
                : "VACUUM of a database in memory cannot run from a function");
        return;
    }
    db = vacuumOpen(&patience, r, schema, file, &rc);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, text, NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        vacuumFail(a, db, rc, place);
    sqlite3_close(db);
}
