/*
** A revision, proved.  See prove.h.
*/
#include "prove.h"

#include "../schema/compare.h"
#include "../schema/scratch.h"
#include "execute.h"
#include "foreign.h"
#include "unkeyed.h"

#include <stdlib.h>

#define PROVE_ROWS 20       /* of a table's own rows, so many are tried */

typedef struct Prove {
    Arena *a;
    const Proof *proof;
    sqlite3 *scratch;
    const char *phase;      /* "the upgrade"... */
    int with_nulls;         /* rows that have NULL wherever they may */
} Prove;

/* ---- running a section ---- */

/* Runs a section as the runner would with foreign keys on, and tells nobody. */
static void proveRun(Prove *p, SectionKind kind)
{
    Arena *a = p->a;
    AuthorFile file = *p->proof->file;
    Session quiet = *p->proof->session;
    Body body = project_body(a, &file.project, file.project.source.n - 1);
    Runner r;

    if (!ok(a))
        return;
    quiet.progress = NULL;
    quiet.db = p->scratch;
    foreign_switch(p->scratch, 1);
    runner_init(a, &r, &quiet, &file.project, p->scratch, NULL);
    db_exec(a, p->scratch, "BEGIN");
    if (unkeyed_is(&r, &body.v[kind]))
        unkeyed_run(&r, a, &body, kind);
    else
        execute_section(a, &r, &body, kind, NULL);
    db_exec(a, p->scratch, "COMMIT");
    if (!sqlite3_get_autocommit(p->scratch))
        sqlite3_exec(p->scratch, "ROLLBACK", NULL, NULL, NULL);
    runner_release(&r);
    foreign_switch(p->scratch, 0);
}

/* The schema must be that of the model now. */
static void proveSchema(Prove *p, const Model *model)
{
    DiffOptions options = {NULL, 1};
    Model now = model_of(p->a, p->scratch, p->proof->owned);
    Diff diff;

    if (!ok(p->a))
        return;
    diff = diff_build(p->a, &now, model, &options);
    if (ok(p->a) && !diff_is_empty(&diff))
        err_set(p->a->err, ERR_UNPROVED, "after %s on a scratch copy the schema is "
                "not what it should be: %s; nothing was written", p->phase,
                diff_text(p->a, &diff));
}

/* ---- rows ---- */

/* The columns of a table that can be written, with the rowid where it can be. */
static const char *proveColumns(Prove *p, const Shape *shape)
{
    sqlite3_str *out = text_begin();
    const char *comma = "";
    int i;

    if (!shape->t.is_without_rowid && ddl_rowid_column(&shape->t) < 0
        && shape_find(p->a, shape, text_of("rowid")) < 0) {
        text_append(out, "rowid");
        comma = ", ";
    }
    for (i = 0; i < shape->t.ncolumn; i++) {
        if (ddl_clause(&shape->t.column[i], CLAUSE_GENERATED))
            continue;
        text_append(out, "%s\"%Tw\"", comma, shape->t.column[i].name);
        comma = ", ";
    }
    return text_finish(p->a, out);
}

/* Copies the first rows of a table.  What does not fit is left out. */
static int proveCopy(Prove *p, const char *table, const char *columns)
{
    sqlite3_stmt *get = db_prepare(p->a, p->proof->session->db,
        "SELECT %s FROM main.\"%w\" LIMIT %d", columns, table, PROVE_ROWS);
    sqlite3_stmt *put;
    sqlite3_str *marks = text_begin();
    int i, rows = 0, n = get ? sqlite3_column_count(get) : 0;

    for (i = 0; i < n; i++)
        text_append(marks, "%s", i ? ", ?" : "?");
    put = db_prepare(p->a, p->scratch, "INSERT OR IGNORE INTO main.\"%w\" (%s) "
                     "VALUES (%s)", table, columns, text_finish(p->a, marks));
    while (put && db_step(p->a, get)) {
        for (i = 0; i < n; i++)
            sqlite3_bind_value(put, i + 1, sqlite3_column_value(get, i));
        rows += sqlite3_step(put) == SQLITE_DONE;
        sqlite3_reset(put);
    }
    db_finish(get);
    db_finish(put);
    return rows;
}

