/*
** A table as it stands.  See relation.h.
*/
#include "relation.h"

/* ---- finding it ---- */

static int relationIn(Arena *a, sqlite3 *db, Text schema, Text name)
{
    return db_value(a, db, "SELECT 1 FROM \"%Tw\".sqlite_schema WHERE type IN "
        "('table', 'view') AND name = %TQ COLLATE NOCASE", schema, name) != 0;
}

/* The databases of the connection, temp first. */
static Names relationSchemas(Arena *a, sqlite3 *db)
{
    sqlite3_stmt *stmt = db_prepare(a, db, "SELECT name FROM pragma_database_list "
                                    "ORDER BY name <> 'temp', seq");
    Names schemas = {0};

    while (db_step(a, stmt))
        names_push(a, &schemas, db_text(a, stmt, 0));
    db_finish(stmt);
    return schemas;
}

MIG_FUNC int relation_find(Arena *a, sqlite3 *db, Text name, Text *schema)
{
    Names schemas = {0};
    int i;

    schemas = relationSchemas(a, db);
    for (i = 0; i < schemas.n && ok(a); i++) {
        if ((!schema->n || text_eq_nocase(*schema, schemas.v[i]))
            && relationIn(a, db, schemas.v[i], name)) {
            *schema = schemas.v[i];
            return ok(a);
        }
    }
    return 0;
}

/* ---- reading it ---- */

MIG_FUNC int relation_is_shadow(Arena *a, sqlite3 *db, Text schema, Text name)
{
    return db_value(a, db, "SELECT 1 FROM pragma_table_list(%TQ) WHERE schema = %TQ "
                    "COLLATE NOCASE AND type = 'shadow'", name, schema) != 0;
}

static void relationReadTable(Arena *a, sqlite3 *db, Relation *relation)
{
    sqlite3_stmt *stmt = db_prepare(a, db, "SELECT type, name, sql "
        "FROM \"%Tw\".sqlite_schema WHERE type IN ('table', 'view') "
        "AND name = %TQ COLLATE NOCASE", relation->schema, relation->name);
    Text type = {NULL, 0}, sql = {NULL, 0}, stopped = {NULL, 0};
    int is_shadow;

    if (db_step(a, stmt)) {
        type = db_text(a, stmt, 0);
        relation->name = db_text(a, stmt, 1);
        sql = db_text(a, stmt, 2);
    }
    db_finish(stmt);
    is_shadow = relation_is_shadow(a, db, relation->schema, relation->name);
    if (!ok(a))
        return;
    if (!type.z)
        err_set(a->err, ERR_SQL, "no such table: %Ts", relation->name);
    else if (!text_is(type, "table"))
        err_set(a->err, ERR_UNSUPPORTED, "%Ts is a view, which ALTER TABLE cannot "
                "change", relation->name);
    else if (ddl_kind(sql) == DDL_VIRTUAL)
        err_set(a->err, ERR_UNSUPPORTED, "%Ts is a virtual table, of which ALTER "
                "TABLE can change the name only", relation->name);
    else if (is_shadow)
        err_set(a->err, ERR_UNSUPPORTED, "%Ts belongs to a virtual table",
                relation->name);
    else if (text_starts(relation->name, "sqlite_"))
        err_set(a->err, ERR_UNSUPPORTED, "%Ts belongs to SQLite",
                relation->name);
    else if (!ddl_read_table(a, sql, &relation->ddl, &stopped))
        err_set(a->err, ERR_UNSUPPORTED, "the definition of %Ts is not understood "
                "at \"%Ts\"; it was left alone: %Ts", relation->name,
                stopped, sql);
}

static void relationReadIndexes(Arena *a, sqlite3 *db, Relation *relation)
{
    sqlite3_stmt *stmt = db_prepare(a, db, "SELECT name, sql "
        "FROM \"%Tw\".sqlite_schema WHERE type = 'index' AND sql IS NOT NULL "
        "AND tbl_name = %TQ COLLATE NOCASE ORDER BY rowid",
        relation->schema, relation->name);
    Text stopped;

    while (db_step(a, stmt)) {
        RelationIndex *index;
        if (!ARENA_PUSH(a, relation->index, relation->nindex, relation->capindex))
            break;
        index = &relation->index[relation->nindex++];
        index->name = db_text(a, stmt, 0);
        index->sql = db_text(a, stmt, 1);
        if (ok(a) && !ddl_read_index(a, index->sql, &index->ddl, &stopped))
            err_set(a->err, ERR_UNSUPPORTED, "the definition of index %Ts is not "
                    "understood at \"%Ts\"; it was left alone",
                    index->name, stopped);
    }
    db_finish(stmt);
}

