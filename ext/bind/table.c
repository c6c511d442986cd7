/*
** Eponymous virtual tables.  See table.h.
*/
#include "table.h"

typedef struct Table {
    sqlite3_vtab base;
    Session *session;
    const TableDef *def;
} Table;

/* What the module is registered with. */
typedef struct TableAux {
    Session *session;
    const TableDef *def;
} TableAux;

static int tableConnect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                        sqlite3_vtab **out, char **message)
{
    const TableAux *with = aux;
    Table *table;
    char *sql = sqlite3_mprintf("CREATE TABLE x(%s)", with->def->columns);
    int rc = sql ? sqlite3_declare_vtab(db, sql) : SQLITE_NOMEM;

    (void)argc;
    (void)argv;
    (void)message;
    sqlite3_free(sql);
    if (rc == SQLITE_OK && with->def->is_direct)
        rc = sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    if (rc != SQLITE_OK)
        return rc;
    table = sqlite3_malloc64(sizeof *table);
    if (!table)
        return SQLITE_NOMEM;
    memset(table, 0, sizeof *table);
    table->session = with->session;
    table->def = with->def;
    *out = &table->base;
    return SQLITE_OK;
}

static int tableDisconnect(sqlite3_vtab *base)
{
    sqlite3_free(base);
    return SQLITE_OK;
}

/* Arguments are equalities on the hidden columns; idxNum has a bit for each that
** is given. */
static int tableBestIndex(sqlite3_vtab *base, sqlite3_index_info *info)
{
    const TableDef *def = ((Table *)base)->def;
    int given[TABLE_ARG_MAX], i, n = 0;

    for (i = 0; i < TABLE_ARG_MAX; i++)
        given[i] = -1;
    for (i = 0; i < info->nConstraint; i++) {
        int k = info->aConstraint[i].iColumn - def->arg;
        if (k < 0 || k >= def->narg
            || info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
            continue;
        if (!info->aConstraint[i].usable)
            return SQLITE_CONSTRAINT;
        given[k] = i;
    }
    for (i = 0; i < def->narg; i++) {
        if (given[i] < 0)
            continue;
        info->aConstraintUsage[given[i]].argvIndex = ++n;
        info->aConstraintUsage[given[i]].omit = 1;
        info->idxNum |= 1 << i;
    }
    info->estimatedCost = n == def->narg ? 1000.0 : 100000.0;
    info->estimatedRows = 1000;
    return SQLITE_OK;
}

static int tableOpen(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
    Table *table = (Table *)base;
    TableCursor *cursor = sqlite3_malloc64(sizeof *cursor);

    if (!cursor)
        return SQLITE_NOMEM;
    memset(cursor, 0, sizeof *cursor);
    cursor->session = session_hold(table->session);
    cursor->def = table->def;
    arena_init(&cursor->a, &cursor->err);
    *out = &cursor->base;
    return SQLITE_OK;
}

static void tableReset(TableCursor *cursor)
{
    arena_release(&cursor->a);
    err_release(&cursor->err);
    memset(cursor->arg, 0, sizeof cursor->arg);
    cursor->data = NULL;
    cursor->row = cursor->nrow = 0;
}

static int tableClose(sqlite3_vtab_cursor *base)
{
    TableCursor *cursor = (TableCursor *)base;

    tableReset(cursor);
    session_release(cursor->session);
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static int tableFilter(sqlite3_vtab_cursor *base, int idxNum, const char *idxStr,
                       int argc, sqlite3_value **argv)
{
    TableCursor *cursor = (TableCursor *)base;
    int i, n = 0;

    (void)idxStr;
    tableReset(cursor);
    for (i = 0; i < argc; i++)
        if (sqlite3_value_type(argv[i]) == SQLITE_NULL)
            return SQLITE_OK;           /* nothing equals NULL: no rows */
    for (i = 0; i < cursor->def->narg && n < argc; i++) {
        const char *z;
        if (!(idxNum & (1 << i)))
            continue;
        z = (const char *)sqlite3_value_text(argv[n++]);
        cursor->arg[i] = text_of(text_copy(&cursor->a, text_of(z)));
    }
    if (ok(&cursor->a))
        cursor->def->open(cursor, cursor->arg);
    if (ok(&cursor->a))
        return SQLITE_OK;
    cursor->nrow = 0;
    sqlite3_free(base->pVtab->zErrMsg);
    base->pVtab->zErrMsg = sqlite3_mprintf("%s", err_message(&cursor->err));
    return err_sqlite(cursor->err.code);
}

static int tableNext(sqlite3_vtab_cursor *base)
{
    ((TableCursor *)base)->row++;
    return SQLITE_OK;
}

static int tableEof(sqlite3_vtab_cursor *base)
{
    TableCursor *cursor = (TableCursor *)base;
    return cursor->row >= cursor->nrow;
}

static int tableColumn(sqlite3_vtab_cursor *base, sqlite3_context *context,
                       int column)
{
    TableCursor *cursor = (TableCursor *)base;
    int arg = column - cursor->def->arg;

    if (arg >= 0 && arg < cursor->def->narg)
        table_result(context, cursor->arg[arg]);
    else
        cursor->def->column(cursor, context, column);
    if (ok(&cursor->a))
        return SQLITE_OK;
    sqlite3_result_error(context, err_message(&cursor->err), -1);
    return err_sqlite(cursor->err.code);
}

static int tableRowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid)
{
    *rowid = ((TableCursor *)base)->row + 1;
    return SQLITE_OK;
}

static const sqlite3_module tableModule = {
    .iVersion = 0,
    .xConnect = tableConnect,       /* no xCreate: eponymous only */
    .xBestIndex = tableBestIndex,
    .xDisconnect = tableDisconnect,
    .xOpen = tableOpen,
    .xClose = tableClose,
    .xFilter = tableFilter,
    .xNext = tableNext,
    .xEof = tableEof,
    .xColumn = tableColumn,
    .xRowid = tableRowid,
};

static void tableRelease(void *aux)
{
    session_release(((TableAux *)aux)->session);
    sqlite3_free(aux);
}

MIG_FUNC int table_register(Session *session, const TableDef *def)
{
    TableAux *aux = sqlite3_malloc64(sizeof *aux);

    if (!aux)
        return SQLITE_NOMEM;
    aux->session = session_hold(session);
    aux->def = def;
    return sqlite3_create_module_v2(session->db, def->name, &tableModule, aux,
                                    tableRelease);
}

MIG_FUNC void table_result(sqlite3_context *context, Text t)
{
    if (t.z)
        sqlite3_result_text(context, t.z, t.n, SQLITE_TRANSIENT);
}

MIG_FUNC void table_result_z(sqlite3_context *context, const char *z)
{
    if (z)
        sqlite3_result_text(context, z, -1, SQLITE_TRANSIENT);
}
