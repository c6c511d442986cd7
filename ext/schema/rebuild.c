/*
** A rebuild by exchange.  See rebuild.h.
**
**     CREATE TABLE new; INSERT INTO new SELECT ... FROM t
**     in sqlite_schema:  t, its indexes -> old     new -> t
**     DROP TABLE old; CREATE INDEX ... ON t
**
** Foreign keys are left out of the tables that have a free name.  The new table gets
** the row of sqlite_schema that the old one had, for the schema is read in that
** order, and triggers come after their tables.
*/
#include "rebuild.h"

#include "../sql/edit.h"
#include "../sql/normal.h"
#include "broken.h"
#include "inplace.h"
#include "statistics.h"
#include "violation.h"

/* Rows that are moved before the host hears of it. */
#define REBUILD_CHUNK 20000

typedef struct Rebuild {
    Work *w;
    const Recast *recast;
    const Relation *old;
    Text fresh, aside;      /* free names: of the new table, and for the old one */
    i64 ndone, ntotal;      /* rows moved, where they are counted one by one */
} Rebuild;

enum {
    REBUILD_KEYS = 1 << CLAUSE_FOREIGN_KEY | 1 << CLAUSE_DEFER,
    REBUILD_ROWS = REBUILD_KEYS | 1 << CLAUSE_CHECK | 1 << CLAUSE_NOT_NULL
                 | 1 << CLAUSE_UNIQUE | 1 << CLAUSE_PRIMARY_KEY
};

/* A statement without some clauses, for a table of another name. */
static Text rebuildText(Rebuild *r, Text sql, unsigned without, Text schema, Text name)
{
    DdlTable table;
    Text stopped;

    sql = edit_without(r->w->a, sql, without);
    if (!ddl_read_table(r->w->a, sql, &table, &stopped))
        return sql;
    return edit_rename(r->w->a, &table, schema, name);
}

/* True if a column's values may be others, or compare otherwise. */
static int rebuildIsChanged(const Recast *recast)
{
    int i;

    for (i = 0; i < recast->n; i++)
        if (recast->v[i].is_changed)
            return 1;
    return 0;
}

/* ---- rows ---- */

/* What INSERT INTO name gets, and from where. */
typedef struct RebuildLists {
    const char *columns, *values;
    int is_ordered;         /* the old table has rowids, by which it can be read in
                            ** pieces */
} RebuildLists;

/* The rowid is copied where both have one, unless a column gives it. */
static int rebuildRowid(Rebuild *r, const DdlTable *to, sqlite3_str *columns,
                        sqlite3_str *values)
{
    const char *name = relation_rowid_name(to);

    if (!name || !r->old->rowid || ddl_rowid_column(to) >= 0)
        return 0;
    text_append(columns, "%s", name);
    text_append(values, "%s", r->old->rowid);
    return 1;
}

/* True if the column was the rowid before, and still has its values. */
static int rebuildIsRowid(const Rebuild *r, const RecastColumn *from)
{
    int at = r->old->rowid_column;

    return at >= 0 && !from->is_changed && !from->is_new
        && text_eq_nocase(r->old->ddl.column[at].name, from->name);
}

/* Where a column's values come from, as SQL; NULL: its default.  A new column that is
** the rowid takes the rowid; a NULL that would become one is made to fail. */
static const char *rebuildValue(Rebuild *r, const DdlTable *to, int i)
{
    const RecastColumn *from = recast_column(r->recast, to->column[i].name);

    if (from->is_new && !from->expr.z && i == ddl_rowid_column(&r->recast->ddl))
        return r->old->rowid;
    if (!from->expr.z || ddl_clause(&to->column[i], CLAUSE_GENERATED))
        return NULL;
    return text_format(r->w->a, i == ddl_rowid_column(to) && !rebuildIsRowid(r, from)
                       ? "ifnull(%Ts, x'')" : "%Ts", from->expr);
}

