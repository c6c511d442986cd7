/*
** A schema as data.  See model.h.
*/
#include "model.h"

#include "../base/file.h"
#include "../sql/normal.h"
#include "../sql/reader.h"
#include "../sql/statement.h"
#include "hint.h"
#include "scratch.h"

/* ---- objects ---- */

/* Kind and name in one text.  Tables, virtual tables and views share their names. */
static Text modelKey(Arena *a, DdlKind kind, Text name)
{
    const char *letter = kind == DDL_INDEX ? "i" : kind == DDL_TRIGGER ? "r" : "t";

    return text_of(text_format(a, "%s%Ts", letter, normal_name(a, name)));
}

static void modelPush(Arena *a, Model *model, ModelObject object)
{
    if (!ARENA_PUSH(a, model->v, model->n, model->cap))
        return;
    object.key = modelKey(a, object.kind, object.name);
    model->v[model->n] = object;
    map_add(a, &model->key, object.key, model->n++);
}

MIG_FUNC const ModelObject *model_find_table(Arena *a, const Model *model, Text name)
{
    int i = map_find(&model->key, modelKey(a, DDL_TABLE, name));

    return i < 0 ? NULL : &model->v[i];
}

MIG_FUNC const ModelObject *model_find(Arena *a, const Model *model, DdlKind kind,
                                       Text name)
{
    int i = map_find(&model->key, modelKey(a, kind, name));

    return i < 0 || model->v[i].kind != kind ? NULL : &model->v[i];
}

MIG_FUNC Model model_of(Arena *a, sqlite3 *db, const char *owned)
{
    sqlite3_stmt *stmt = db_prepare(a, db, "SELECT name, tbl_name, sql "
        "FROM main.sqlite_schema AS s WHERE sql IS NOT NULL AND %s ORDER BY rowid",
        owned);
    Model model = {0};

    map_init(a, &model.key, 64);
    while (db_step(a, stmt)) {
        ModelObject object = {0};
        object.name = db_text(a, stmt, 0);
        object.table = db_text(a, stmt, 1);
        object.sql = db_text(a, stmt, 2);
        object.kind = ddl_kind(object.sql);
        modelPush(a, &model, object);
    }
    db_finish(stmt);
    return model;
}

/* ---- the texts of a model ---- */

static void modelPushText(Arena *a, ModelTexts *texts, const char *name,
                          const char *path)
{
    ModelText one = {name, {NULL, 0}};

    one.text = file_read(a, path);
    if (one.text.n >= 3 && memcmp(one.text.z, "\xef\xbb\xbf", 3) == 0)
        one.text = text_slice(one.text, 3, one.text.n);
    if (ARENA_PUSH(a, texts->v, texts->n, texts->cap))
        texts->v[texts->n++] = one;
}

MIG_FUNC ModelTexts model_read(Arena *a, const char *path)
{
    ModelTexts texts = {0};
    Names names = {0};
    int i;

    switch (file_kind(path)) {
    case FILE_DIRECTORY:
        file_list(a, path, ".sql", 0, &names);
        for (i = 0; i < names.n && ok(a); i++) {
            const char *name = text_copy(a, names.v[i]);
            modelPushText(a, &texts, name, file_join(a, path, name));
        }
        break;
    case FILE_NONE:
        err_set(a->err, ERR_IO, "there is no model %s; the setting \"model\" says "
                "where it is, \"migrate dump\" writes one of the database", path);
        break;
    default:
        modelPushText(a, &texts, path, path);
    }
    return texts;
}

MIG_FUNC int model_is_database(Text text)
{
    return text.n >= 16 && memcmp(text.z, "SQLite format 3", 16) == 0;
}

/* ---- statements ---- */

typedef struct ModelStatement {
    const ModelText *text;
    Text sql;           /* without its semicolon */
    DdlKind kind;
    Text hint;
} ModelStatement;

typedef struct ModelStatements {
    ModelStatement *v;
    int n, cap;
} ModelStatements;

static const char *modelPlace(Arena *a, const ModelText *text, int offset)
{
    Place place = text_place(text->text, offset);

    return text_format(a, "%s:%d:%d", text->name, place.line, place.col);
}

static void modelPushStatement(Arena *a, ModelStatements *list, const ModelText *text,
                               int from, int to, Text hint)
{
    ModelStatement *one;

    if (from < 0 || !ARENA_PUSH(a, list->v, list->n, list->cap))
        return;
    one = &list->v[list->n++];
    one->text = text;
    one->sql = text_slice(text->text, from, to);
    one->kind = ddl_kind(one->sql);
    one->hint = hint;
}