/* A value for row k of a column: the same k gives the same key, so that references
** meet. */
static const char *proveValue(Prove *p, const Shape *shape, int i, int k)
{
    const DdlColumn *column = &shape->t.column[i];
    const char *affinity = ddl_affinity(column->declared);

    if (p->with_nulls && k == 3 && !ddl_clause(column, CLAUSE_NOT_NULL)
        && ddl_rowid_column(&shape->t) != i)
        return "NULL";
    if (strcmp(affinity, "TEXT") == 0)
        return text_format(p->a, "'%d'", k);
    if (strcmp(affinity, "REAL") == 0)
        return text_format(p->a, "%d.5", k);
    if (strcmp(affinity, "BLOB") == 0 && text_is_nocase(column->type, "blob"))
        return text_format(p->a, "x'0%d'", k);
    return text_format(p->a, "%d", k);
}

/* Makes rows up.  A CHECK may refuse them; then there are none. */
static void proveInvent(Prove *p, const char *table, const Shape *shape)
{
    int i, k;

    for (k = 1; k <= 3 && ok(p->a); k++) {
        sqlite3_str *names = text_begin(), *values = text_begin();
        const char *comma = "", *n, *v;
        sqlite3_stmt *stmt;
        for (i = 0; i < shape->t.ncolumn; i++) {
            if (ddl_clause(&shape->t.column[i], CLAUSE_GENERATED))
                continue;
            text_append(names, "%s\"%Tw\"", comma, shape->t.column[i].name);
            text_append(values, "%s%s", comma, proveValue(p, shape, i, k));
            comma = ", ";
        }
        n = text_finish(p->a, names);
        v = text_finish(p->a, values);
        stmt = db_prepare(p->a, p->scratch, "INSERT OR IGNORE INTO main.\"%w\" (%s) "
                          "VALUES (%s)", table, n, v);
        if (stmt)
            sqlite3_step(stmt);
        sqlite3_finalize(stmt);
    }
}

/* Rows in every table: its own, or some that are made up. */
static void proveFill(Prove *p)
{
    const Model *from = p->proof->up->from;
    int i, on;

    sqlite3_db_config(p->scratch, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, &on);
    for (i = 0; i < from->n && ok(p->a); i++) {
        const char *table = text_copy(p->a, from->v[i].name);
        Shape shape;
        if (from->v[i].kind != DDL_TABLE)
            continue;
        shape = shape_read(p->a, &from->v[i]);
        if (ok(p->a) && !proveCopy(p, table, proveColumns(p, &shape)) && ok(p->a))
            proveInvent(p, table, &shape);
    }
    sqlite3_db_config(p->scratch, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, &on);
}

/* ---- what both schemas hold ---- */

/* A table that both have, with a query for what is to stay as it is. */
typedef struct ProveTable {
    Text name;
    const char *before, *after;     /* the same columns by their two names */
    Text rows;
} ProveTable;

typedef struct ProveTables {
    ProveTable *v;
    int n, cap;
} ProveTables;

/* Whether a column's values stay as they are. */
static int proveIsKept(const DiffTable *pair, int j)
{
    const ShapeColumn *new = &pair->new.column[j], *old;

    if (pair->from_of[j] < 0)
        return 0;
    old = &pair->old.column[pair->from_of[j]];
    return strcmp(ddl_affinity(old->ddl->declared), ddl_affinity(new->ddl->declared)) == 0
        && old->part[SHAPE_GENERATED].n == 0 && new->part[SHAPE_GENERATED].n == 0
        && pair->old.t.is_strict == pair->new.t.is_strict;
}