static RebuildLists rebuildLists(Rebuild *r, const DdlTable *to)
{
    sqlite3_str *columns = text_begin(), *values = text_begin();
    int n = rebuildRowid(r, to, columns, values), i;
    RebuildLists lists;

    for (i = 0; i < to->ncolumn; i++) {
        const char *value = rebuildValue(r, to, i);
        if (!value)
            continue;
        text_append(columns, "%s\"%Tw\"", n ? ", " : "", to->column[i].name);
        text_append(values, "%s%s", n ? ", " : "", value);
        n++;
    }
    lists.columns = text_finish(r->w->a, columns);
    lists.values = text_finish(r->w->a, values);
    lists.is_ordered = r->old->rowid != NULL;
    return lists;
}

/* The statement that moves rows; the rest of its FROM is left to add. */
static const char *rebuildInsert(Rebuild *r, const RebuildLists *lists, Text to)
{
    return text_format(r->w->a, "INSERT OR ABORT INTO \"%Tw\".\"%Tw\"(%s) SELECT %s "
        "FROM \"%Tw\".\"%Tw\"", r->w->schema, to,
        lists->columns, lists->values, r->w->schema,
        r->old->name);
}

/* Tells the host how far it is; true if it wants no more. */
static int rebuildTell(Rebuild *r, i64 ndone, i64 ntotal)
{
    const ChangeHost *host = r->w->host;

    if (r->w->is_quiet || !host->progress
        || !host->progress(host->context, r->old->name, ndone, ntotal))
        return 0;
    err_set(r->w->a->err, ERR_INTERRUPTED, "the rebuild of %Ts was stopped",
            r->old->name);
    return 1;
}

/* The last rowid of the piece that begins at from; false if there is no row.  Where
** rowids are dense it is not looked for. */
static int rebuildBound(Rebuild *r, sqlite3_stmt *bound, int is_dense, i64 from,
                        i64 *to)
{
    int is_row;

    if (is_dense && from < (i64)1 << 62) {
        *to = from + REBUILD_CHUNK - 1;
        return 1;
    }
    sqlite3_bind_int64(bound, 1, from);
    is_row = db_step(r->w->a, bound);
    if (is_row)
        *to = db_int(bound, 0);
    sqlite3_reset(bound);
    return is_row;
}

