/*
** Fuzzes the reader of CREATE statements, the editor, and the canonical spelling.
**
** The input is "CREATE " and, behind a newline with two semicolons, the actions of an
** ALTER TABLE.  SQLite itself says what is right: whatever it takes, the reader must
** read, with the same columns.
*/
#include "fuzz.h"

/* Gives up on a statement that runs for long. */
static int fuzzTooLong(void *ignored)
{
    (void)ignored;
    return 1;
}

/* A schema has no need of modules that are not SQLite's own. */
static int fuzzAllow(void *ignored, int action, const char *a, const char *b,
                     const char *c, const char *d)
{
    (void)ignored, (void)a, (void)b, (void)c, (void)d;
    return action == SQLITE_CREATE_VTABLE ? SQLITE_DENY : SQLITE_OK;
}

static sqlite3 *fuzzOpen(void)
{
    sqlite3 *db = NULL;

    MUST(sqlite3_open(":memory:", &db) == SQLITE_OK);
    MUST(sqlite3_exec(db, "CREATE TABLE t(a, b, c, \"d e\"); CREATE VIEW v AS "
        "SELECT a, b FROM t", NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_progress_handler(db, 10000, fuzzTooLong, NULL);
    sqlite3_set_authorizer(db, fuzzAllow, NULL);
    return db;
}

/* The columns that SQLite has are those that were read. */
static void fuzzColumns(Arena *a, sqlite3 *db, const DdlTable *table)
{
    sqlite3_stmt *stmt = db_prepare(a, db, "SELECT name, dflt_value FROM "
        "pragma_table_xinfo(%TQ) ORDER BY cid", table->name);
    int i = 0;

    for (; db_step(a, stmt); i++) {
        const DdlClause *value;
        MUST(i < table->ncolumn);
        MUST(text_eq(db_text(a, stmt, 0), table->column[i].name));
        value = ddl_clause(&table->column[i], CLAUSE_DEFAULT);
        MUST((value == NULL) == (sqlite3_column_type(stmt, 1) == SQLITE_NULL));
    }
    MUST(!ok(a) || i == table->ncolumn);
    db_finish(stmt);
}

/* What stands in the schema now is read as a whole, and has one spelling. */
static void fuzzSchema(Arena *a, sqlite3 *db)
{
    sqlite3_stmt *stmt = db_prepare(a, db, "SELECT sql FROM sqlite_schema "
                                    "WHERE sql IS NOT NULL ORDER BY rowid");
    DdlTable table;
    DdlIndex index;
    DdlObject object;
    Text stopped;

    while (db_step(a, stmt)) {
        Text sql = db_text(a, stmt, 0), normal = normal_sql(a, sql);
        MUST(text_eq(normal, normal_sql(a, normal)) || !ok(a));
        switch (ddl_kind(sql)) {
        case DDL_TABLE:
            MUST(ddl_read_table(a, sql, &table, &stopped));
            fuzzColumns(a, db, &table);
            break;
        case DDL_INDEX:
            MUST(ddl_read_index(a, sql, &index, &stopped));
            break;
        default:
            MUST(ddl_kind(sql) != DDL_UNKNOWN);
            MUST(ddl_read_object(a, sql, &object, &stopped));
        }
    }
    db_finish(stmt);
}

static void fuzzRun(Arena *a, sqlite3 *db, Text sql)
{
    sqlite3_stmt *stmt = NULL;

    sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
    if (sqlite3_prepare_v2(db, sql.z, sql.n, &stmt, NULL) == SQLITE_OK
        && sqlite3_step(stmt) == SQLITE_DONE) {
        sqlite3_finalize(stmt);
        fuzzSchema(a, db);
    } else {
        sqlite3_finalize(stmt);
    }
    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
}

/* Every reader, on anything; and the text is the sum of its tokens. */
static void fuzzRead(Arena *a, Text sql)
{
    DdlTable table;
    DdlIndex index;
    DdlObject object;
    DdlColumn column;
    DdlClause clause;
    Text stopped;
    int offset = 0, from = 0;

    for (;;) {
        Token token = token_next(sql, &offset);
        MUST(token.offset == from && from + token.text.n == offset);
        from = offset;
        if (token.kind == TOKEN_END)
            break;
    }
    MUST(offset == sql.n);
    ddl_read_table(a, sql, &table, &stopped);
    ddl_read_index(a, sql, &index, &stopped);
    ddl_read_object(a, sql, &object, &stopped);
    ddl_read_column(a, sql, &column, &stopped);
    ddl_read_clause(a, sql, &clause, &stopped);
    normal_sql(a, sql);
}

/* Each action, done to the table: it is refused, or leaves a text. */
static void fuzzEdit(Arena *a, Text sql, Text actions)
{
    Alter alter = alter_read(a, text_of(text_format(a, "ALTER TABLE t %Ts",
                                                    actions)));
    DdlTable table;
    Text stopped;
    int i;

    if (!ddl_read_table(a, sql, &table, &stopped))
        return;
    for (i = 0; i < alter.n && ok(a); i++) {
        AlterKind kind = alter.v[i].kind;
        if (kind == ALTER_UNKNOWN || kind == ALTER_RENAME_COLUMN
            || kind == ALTER_RENAME_TABLE)
            continue;
        MUST(edit_action(a, &table, &alter.v[i]).n > 0 || !ok(a));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static sqlite3 *db;
    Err err = {ERR_NONE, NULL};
    Text input, sql;
    Arena a;
    int i;

    if (!db)
        db = fuzzOpen();
    if (n > 4096 || memchr(data, 0, n))
        return 0;
    arena_init(&a, &err);
    input = text_of(text_format(&a, "CREATE %.*s", (int)n, (const char *)data));
    for (i = 0; i + 2 < input.n && memcmp(input.z + i, "\n;;", 3) != 0; i++) {}
    sql = text_slice(input, 0, i + 2 < input.n ? i : input.n);
    fuzzRun(&a, db, sql);
    fuzzRead(&a, sql);
    if (sql.n < input.n)
        fuzzEdit(&a, sql, text_slice(input, i + 3, input.n));
    fuzzCheckErr(&err);
    arena_release(&a);
    err_release(&err);
    return 0;
}
