/*
** migrate_diff([model]): a row for each difference between the database and the
** model.
*/
#include "authoring.h"

#include "../run/autogenerate.h"

enum {
    DIFF_KIND, DIFF_NAME, DIFF_TABLE, DIFF_CHANGE, DIFF_DETAIL, DIFF_DESTRUCTIVE,
    DIFF_SQL, DIFF_ARG
};

static void diffOpen(TableCursor *cursor, const Text *arg)
{
    Arena *a = &cursor->a;
    Autogenerate *found = ARENA_NEW(a, Autogenerate, 1);
    DiffRows *rows = ARENA_NEW(a, DiffRows, 1);

    if (!ok(a))
        return;
    autogenerate_diff(a, cursor->session, arg[0], found);
    if (ok(a))
        *rows = diff_rows(a, &found->diff);
    cursor->data = rows;
    cursor->nrow = rows->n;
}

static void diffColumn(TableCursor *cursor, sqlite3_context *context, int column)
{
    const DiffRow *row = &((const DiffRows *)cursor->data)->v[cursor->row];

    switch (column) {
    case DIFF_KIND:        table_result_z(context, row->kind); break;
    case DIFF_NAME:        table_result(context, row->name); break;
    case DIFF_TABLE:       table_result(context, row->table); break;
    case DIFF_CHANGE:      table_result_z(context, row->change); break;
    case DIFF_DETAIL:      table_result_z(context, row->detail); break;
    case DIFF_DESTRUCTIVE: sqlite3_result_int(context, row->is_destructive); break;
    case DIFF_SQL:         table_result_z(context, row->sql); break;
    default: break;
    }
}

MIG_FUNC const TableDef tableDiff = {
    "migrate_diff",
    "kind TEXT,"                /* table, column, check, index, view... */
    "name TEXT,"                /* NULL for a constraint without one */
    "tbl_name TEXT,"
    "change TEXT,"              /* add, drop, change, rename, move */
    "detail TEXT,"
    "destructive INTEGER,"      /* rows or values are lost */
    "sql TEXT,"                 /* a statement that does away with it, if one can */
    "for_model TEXT HIDDEN",
    DIFF_ARG, 1, 1, diffOpen, diffColumn
};