/* Cuts a text into its statements. */
static void modelCut(Arena *a, const ModelText *text, ModelStatements *list)
{
    StatementState state = {0};
    Text none = {NULL, 0}, hint = none;
    int offset = 0, from = -1, to = 0;

    while (ok(a)) {
        Token token = token_next(text->text, &offset);
        if (token.kind == TOKEN_END)
            break;
        if (token.kind == TOKEN_COMMENT && from < 0)
            hint_comment(a, token.text, &hint);
        if (token.kind == TOKEN_ILLEGAL)
            err_set(a->err, ERR_SQL, "%s: unrecognized token: %.*s",
                    modelPlace(a, text, token.offset),
                    token.text.n < 40 ? token.text.n : 40, token.text.z);
        if (statement_push(&state, token)) {
            modelPushStatement(a, list, text, from, to, hint);
            memset(&state, 0, sizeof state);
            from = -1;
            hint = none;
        } else if (token.kind != TOKEN_SPACE && token.kind != TOKEN_COMMENT) {
            from = from < 0 ? token.offset : from;
            to = offset;
        }
    }
    modelPushStatement(a, list, text, from, to, hint);
}

/* Whether the statement belongs in a model: 1 to be run; 0 one that a dump has, and
** that makes no schema.  Errors: sql-error. */
static int modelJudge(Arena *a, Model *model, const ModelStatement *one)
{
    static const char *const about_rows = "INSERT REPLACE UPDATE DELETE WITH";
    static const char *const dropped =
        "PRAGMA BEGIN COMMIT END SELECT ANALYZE REINDEX SAVEPOINT RELEASE VALUES";
    int offset = 0, at = (int)(one->sql.z - one->text->text.z);
    Token token = token_next_solid(one->sql, &offset);
    Token second = token_next_solid(one->sql, &offset);

    if (token_is(second, "TEMP") || token_is(second, "TEMPORARY"))
        err_set(a->err, ERR_SQL, "%s: a model has no temporary objects",
                modelPlace(a, one->text, at));
    if (one->kind != DDL_UNKNOWN || token_is(token, "ALTER")
        || token_is(token, "DROP"))
        return ok(a);
    if (token_is_any(token, about_rows)) {
        names_push(a, &model->skipped, text_of(text_format(a, "%s: %Ts",
                   modelPlace(a, one->text, at), token.text)));
        return 0;
    }
    if (token_is_any(token, dropped))
        return 0;
    err_set(a->err, ERR_SQL, "%s: this cannot stand in a model: %.*s",
            modelPlace(a, one->text, at), one->sql.n < 40 ? one->sql.n : 40,
            one->sql.z);
    return 0;
}

/* Leaves out what makes no schema. */
static void modelSift(Arena *a, Model *model, ModelStatements *list)
{
    int i, n = 0;

    for (i = 0; i < list->n && ok(a); i++)
        if (modelJudge(a, model, &list->v[i]))
            list->v[n++] = list->v[i];
    list->n = n;
}

/* ---- the same to the byte ---- */

/* From the object's name on: what a statement and sqlite_schema have alike. */
static Text modelTail(Arena *a, Text sql)
{
    Reader r = reader_begin(a, sql);
    int is_trigger = 0;

    while (r.token.kind != TOKEN_END && !reader_is(&r, "TABLE")
           && !reader_is(&r, "INDEX") && !reader_is(&r, "VIEW") && !is_trigger) {
        is_trigger = reader_is(&r, "TRIGGER");
        reader_next(&r);
    }
    if (!is_trigger)
        reader_next(&r);
    reader_take_all(&r, "IF NOT EXISTS");
    return text_slice(sql, r.token.offset, sql.n);
}

static int modelIsUnique(Text sql)
{
    int offset = 0;

    token_next_solid(sql, &offset);
    return token_is(token_next_solid(sql, &offset), "UNIQUE");
}

/* True if the statement makes an object that in has, with the same text. */
static int modelIsThere(Arena *a, const Model *in, const ModelStatement *one)
{
    Text tail = modelTail(a, one->sql);
    int offset = 0;
    Text name = token_name(a, token_next_solid(tail, &offset));
    const ModelObject *object = one->kind == DDL_UNKNOWN ? NULL
                              : model_find(a, in, one->kind, name);

    return object && text_eq(tail, modelTail(a, object->sql))
        && modelIsUnique(one->sql) == modelIsUnique(object->sql);
}

/* True if the statements make what in has, and in has nothing else. */
static int modelIsSame(Arena *a, const Model *in, const ModelStatements *list)
{
    int i, is_same = list->n == in->n;

    for (i = 0; i < list->n && is_same && ok(a); i++) {
        Arena own;
        arena_init(&own, a->err);
        is_same = modelIsThere(&own, in, &list->v[i]);
        arena_release(&own);
    }
    return is_same;
}

/* ---- running ---- */

