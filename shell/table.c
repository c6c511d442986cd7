/*
** Rows for people: aligned columns under their names.
**
** All rows are read before the first is printed, since the last may be the
** widest.
*/
#include "shell.h"

#include <string.h>

enum { TABLE_NCOLUMN = 16 };

typedef struct Table {
    sqlite3_str *cells;         /* texts, each with its 0; row by row, the names
                                ** of the columns first */
    int ncolumn, nrow;
    int width[TABLE_NCOLUMN];
    int is_number[TABLE_NCOLUMN];       /* numbers are flush right */
} Table;

/* How wide text is on a terminal, where no character is wider than one. */
static int table_width(const char *text)
{
    int n = 0;

    for (; *text; text++)
        n += (*text & 0xc0) != 0x80;
    return n;
}

static void table_push(Table *table, int column, const char *text)
{
    int width = table_width(text);

    if (width > table->width[column])
        table->width[column] = width;
    for (; *text; text++) {     /* an end of line would end the row */
        int is_control = (unsigned char)*text < 0x20 || *text == 0x7f;
        sqlite3_str_appendchar(table->cells, 1, is_control ? ' ' : *text);
    }
    sqlite3_str_appendchar(table->cells, 1, 0);
}

static void table_read(Shell *shell, Table *table, sqlite3_stmt *stmt)
{
    int i;

    for (i = 0; i < table->ncolumn; i++)
        table_push(table, i, sqlite3_column_name(stmt, i));
    while (query_next(shell, stmt)) {
        for (i = 0; i < table->ncolumn; i++) {
            if (sqlite3_column_type(stmt, i) == SQLITE_INTEGER)
                table->is_number[i] = 1;
            table_push(table, i, query_column(shell, stmt, i));
        }
        table->nrow++;
    }
}

/* Prints a row of cells; returns the first of the next. */
static const char *table_print_row(const Table *table, const char *cell)
{
    int i;

    for (i = 0; i < table->ncolumn; i++) {
        int is_last = i == table->ncolumn - 1;
        int space = table->width[i] - table_width(cell);
        if (table->is_number[i])
            printf("%*s%s", space, "", cell);
        else
            printf("%s%*s", cell, is_last ? 0 : space, "");
        fputs(is_last ? "\n" : "  ", stdout);
        cell += strlen(cell) + 1;
    }
    return cell;
}

int table_print(Shell *shell, sqlite3_stmt *stmt)
{
    Table table = {0};
    char *cells;
    const char *cell;
    int row;

    if (shell->error)
        return 0;
    table.cells = sqlite3_str_new(shell->db);
    table.ncolumn = sqlite3_column_count(stmt);
    table_read(shell, &table, stmt);
    cells = sqlite3_str_finish(table.cells);
    if (!cells)
        fail(shell, "no-memory: out of memory");
    if (!shell->error && table.nrow)
        for (cell = cells, row = 0; row <= table.nrow; row++)
            cell = table_print_row(&table, cell);
    sqlite3_free(cells);
    return table.nrow;
}