static void provePushPair(Prove *p, ProveTables *tables, const DiffTable *pair)
{
    sqlite3_str *before = text_begin(), *after = text_begin();
    int is_rowid = !pair->old.t.is_without_rowid && !pair->new.t.is_without_rowid
        && shape_find(p->a, &pair->old, text_of("rowid")) < 0
        && shape_find(p->a, &pair->new, text_of("rowid")) < 0
        && ddl_rowid_column(&pair->old.t) < 0 && ddl_rowid_column(&pair->new.t) < 0;
    ProveTable one = {{NULL, 0}, NULL, NULL, {NULL, 0}};
    int j;

    text_append(before, "SELECT %s", is_rowid ? "rowid" : "0");
    text_append(after, "SELECT %s", is_rowid ? "rowid" : "0");
    for (j = 0; j < pair->new.t.ncolumn; j++) {
        if (!proveIsKept(pair, j))
            continue;
        text_append(before, ", \"%Tw\"", pair->old.t.column[pair->from_of[j]].name);
        text_append(after, ", \"%Tw\"", pair->new.t.column[j].name);
    }
    text_append(before, " FROM main.\"%Tw\"", pair->from->name);
    text_append(after, " FROM main.\"%Tw\"", pair->to->name);
    one.name = pair->to->name;
    one.before = text_finish(p->a, before);
    one.after = text_finish(p->a, after);
    if (ARENA_PUSH(p->a, tables->v, tables->n, tables->cap))
        tables->v[tables->n++] = one;
}

/* The tables that both have: those that change, and those that do not. */
static ProveTables proveTables(Prove *p)
{
    const Diff *diff = p->proof->up;
    ProveTables tables = {0};
    int i, k;

    for (i = 0; i < diff->ntable && ok(p->a); i++)
        provePushPair(p, &tables, &diff->table[i]);
    for (i = 0; i < diff->from->n && ok(p->a); i++) {
        const ModelObject *object = &diff->from->v[i];
        const ModelObject *other = model_find(p->a, diff->to, DDL_TABLE, object->name);
        ProveTable one = {{NULL, 0}, NULL, NULL, {NULL, 0}};
        int is_listed = object->kind != DDL_TABLE || !other;
        for (k = 0; k < diff->ntable; k++)
            is_listed |= diff->table[k].from == object || diff->table[k].to == other;
        if (is_listed || !ARENA_PUSH(p->a, tables.v, tables.n, tables.cap))
            continue;
        one.name = object->name;
        one.before = one.after = text_format(p->a, "SELECT * FROM main.\"%Tw\"",
                                             object->name);
        tables.v[tables.n++] = one;
    }
    return tables;
}

static int proveCompareText(const void *x, const void *y)
{
    return text_compare(*(const Text *)x, *(const Text *)y);
}

/* All rows of a query as one text, whatever their order. */
static Text proveRows(Prove *p, const char *sql)
{
    sqlite3_stmt *stmt = db_prepare(p->a, p->scratch, "%s", sql);
    sqlite3_str *out;
    Names rows = {0};
    int i, n = stmt ? sqlite3_column_count(stmt) : 0;

    while (db_step(p->a, stmt)) {
        out = text_begin();
        for (i = 0; i < n; i++)
            text_append(out, "%s|", script_literal(p->a,
                        sqlite3_column_value(stmt, i)));
        names_push(p->a, &rows, text_of(text_finish(p->a, out)));
    }
    db_finish(stmt);
    if (rows.n)
        qsort(rows.v, (size_t)rows.n, sizeof *rows.v, proveCompareText);
    return text_of(names_join(p->a, &rows, "\n"));
}

static void proveRemember(Prove *p, ProveTables *tables)
{
    int i;

    for (i = 0; i < tables->n && ok(p->a); i++)
        tables->v[i].rows = proveRows(p, tables->v[i].before);
}

static void proveSame(Prove *p, const ProveTables *tables, int is_after)
{
    int i;

    for (i = 0; i < tables->n && ok(p->a); i++) {
        const ProveTable *one = &tables->v[i];
        Text now = proveRows(p, is_after ? one->after : one->before);
        if (ok(p->a) && !text_eq(now, one->rows))
            err_set(p->a->err, ERR_UNPROVED, "after %s on a scratch copy the rows of "
                    "%Ts are not what they were; nothing was written", p->phase,
                    one->name);
    }
}

/* ---- the proof ---- */