/* A table that says REFERENCES has a text that says so: only these are asked.  LIKE
** may be the host's. */
static void relationReadChildren(Arena *a, sqlite3 *db, Relation *relation)
{
    sqlite3_stmt *stmt = db_prepare(a, db, "SELECT DISTINCT s.name "
        "FROM \"%Tw\".sqlite_schema AS s, pragma_foreign_key_list(s.name, %TQ) "
        "AS k WHERE s.type = 'table' AND instr(upper(s.sql), 'REFERENCES') "
        "AND k.\"table\" = %TQ COLLATE NOCASE "
        "AND s.name <> %TQ COLLATE NOCASE", relation->schema,
        relation->schema, relation->name,
        relation->name);

    while (db_step(a, stmt))
        names_push(a, &relation->children, db_text(a, stmt, 0));
    db_finish(stmt);
}

MIG_FUNC const char *relation_rowid_name(const DdlTable *table)
{
    static const char name[][8] = {"rowid", "_rowid_", "oid"};
    int i;

    for (i = 0; i < 3 && !table->is_without_rowid; i++)
        if (ddl_find_column(table, text_of(name[i])) < 0)
            return name[i];
    return NULL;
}

MIG_FUNC void relation_read(Arena *a, sqlite3 *db, Text schema, Text name,
                            Relation *relation)
{
    memset(relation, 0, sizeof *relation);
    relation->schema = schema;
    relation->name = name;
    relationReadTable(a, db, relation);
    if (!ok(a))
        return;
    relationReadIndexes(a, db, relation);
    relationReadChildren(a, db, relation);
    relation->rowid = relation_rowid_name(&relation->ddl);
    relation->rowid_column = ddl_rowid_column(&relation->ddl);
    if (!relation->rowid && relation->rowid_column >= 0)
        relation->rowid = text_format(a, "\"%Tw\"", 
            relation->ddl.column[relation->rowid_column].name);
    relation->is_empty = !db_value(a, db, "SELECT EXISTS (SELECT 1 FROM "
        "\"%Tw\".\"%Tw\")", schema, relation->name);
}

/* ---- asking ---- */

MIG_FUNC const char *relation_affinity(const DdlTable *table,
                                       const DdlColumn *column)
{
    if (table->is_strict && text_is_nocase(column->type, "ANY"))
        return "BLOB";
    return ddl_affinity(column->declared);
}

static int relationHasString(Arena *a, const DdlTable *table, const DdlClause *v, int n)
{
    int i;

    for (i = 0; i < n; i++)
        if ((v[i].kind == CLAUSE_CHECK || v[i].kind == CLAUSE_GENERATED
             || (v[i].kind == CLAUSE_DEFAULT && v[i].body.z[0] == '('))
            && ddl_has_string(a, v[i].body, table))
            return 1;
    return 0;
}

MIG_FUNC int relation_has_strings(Arena *a, const Relation *relation)
{
    const DdlTable *t = &relation->ddl;
    int i, j;

    for (i = 0; i < t->ncolumn; i++)
        if (relationHasString(a, t, t->column[i].v, t->column[i].n))
            return 1;
    if (relationHasString(a, t, t->v, t->n))
        return 1;
    for (i = 0; i < relation->nindex; i++) {
        const DdlIndex *index = &relation->index[i].ddl;
        for (j = 0; j < index->nterm; j++)
            if (ddl_has_string(a, index->term[j].expr, t))
                return 1;
        if (ddl_has_string(a, index->where, t))
            return 1;
    }
    return 0;
}

MIG_FUNC int relation_index_names(Arena *a, const RelationIndex *index, Text column)
{
    int i;

    for (i = 0; i < index->ddl.nterm; i++)
        if (ddl_term_uses(a, &index->ddl.term[i], column))
            return 1;
    return ddl_uses(a, index->ddl.where, column);
}
