/*
** A C program with the extension linked in: runs the SQL that it reads, on the
** database that it is given, and prints the rows as the sqlite3 shell does.
*/
#include "../ext/migrate.h"

#include <stdio.h>
#include <stdlib.h>

static int print_row(void *unused, int n, char **value, char **name)
{
    int i;

    (void)unused;
    (void)name;
    for (i = 0; i < n; i++)
        printf("%s%s", i ? "|" : "", value[i] ? value[i] : "");
    putchar('\n');
    return 0;
}

int main(int argc, char **argv)
{
    static char sql[100000];
    size_t n = fread(sql, 1, sizeof sql - 1, stdin);
    char *message = NULL;
    sqlite3 *db;
    int rc;

    sql[n] = 0;
    if (argc != 2)
        return 2;
    sqlite3_auto_extension((void (*)(void))sqlite3_migrate_init);
    if (sqlite3_open(argv[1], &db) != SQLITE_OK) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(db));
        return 1;
    }
    rc = sqlite3_exec(db, sql, print_row, NULL, &message);
    if (rc != SQLITE_OK)
        fprintf(stderr, "%s\n", message);
    sqlite3_free(message);
    return rc != SQLITE_OK || sqlite3_close(db) != SQLITE_OK;
}