/* What SQLite finds wrong with the copy itself. */
static const char *proveIntegrity(Prove *p)
{
    sqlite3_stmt *stmt = db_prepare(p->a, p->scratch, "PRAGMA integrity_check(1)");
    const char *found = "";

    if (db_step(p->a, stmt))
        found = db_text(p->a, stmt, 0).z;
    db_finish(stmt);
    return found;
}

static void proveSound(Prove *p, const char *before)
{
    const char *now = proveIntegrity(p);

    if (ok(p->a) && strcmp(now, "ok") != 0 && strcmp(now, before) != 0)
        err_set(p->a->err, ERR_UNPROVED, "after %s on a scratch copy: %s; nothing was "
                "written", p->phase, now);
}

/* True if what failed is a row that does not fit, and that was said. */
static int proveIsSaid(const Err *err, int nreview)
{
    return nreview && (err->code == ERR_CONSTRAINT || err->code == ERR_FOREIGN_KEY
                       || err->code == ERR_SQL);
}

static void proveStep(Prove *p, const char *phase, SectionKind kind,
                      const Model *model)
{
    if (!ok(p->a))
        return;
    p->phase = phase;
    proveRun(p, kind);
    if (!ok(p->a))
        err_append(p->a->err, " (%s on a scratch copy)", phase);
    proveSchema(p, model);
}

static void proveOpen(Prove *p)
{
    p->scratch = scratch_open(p->a, p->proof->base, SCRATCH_ROWS);
    if (p->scratch)
        db_follow(p->scratch, p->proof->session->db);
}

/* The schema alone. */
static void proveEmpty(Prove *p)
{
    const Diff *diff = p->proof->up;

    proveOpen(p);
    proveStep(p, "the upgrade", SECTION_UP, diff->to);
    proveStep(p, "the downgrade", SECTION_DOWN, diff->from);
    proveStep(p, "the second upgrade", SECTION_UP, diff->to);
    scratch_close(p->scratch);
}

/* With rows.  True if it went to the end, or failed in a way that was not said. */
static int proveRowsKept(Prove *p)
{
    const Diff *diff = p->proof->up;
    ProveTables tables = {0};
    Err *err = p->a->err, found = {ERR_NONE, NULL};
    int nreview = p->proof->nreview_up, is_said;
    const char *sound;

    proveOpen(p);
    if (ok(p->a))
        proveFill(p);
    if (ok(p->a))
        tables = proveTables(p);
    proveRemember(p, &tables);
    sound = proveIntegrity(p);
    p->a->err = ok(p->a) ? &found : err;
    proveStep(p, "the upgrade", SECTION_UP, diff->to);
    proveSame(p, &tables, 1);
    proveSound(p, sound);
    if (ok(p->a))
        nreview = p->proof->nreview_down;
    proveStep(p, "the downgrade", SECTION_DOWN, diff->from);
    proveSame(p, &tables, 0);
    proveSound(p, sound);
    if (ok(p->a))
        nreview = p->proof->nreview_up;
    proveStep(p, "the second upgrade", SECTION_UP, diff->to);
    proveSame(p, &tables, 1);
    proveSound(p, sound);
    p->a->err = err;
    is_said = found.code && proveIsSaid(&found, nreview);
    if (found.code && !is_said)
        err_join(err, &found);
    err_release(&found);
    scratch_close(p->scratch);
    return !is_said;
}

MIG_FUNC void prove_revision(Arena *a, const Proof *proof)
{
    Prove p = {0};
    ErrCode code;

    p.a = a;
    p.proof = proof;
    p.with_nulls = 1;
    proveEmpty(&p);
    if (ok(a) && !proveRowsKept(&p) && ok(a)) {
        p.with_nulls = 0;
        proveRowsKept(&p);
    }
    code = a->err->code;
    if (code && code != ERR_UNPROVED && code != ERR_NO_MEMORY && code != ERR_IO
        && code != ERR_INTERRUPTED) {
        Err was = *a->err;
        memset(a->err, 0, sizeof *a->err);
        err_set(a->err, ERR_UNPROVED, "what was generated does not do its work, and was "
                "not written: %s", err_message(&was));
        err_release(&was);
    }
}