static void modelFail(Arena *a, sqlite3 *scratch, const ModelStatement *one, int rc)
{
    int offset = db_error_offset(scratch);

    if (offset < 0 || offset > one->sql.n)
        offset = 0;
    offset += (int)(one->sql.z - one->text->text.z);
    err_set(a->err, db_code(rc, ERR_SQL), "%s: %s", modelPlace(a, one->text, offset),
            sqlite3_errmsg(scratch));
}

static void modelRunOne(Arena *a, sqlite3 *scratch, const ModelStatement *one)
{
    sqlite3_stmt *stmt = NULL;
    int rc;

    if (!ok(a))
        return;
    do
        rc = sqlite3_prepare_v2(scratch, one->sql.z, one->sql.n, &stmt, NULL);
    while (rc == SQLITE_ERROR && scratch_define(scratch));
    if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_DONE)
        rc = SQLITE_OK;
    if (rc != SQLITE_OK)
        modelFail(a, scratch, one, rc);
    sqlite3_finalize(stmt);
}

/* ---- all at once ---- */

static int modelIsPure(const ModelStatements *list)
{
    int i;

    for (i = 0; i < list->n; i++)
        if (list->v[i].kind == DDL_UNKNOWN)
            return 0;
    return 1;
}

/* In the order of the text, or, by_kind, so that what is needed comes first. */
static void modelRunAll(Arena *a, sqlite3 *scratch, const ModelStatements *list,
                        int by_kind)
{
    static const DdlKind order[] = {
        DDL_TABLE, DDL_VIRTUAL, DDL_INDEX, DDL_VIEW, DDL_TRIGGER
    };
    int i;
    size_t k;

    db_exec(a, scratch, "BEGIN");
    for (k = 0; k < (by_kind ? sizeof order / sizeof *order : 1); k++)
        for (i = 0; i < list->n && ok(a); i++)
            if (!by_kind || list->v[i].kind == order[k])
                modelRunOne(a, scratch, &list->v[i]);
    db_exec(a, scratch, "COMMIT");
    if (!ok(a) && !sqlite3_get_autocommit(scratch))
        sqlite3_exec(scratch, "ROLLBACK", NULL, NULL, NULL);
}

/* As the text has it; files of a directory may stand in any order. */
static void modelRunWhole(Arena *a, sqlite3 *scratch, const ModelStatements *list)
{
    Err *err = a->err, first = {ERR_NONE, NULL}, second = {ERR_NONE, NULL};

    a->err = &first;
    modelRunAll(a, scratch, list, 0);
    if (first.code == ERR_SQL && modelIsPure(list)) {
        a->err = &second;
        modelRunAll(a, scratch, list, 1);
        if (second.code == ERR_NONE)
            err_release(&first);
    }
    a->err = err;
    if (first.code)
        err_join(err, &first);
    err_release(&second);
    err_release(&first);
}

/* ---- table by table ----
**
** With each table that there is, CREATE costs SQLite more.  What a table is does not
** depend on others: so each is made alone, with what is on it, and taken back. */

/* The table that an index or a trigger is on, in lower case; for others their own
** name.  Empty if the statement cannot be read. */
static Text modelTable(Arena *a, const ModelStatement *one)
{
    DdlIndex index;
    DdlObject object;
    Text stopped, none = {NULL, 0};
    int offset = 0;

    switch (one->kind) {
    case DDL_INDEX:
        return ddl_read_index(a, one->sql, &index, &stopped)
             ? normal_name(a, index.table) : none;
    case DDL_TRIGGER:
        return ddl_read_object(a, one->sql, &object, &stopped)
             ? normal_name(a, object.table) : none;
    default:
        return normal_name(a, token_name(a, token_next_solid(modelTail(a, one->sql),
                                                             &offset)));
    }
}

/* What the scratch database has now becomes a part of the model; false if it has a
** name twice. */
static int modelCollect(Arena *a, Model *model, sqlite3 *scratch, int is_virtual)
{
    sqlite3_stmt *stmt = db_prepare(a, scratch, "SELECT name, tbl_name, sql FROM "
        "sqlite_schema AS s WHERE sql IS NOT NULL%s ORDER BY rowid", is_virtual
        ? " AND NOT EXISTS (SELECT 1 FROM pragma_table_list AS l WHERE l.type = "
          "'shadow' AND l.name = s.tbl_name)" : "");
    int is_good = 1;

    while (db_step(a, stmt)) {
        ModelObject object = {0};
        Text name = db_text(a, stmt, 0);
        object.name = name;
        object.table = db_text(a, stmt, 1);
        object.sql = db_text(a, stmt, 2);
        object.kind = ddl_kind(object.sql);
        if (object.kind == DDL_INDEX)
            is_good &= !model_find_table(a, model, name);
        else if (object.kind != DDL_TRIGGER)
            is_good &= !model_find(a, model, DDL_INDEX, name);
        is_good &= map_find(&model->key, modelKey(a, object.kind, name)) < 0;
        modelPush(a, model, object);
    }
    db_finish(stmt);
    return is_good;
}

