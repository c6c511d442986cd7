/*
** A C program with the extension linked in: runs the SQL that it reads, on the
** database that it is given, and prints the rows as the sqlite3 shell does.
**
**     host DATABASE [startup|readonly]
**
** With a second word that entry point is called on the connection, in place of the
** one for everything, which is registered for all.  What SQLite logs goes to
** standard error.
*/
#include "../ext/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int (*Entry)(sqlite3 *, char **, const struct sqlite3_api_routines *);

static void print_log(void *unused, int code, const char *text)
{
    (void)unused;
    fprintf(stderr, "(%d) %s\n", code, text);
}

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
    if (argc != 2 && argc != 3)
        return 2;
    sqlite3_config(SQLITE_CONFIG_LOG, print_log, NULL);
    if (argc == 2)
        sqlite3_auto_extension((void (*)(void))sqlite3_migrate_init);
    if (sqlite3_open(argv[1], &db) != SQLITE_OK) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(db));
        return 1;
    }
    if (argc == 3) {
        Entry entry = strcmp(argv[2], "startup") == 0
                    ? sqlite3_migrate_startup_init : sqlite3_migrate_readonly_init;
        rc = entry(db, &message, NULL);
        if (rc != SQLITE_OK) {
            fprintf(stderr, "%d %s\n", rc, message);
            sqlite3_free(message);
            return 3;
        }
    }
    rc = sqlite3_exec(db, sql, print_row, NULL, &message);
    if (rc != SQLITE_OK)
        fprintf(stderr, "%s\n", message);
    sqlite3_free(message);
    return rc != SQLITE_OK || sqlite3_close(db) != SQLITE_OK;
}