/* Moves rows in pieces, in the order of their rowids. */
static int rebuildPieces(Rebuild *r, const char *insert, i64 ntotal)
{
    Work *w = r->w;
    const char *rowid = r->old->rowid;
    sqlite3_stmt *put = db_prepare(w->a, w->db, "%s NOT INDEXED WHERE %s >= ?1 AND "
                                   "%s <= ?2", insert, rowid, rowid);
    sqlite3_stmt *bound = db_prepare(w->a, w->db, "SELECT max(r) FROM (SELECT %s AS r "
        "FROM \"%Tw\".\"%Tw\" NOT INDEXED WHERE %s >= ?1 ORDER BY %s LIMIT %d) "
        "HAVING count(*) > 0", rowid, w->schema, r->old->name,
        rowid, rowid, REBUILD_CHUNK);
    i64 from = (i64)((u64)1 << 63), to = 0, ndone = 0;
    int rc = SQLITE_DONE, is_dense = 0;

    while (ok(w->a) && rc == SQLITE_DONE
           && rebuildBound(r, bound, is_dense, from, &to)) {
        sqlite3_bind_int64(put, 1, from);
        sqlite3_bind_int64(put, 2, to);
        rc = db_run(put);       /* PRAGMA count_changes makes a row of it */
        sqlite3_reset(put);
        ndone += sqlite3_changes(w->db);
        is_dense = (u64)to - (u64)from < (u64)sqlite3_changes(w->db) * 4;
        from = to + 1;
        if (rc == SQLITE_DONE && ((ndone < ntotal && rebuildTell(r, ndone, ntotal))
                                  || to == (i64)(((u64)1 << 63) - 1)))
            break;
    }
    db_finish(put);
    db_finish(bound);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* _migrate_moved(pointer): true; counts a row, and now and then tells the host. */
static void rebuildMoved(sqlite3_context *context, int argc, sqlite3_value **argv)
{
    Rebuild *r = sqlite3_value_pointer(argv[0], "migrate_rebuild");

    (void)argc;
    sqlite3_result_int(context, 1);
    if (r && ++r->ndone % REBUILD_CHUNK == 0 && rebuildTell(r, r->ndone, r->ntotal))
        sqlite3_result_error(context, "the rebuild was stopped", -1);
}

MIG_FUNC int rebuild_register(sqlite3 *db)
{
    return sqlite3_create_function_v2(db, "_migrate_moved", 1, SQLITE_UTF8
        | SQLITE_DIRECTONLY, NULL, rebuildMoved, NULL, NULL, NULL);
}

/* Moves all rows in one statement, for want of rowids to cut it by.  A connection of
** our own lacks the function that counts them, and has nobody to tell. */
static int rebuildAtOnce(Rebuild *r, const char *insert, i64 ntotal)
{
    sqlite3 *db = r->w->db;
    sqlite3_stmt *stmt = NULL;
    int rc = SQLITE_ERROR;

    r->ndone = 0;
    r->ntotal = ntotal;
    if (ntotal)
        rc = sqlite3_prepare_v2(db, text_format(r->w->a, "%s WHERE _migrate_moved(?1)",
                                insert), -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_bind_pointer(stmt, 1, r, "migrate_rebuild", NULL);
        rc = db_run(stmt);
        sqlite3_finalize(stmt);
        return rc == SQLITE_DONE ? SQLITE_OK : rc;
    }
    return sqlite3_exec(db, insert, NULL, NULL, NULL);
}

/* Moves all rows into the table called name, which is as ddl says.  Returns what
** SQLite returned. */
static int rebuildMove(Rebuild *r, Text name, const DdlTable *ddl)
{
    Work *w = r->w;
    RebuildLists lists = rebuildLists(r, ddl);
    const char *insert = rebuildInsert(r, &lists, name);
    i64 ntotal = 0;
    int rc;

    if (ok(w->a) && !*lists.columns)
        err_set(w->a->err, ERR_UNSUPPORTED, "%Ts would keep nothing of its rows; "
                "drop it and make another", r->old->name);
    if (!ok(w->a))
        return SQLITE_NOMEM;
    if (!w->host->is_script && w->host->progress && !w->is_quiet)
        ntotal = db_value(w->a, w->db, "SELECT count(*) FROM \"%Tw\".\"%Tw\"",
                          w->schema, r->old->name);
    if (rebuildTell(r, 0, ntotal))
        return SQLITE_INTERRUPT;
    if (lists.is_ordered && !w->host->is_script && !w->is_quiet)
        rc = rebuildPieces(r, insert, ntotal);
    else
        rc = rebuildAtOnce(r, insert, ntotal);
    if (rc == SQLITE_OK && !w->is_quiet && w->host->write)
        w->host->write(w->host->context, text_of(insert));
    if (rc == SQLITE_OK)
        rebuildTell(r, ntotal, ntotal);
    return rc;
}

/* The rows do not fit.  They are moved into a table that takes any, where those that
** break a constraint can be counted. */
static void rebuildBlame(Rebuild *r, int rc)
{
    Work *w = r->w;
    const char *said = text_copy(w->a, text_of(sqlite3_errmsg(w->db)));
    Text loose = work_free_name(w, "_migrate_loose"), sql, stopped;
    Violation v = {NULL, NULL, &r->recast->ddl, NULL};
    DdlTable rows;
    int is_known;

    sql = rebuildText(r, r->recast->ddl.sql, REBUILD_ROWS, w->schema, loose);
    if (!ok(w->a) || !ddl_read_table(w->a, sql, &rows, &stopped))
        return;
    if (rows.options.n)         /* STRICT, WITHOUT ROWID */
        sql = text_slice(sql, 0, (int)(rows.body.z - sql.z) + rows.body.n);
    sql = text_of(text_copy(w->a, sql));
    rows.is_without_rowid = 0;
    v.rows = r->old->rowid ? &rows : &r->old->ddl;
    v.from = text_format(w->a, "\"%Tw\".\"%Tw\" AS \"%Tw\"",
                         w->schema, loose, r->old->name);
    work_try_begin(w);
    is_known = ok(w->a) && sqlite3_exec(w->db, sql.z, NULL, NULL, NULL) == SQLITE_OK
            && rebuildMove(r, loose, &rows) == SQLITE_OK;
    if (is_known)
        violation_check(w, &v, VIOLATION_NULLS | VIOLATION_KEYS | VIOLATION_VALUES);
    work_try_end(w);
    err_set(w->a->err, db_code(rc, ERR_CONSTRAINT), "the rows of %Ts cannot be as "
            "they should: %s", r->old->name, said);
}

static void rebuildCheckGenerated(Rebuild *r)
{
    const DdlTable *t = &r->recast->ddl;
    Violation v = {NULL, t, t, rebuildIsChanged(r->recast) ? NULL : &r->old->ddl};

    v.from = text_format(r->w->a, "\"%Tw\".\"%Tw\"", r->w->schema, r->fresh);
    violation_check(r->w, &v, VIOLATION_GENERATED);
}

static void rebuildFill(Rebuild *r)
{
    Work *w = r->w;
    int rc;

    if (!ok(w->a))
        return;
    rc = rebuildMove(r, r->fresh, &r->recast->ddl);
    if (rc == SQLITE_OK)
        rebuildCheckGenerated(r);
    if (!ok(w->a) || rc == SQLITE_OK)
        return;
    if ((rc & 0xff) == SQLITE_CONSTRAINT || (rc & 0xff) == SQLITE_MISMATCH)
        rebuildBlame(r, rc);
    else
        db_fail(w->a, w->db, rc, ERR_SQL);
}

/* ---- the exchange ---- */

static void rebuildCreate(Rebuild *r)
{
    work_run(r->w, "%Ts", rebuildText(r, r->recast->ddl.sql, REBUILD_KEYS,
             r->w->schema, r->fresh));
}

/* The old table gets a name that nobody knows, and so do its indexes, which are no
** more than pages to give back. */
static void rebuildPutAside(Rebuild *r)
{
    static const Text none = {NULL, 0};
    Work *w = r->w;
    Text sql = rebuildText(r, r->old->ddl.sql, REBUILD_KEYS | 1 << CLAUSE_CHECK, none,
                           r->aside);

    work_run(w, "UPDATE \"%Tw\".sqlite_schema SET rowid = -rowid, name = %TQ, "
             "tbl_name = %TQ, sql = %TQ WHERE type = 'table' AND name = %TQ",
             w->schema, r->aside, r->aside,
             sql, r->old->name);
    if (r->old->nindex)
        work_run(w, "UPDATE \"%Tw\".sqlite_schema SET name = %TQ || rowid, "
                 "tbl_name = %TQ, sql = 'CREATE INDEX \"%Tw' || rowid || '\" ON "
                 "\"%Tw\"(\"' || %TQ || '\")' WHERE type = 'index' "
                 "AND sql IS NOT NULL AND tbl_name = %TQ", w->schema,
                 r->aside, r->aside, r->aside,
                 r->aside, text_of(text_format(w->a, "%Tw",
                 r->old->ddl.column[0].name)), r->old->name);
    work_run(w, "UPDATE \"%Tw\".sqlite_schema SET name = 'sqlite_autoindex_' || "
             "%TQ || substr(name, 18 + length(%TQ)), tbl_name = %TQ "
             "WHERE type = 'index' AND sql IS NULL AND tbl_name = %TQ",
             w->schema, r->aside, r->old->name,
             r->aside, r->old->name);
}

static void rebuildPutInPlace(Rebuild *r)
{
    Work *w = r->w;
    Text name = r->old->name;

    work_run(w, "UPDATE \"%Tw\".sqlite_schema SET rowid = (SELECT -min(rowid) FROM "
             "\"%Tw\".sqlite_schema), name = %TQ, tbl_name = %TQ, sql = %TQ "
             "WHERE type = 'table' AND name = %TQ", w->schema,
             w->schema, name, name,
             r->recast->ddl.sql, r->fresh);
    work_run(w, "UPDATE \"%Tw\".sqlite_schema SET name = 'sqlite_autoindex_' || "
             "%TQ || substr(name, 18 + length(%TQ)), tbl_name = %TQ "
             "WHERE type = 'index' AND tbl_name = %TQ", w->schema,
             name, r->fresh, name, r->fresh);
}

static void rebuildExchange(Rebuild *r)
{
    work_edit_begin(r->w);
    rebuildPutAside(r);
    rebuildPutInPlace(r);
    work_edit_end(r->w);
}

/* ---- what hangs on it ---- */

/* True if an index goes with a column that goes; another may have its name. */
static int rebuildIsDropped(Rebuild *r, const RelationIndex *index)
{
    const DdlTable *t = &r->old->ddl;
    int i;

    for (i = 0; i < t->ncolumn; i++) {
        const RecastColumn *column = recast_column(r->recast, t->column[i].name);
        if ((!column || column->is_new)
            && relation_index_names(r->w->a, index, t->column[i].name))
            return 1;
    }
    return 0;
}

static void rebuildIndexes(Rebuild *r)
{
    Work *w = r->w;
    int i;

    for (i = 0; i < r->old->nindex && ok(w->a); i++) {
        const RelationIndex *index = &r->old->index[i];
        Text sql = index->sql;
        if (rebuildIsDropped(r, index))
            continue;
        if (!text_is(w->schema, "main"))
            sql = edit_replace(w->a, sql, index->ddl.name_token, text_of(text_format(
                w->a, "\"%Tw\".%Ts", w->schema,
                index->ddl.name_token)));
        work_run(w, "%Ts", sql);
    }
}

/* The counter stays as it was; a table that had none starts with what was copied. */
static void rebuildSequence(Rebuild *r)
{
    Work *w = r->w;
    int is = ddl_is_autoincrement(&r->recast->ddl);

    if (!is && !ddl_is_autoincrement(&r->old->ddl))
        return;
    if (is)
        work_run(w, "UPDATE \"%Tw\".sqlite_sequence SET name = %TQ WHERE name = "
                 "%TQ AND NOT EXISTS (SELECT 1 FROM \"%Tw\".sqlite_sequence WHERE "
                 "name = %TQ) AND EXISTS (SELECT 1 FROM \"%Tw\".\"%Tw\")",
                 w->schema, r->old->name, r->fresh,
                 w->schema, r->old->name, w->schema,
                 r->old->name);
    work_run(w, "DELETE FROM \"%Tw\".sqlite_sequence WHERE name = %TQ",
             w->schema, is ? r->fresh : r->old->name);
}

/* A table that loses or gets its rowids has other entries in all its indexes. */
static StatisticsChange rebuildChange(Rebuild *r)
{
    int is_moved = r->old->ddl.is_without_rowid != r->recast->ddl.is_without_rowid;
    StatisticsChange change = {{NULL, 0, 0}, {NULL, 0, 0}};
    int i;

    for (i = 0; i < r->recast->n; i++) {
        const RecastColumn *column = &r->recast->v[i];
        if (column->is_changed || is_moved)
            names_push(r->w->a, &change.values, column->name);
        if (column->is_regrouped)
            names_push(r->w->a, &change.equals, column->name);
    }
    return change;
}

static int rebuildIndexHas(Rebuild *r, const RelationIndex *index, const Names *columns)
{
    int i;

    for (i = 0; i < columns->n; i++)
        if (relation_index_names(r->w->a, index, columns->v[i]))
            return 1;
    return 0;
}

/* ANALYZE's rows stay, where they are still true. */
static void rebuildStatistics(Rebuild *r, const Statistics *before)
{
    StatisticsChange change = rebuildChange(r);
    int i;

    statistics_follow(r->w, r->old->name, before, &change);
    for (i = 0; i < r->old->nindex && ok(r->w->a); i++) {
        const RelationIndex *index = &r->old->index[i];
        if (rebuildIsDropped(r, index) || rebuildIndexHas(r, index, &change.equals))
            statistics_forget(r->w, r->old->name, index->name);
        else if (rebuildIndexHas(r, index, &change.values))
            statistics_forget_values(r->w, r->old->name, index->name);
    }
}

/* ---- foreign keys of other tables ---- */

/* True if the table's foreign keys have a key to refer to. */
static int rebuildMatches(Rebuild *r, Text child)
{
    sqlite3_stmt *stmt = NULL;
    char *sql = text_format(r->w->a, "PRAGMA \"%Tw\".foreign_key_check(\"%Tw\")",
                            r->w->schema, child);
    int rc = sqlite3_prepare_v2(r->w->db, sql, -1, &stmt, NULL);

    sqlite3_finalize(stmt);
    return rc == SQLITE_OK;
}

/* The children, and the table itself: those that match now. */
static Names rebuildMatching(Rebuild *r)
{
    Names matching = {0};
    int i;

    if (rebuildMatches(r, r->old->name))
        names_push(r->w->a, &matching, r->old->name);
    for (i = 0; i < r->old->children.n && ok(r->w->a); i++)
        if (rebuildMatches(r, r->old->children.v[i]))
            names_push(r->w->a, &matching, r->old->children.v[i]);
    return matching;
}

static void rebuildCheckMatching(Rebuild *r, const Names *before)
{
    int i;

    for (i = 0; i < before->n && ok(r->w->a); i++)
        if (!rebuildMatches(r, before->v[i]))
            err_set(r->w->a->err, ERR_CONSTRAINT, "%Ts: the foreign key of %Ts "
                    "would have nothing to refer to (%s); change that first",
                    r->old->name, before->v[i],
                    sqlite3_errmsg(r->w->db));
}

/* True if the clause is a foreign key that a change of the column may break; one to
** the table itself may be by its other end. */
static int rebuildIsKey(Rebuild *r, const DdlClause *clause, const DdlColumn *own,
                        Text column)
{
    return clause->kind == CLAUSE_FOREIGN_KEY
        && (text_eq_nocase(clause->parent, r->old->name)
            || (own && text_eq_nocase(own->name, column))
            || ddl_clause_uses(r->w->a, clause, column));
}

static int rebuildIsInKey(Rebuild *r, Text column)
{
    const DdlTable *t = &r->recast->ddl;
    int i, j;

    for (i = 0; i < t->ncolumn; i++)
        for (j = 0; j < t->column[i].n; j++)
            if (rebuildIsKey(r, &t->column[i].v[j], &t->column[i], column))
                return 1;
    for (i = 0; i < t->n; i++)
        if (rebuildIsKey(r, &t->v[i], NULL, column))
            return 1;
    return r->old->children.n > 0;
}

/* True if rows may refer to nothing that referred to something before. */
static int rebuildKeysChange(Rebuild *r)
{
    int i;

    for (i = 0; i < r->recast->n; i++)
        if (r->recast->v[i].is_changed && rebuildIsInKey(r, r->recast->v[i].name))
            return 1;
    return 0;
}

/* The number of rows of it, and of those that refer to it, that refer to nothing, as
** SQL; NULL: it cannot change. */
static const char *rebuildOrphans(Rebuild *r)
{
    Names matching;
    sqlite3_str *sql;
    int i;

    if (!rebuildKeysChange(r))
        return NULL;
    matching = rebuildMatching(r);
    sql = text_begin();
    text_append(sql, "0");
    for (i = 0; i < matching.n; i++)
        text_append(sql, " + (SELECT count(*) FROM pragma_foreign_key_check(%TQ, "
                    "%TQ))", matching.v[i], r->w->schema);
    return text_finish(r->w->a, sql);
}

/* Their number before rows move; a script keeps its own. */
static i64 rebuildCountOrphans(Rebuild *r)
{
    const ChangeHost *host = r->w->host;
    const char *sql = rebuildOrphans(r);

    if (!sql || !ok(r->w->a))
        return 0;
    if (host->is_script && host->write)
        host->write(host->context, text_of(text_format(r->w->a,
            "CREATE TEMP TABLE _migrate_orphans AS SELECT %s AS n", sql)));
    return db_value(r->w->a, r->w->db, "SELECT %s", sql);
}

/* Where the first of them is, if that can be told: "" if some were there before. */
static const char *rebuildFirstOrphan(Rebuild *r, i64 before)
{
    Names matching = rebuildMatching(r);
    const char *place = "";
    sqlite3_stmt *stmt;
    int i;

    for (i = 0; i < matching.n && !before && !*place && ok(r->w->a); i++) {
        stmt = db_prepare(r->w->a, r->w->db, "SELECT min(rowid) FROM "
            "pragma_foreign_key_check(%TQ, %TQ) HAVING min(rowid) IS NOT NULL",
            matching.v[i], r->w->schema);
        if (db_step(r->w->a, stmt))
            place = text_format(r->w->a, ", the first at rowid %lld of %Ts",
                                db_int(stmt, 0), matching.v[i]);
        db_finish(stmt);
    }
    return place;
}

static void rebuildCheckOrphans(Rebuild *r, i64 before)
{
    const ChangeHost *host = r->w->host;
    const char *sql = ok(r->w->a) ? rebuildOrphans(r) : NULL, *first;
    i64 n;

    if (!sql || !ok(r->w->a))
        return;
    n = db_value(r->w->a, r->w->db, "SELECT %s", sql) - before;
    if (n > 0 && ok(r->w->a)) {
        first = rebuildFirstOrphan(r, before);
        err_set(r->w->a->err, ERR_FOREIGN_KEY, "%Ts: %lld %s refer to no row after "
                "this%s", r->old->name, n, n == 1 ? "row would" : "rows would", first);
    }
    if (!ok(r->w->a) || !host->is_script || !host->write)
        return;
    host->check(host->context, text_of(text_format(r->w->a,
        "SELECT %s <= (SELECT n FROM temp._migrate_orphans)", sql)));
    host->write(host->context, text_of("DROP TABLE temp._migrate_orphans"));
}

/* ---- all of it ---- */

/* A new column that every row would break is told without moving one. */
static void rebuildCheckNew(Rebuild *r)
{
    const DdlTable *t = &r->recast->ddl;
    int i, rowid = ddl_rowid_column(t);
    i64 n;

    for (i = 0; i < t->ncolumn && ok(r->w->a); i++) {
        const DdlColumn *column = &t->column[i];
        const RecastColumn *from = recast_column(r->recast, column->name);
        if (!from->is_new || from->expr.z || i == rowid
            || !ddl_clause(column, CLAUSE_NOT_NULL)
            || !recast_is_null(r->w->a, column))
            continue;
        n = db_value(r->w->a, r->w->db, "SELECT count(*) FROM \"%Tw\".\"%Tw\"",
                     r->w->schema, r->old->name);
        if (n)
            err_set(r->w->a->err, ERR_CONSTRAINT, "NOT NULL on %Ts.%Ts: %lld %s be "
                    "NULL; give the column a DEFAULT", t->name,
                    column->name, n, n == 1 ? "row would" : "rows would");
    }
}

/* The same without rows: what would break, breaks here. */
static void rebuildTry(Rebuild *r)
{
    Work *w = r->w;
    BrokenList broken = broken_list(w, r->old->name);
    Names matching = rebuildMatching(r);

    inplace_validate(w, &r->recast->ddl);
    rebuildCheckNew(r);
    work_try_begin(w);
    rebuildCreate(r);
    rebuildExchange(r);
    rebuildIndexes(r);
    rebuildCheckMatching(r, &matching);
    if (ok(w->a))
        broken_check(w, &broken);
    /* refused while another statement reads */
    work_run(w, "CREATE TABLE \"%Tw\".%Ts(a)", w->schema, r->fresh);
    work_run(w, "DROP TABLE \"%Tw\".%Ts", w->schema, r->fresh);
    work_try_end(w);
}

static void rebuildDo(Rebuild *r)
{
    Work *w = r->w;
    i64 norphan = rebuildCountOrphans(r);
    Statistics statistics = statistics_read(w, r->old->name);

    rebuildCreate(r);
    rebuildFill(r);
    rebuildExchange(r);
    work_run(w, "DROP TABLE \"%Tw\".\"%Tw\"", w->schema, r->aside);
    rebuildSequence(r);
    rebuildIndexes(r);
    rebuildStatistics(r, &statistics);
    if (ok(w->a))
        violation_check_foreign(w, &r->recast->ddl, &r->old->ddl);
    rebuildCheckOrphans(r, norphan);
}

MIG_FUNC void rebuild_run(Work *w, const Recast *recast)
{
    Rebuild r = {w, recast, recast->relation, {NULL, 0}, {NULL, 0}, 0, 0};

    r.fresh = work_free_name(w, "_migrate_new");
    r.aside = work_free_name(w, "_migrate_old");
    if (ok(w->a))
        rebuildTry(&r);
    if (ok(w->a))
        rebuildDo(&r);
}