/* Leaves out what is not the user's. */
static void modelOwn(Arena *a, Model *model, sqlite3 *scratch, const char *owned)
{
    Model kept = {0};
    sqlite3_stmt *put, *get;
    int i;

    db_exec(a, scratch, "CREATE TEMP TABLE names(tbl_name)");
    put = db_prepare(a, scratch, "INSERT INTO temp.names VALUES (?)");
    for (i = 0; i < model->n && put && ok(a); i++) {
        sqlite3_bind_text(put, 1, model->v[i].table.z, model->v[i].table.n,
                          SQLITE_STATIC);
        db_step(a, put);
        sqlite3_reset(put);
    }
    db_finish(put);
    map_init(a, &kept.key, model->n);
    get = db_prepare(a, scratch, "SELECT rowid - 1 FROM temp.names AS s WHERE %s "
                     "ORDER BY 1", owned);
    while (db_step(a, get))
        modelPush(a, &kept, model->v[db_int(get, 0)]);
    db_finish(get);
    *model = kept;
}

/* False if it cannot be done so; then nothing is said of why. */
static int modelRunApart(Arena *a, Model *model, sqlite3 *scratch,
                         const ModelStatements *list, const char *owned)
{
    int i, k, is_good = modelIsPure(list);
    int *first = ARENA_NEW(a, int, list->n + 1);    /* on a table, */
    int *next = ARENA_NEW(a, int, list->n + 1);     /* as chains */
    Err *err = a->err, found = {ERR_NONE, NULL};
    Map table;

    map_init(a, &table, list->n);
    map_init(a, &model->key, list->n);
    for (i = list->n - 1; i >= 0 && ok(a); i--) {   /* the last first: chains in order */
        DdlKind kind = list->v[i].kind;
        if (kind != DDL_INDEX && kind != DDL_TRIGGER)
            continue;
        k = map_add(a, &table, modelTable(a, &list->v[i]), i);
        k = k < 0 ? i : k;
        next[i] = first[k];
        first[k] = i + 1;
    }
    if (!ok(a))
        return 0;
    a->err = &found;
    for (i = 0; i < list->n && is_good && ok(a); i++) {
        const ModelStatement *one = &list->v[i];
        if (one->kind == DDL_INDEX || one->kind == DDL_TRIGGER)
            continue;
        db_exec(a, scratch, "BEGIN");
        modelRunOne(a, scratch, one);
        k = map_find(&table, modelTable(a, one));
        for (k = k < 0 ? 0 : first[k]; k && ok(a); k = next[k - 1])
            modelRunOne(a, scratch, &list->v[k - 1]);
        is_good = modelCollect(a, model, scratch, one->kind == DDL_VIRTUAL);
        sqlite3_exec(scratch, "ROLLBACK", NULL, NULL, NULL);
    }
    is_good &= ok(a) && model->n == list->n;
    if (is_good)
        modelOwn(a, model, scratch, owned);
    a->err = err;
    if (found.code == ERR_NO_MEMORY)
        err_join(err, &found);
    is_good &= found.code == ERR_NONE;
    err_release(&found);
    return is_good;
}

/* Puts the hints that stand before statements to their objects. */
static void modelHints(Arena *a, Model *model, const ModelStatements *list)
{
    int i, offset;

    for (i = 0; i < list->n && ok(a); i++) {
        const ModelStatement *one = &list->v[i];
        Text tail, key;
        int at;
        if (one->hint.n == 0 || one->kind == DDL_UNKNOWN)
            continue;
        tail = modelTail(a, one->sql);
        offset = 0;
        key = modelKey(a, one->kind, token_name(a, token_next_solid(tail, &offset)));
        at = map_find(&model->key, key);
        if (at >= 0)
            model->v[at].hint = one->hint;
    }
}

MIG_FUNC Model model_run(Arena *a, sqlite3 *db, const ModelTexts *texts,
                         const char *owned, const Model *in)
{
    ModelStatements list = {0};
    Model model = {0}, whole = {0};
    sqlite3 *scratch;
    int i;

    for (i = 0; i < texts->n && ok(a); i++)
        modelCut(a, &texts->v[i], &list);
    if (ok(a))
        modelSift(a, &whole, &list);
    if (!ok(a) || (in && modelIsSame(a, in, &list)))
        return ok(a) ? *in : whole;
    scratch = scratch_open(a, db, SCRATCH_EMPTY);
    if (!scratch)
        return whole;
    if (!modelRunApart(a, &model, scratch, &list, owned) && ok(a)) {
        modelRunWhole(a, scratch, &list);
        if (ok(a))
            model = model_of(a, scratch, owned);
    }
    model.skipped = whole.skipped;
    scratch_close(scratch);
    if (ok(a))
        modelHints(a, &model, &list);
    return model;
}
