/*
** Listings of revisions: current, heads, branches, history, show.  They print,
** byte for byte, what Alembic prints, so that what reads Alembic's output can
** read ours.
*/
#include "shell.h"

#include <string.h>

/* A list of ids as a text, "a, b": NULL if the list is empty. */
#define JOINED(list) \
    "(SELECT group_concat(value, ', ') FROM json_each(" list "))"

/* A revision as these listings see it: revision_read() takes the columns in
** this order.  r is the row, joined to the ids that follow it. */
#define REVISION \
    " r.revision, " JOINED("r.down_revisions") ", " JOINED("r.depends_on") ", " \
    JOINED("r.branch_labels") ", r.message, r.doc, r.path, r.created_at, " \
    "r.is_head, r.is_effective_head, r.is_branch_point, r.is_merge_point, " \
    "r.is_current "

/* Every revision with one that follows it.  Read once, however many branches
** there are. */
#define WITH_EDGES \
    "WITH edges AS MATERIALIZED (" \
    " SELECT e.value AS parent, c.revision AS child" \
    " FROM migrate_revisions AS c, json_each(c.down_revisions) AS e" \
    " WHERE c.state <> 'missing' ORDER BY c.revision)"

/* The texts live until the statement's next step. */
typedef struct Revision {
    const char *id, *down, *depends, *labels;       /* lists: "a, b", or "" */
    const char *message, *doc, *path, *created;
    int is_head;                /* none has it as a parent */
    int is_effective_head;      /* nor depends on it */
    int is_branch_point, is_merge_point, is_current;
} Revision;

static Revision revision_read(Shell *shell, sqlite3_stmt *stmt, int column)
{
    Revision r;

    r.id = query_column(shell, stmt, column++);
    r.down = query_column(shell, stmt, column++);
    r.depends = query_column(shell, stmt, column++);
    r.labels = query_column(shell, stmt, column++);
    r.message = query_column(shell, stmt, column++);
    r.doc = query_column(shell, stmt, column++);
    r.path = query_column(shell, stmt, column++);
    r.created = query_column(shell, stmt, column++);
    r.is_head = sqlite3_column_int(stmt, column++);
    r.is_effective_head = sqlite3_column_int(stmt, column++);
    r.is_branch_point = sqlite3_column_int(stmt, column++);
    r.is_merge_point = sqlite3_column_int(stmt, column++);
    r.is_current = sqlite3_column_int(stmt, column++);
    return r;
}

/* ---- one revision, in one line */

typedef enum Part {
    PART_PARENTS = 1,
    PART_LABELS = 2,
    PART_CURRENT = 4,
    PART_TREE = 8,              /* branchpoint, mergepoint */
    PART_MESSAGE = 16
} Part;

static void print_if(int is_true, const char *text)
{
    if (is_true)
        fputs(text, stdout);
}

/* Without an end of line. */
static void revision_print(const Revision *r, unsigned parts)
{
    if (parts & PART_PARENTS) {
        fputs(*r->down ? r->down : "<base>", stdout);
        if (*r->depends)
            printf(" (%s)", r->depends);
        fputs(" -> ", stdout);
    }
    fputs(r->id, stdout);
    if (parts & PART_LABELS && *r->labels)
        printf(" (%s)", r->labels);
    print_if(r->is_effective_head, " (head)");
    print_if(r->is_head && !r->is_effective_head, " (effective head)");
    print_if(parts & PART_CURRENT && r->is_current, " (current)");
    print_if(parts & PART_TREE && r->is_branch_point, " (branchpoint)");
    print_if(parts & PART_TREE && r->is_merge_point, " (mergepoint)");
    if (parts & PART_MESSAGE)
        printf(", %s", r->message);
}

/* ---- one revision, in full */

static void print_field(const char *name, const char *value)
{
    if (*value)
        printf("%s: %s\n", name, value);
}

static void print_indented(const char *text)
{
    while (*text) {
        int n = (int)strcspn(text, "\n");
        printf("    %.*s\n", n, text);
        text += n + (text[n] == '\n');
    }
}

/* The header, then the text of the file as Alembic's template would have it:
** the ids follow what the author wrote. */
static void revision_print_full(
    const Revision *r, unsigned parts, const char *children)
{
    printf("Rev: %s", r->id);
    print_if(r->is_head, " (head)");
    print_if(r->is_branch_point, " (branchpoint)");
    print_if(r->is_merge_point, " (mergepoint)");
    print_if(parts & PART_CURRENT && r->is_current, " (current)");
    printf("\n%s: %s\n", r->is_merge_point ? "Merges" : "Parent",
        *r->down ? r->down : "<base>");
    print_field("Also depends on", r->depends);
    if (r->is_branch_point)
        print_field("Branches into", children);
    print_field("Branch names", r->labels);
    printf("Path: %s\n\n", r->path);
    print_indented(r->doc);
    printf("    \n    Revision ID: %s\n    Revises: %s\n    Create Date: %s\n\n",
        r->id, r->down, r->created);
}

/* ---- many */

/* Prints the revisions of a listing: rows, which names the source of the rows
** and what they must be, has target for its parameters. */
static void list_print(
    Shell *shell, const char *rows, const char *target, unsigned parts)
{
    int is_full = option_is_given(shell, OPT_VERBOSE)
        || shell->command->run == command_show;
    char *sql = is_full
        ? sqlite3_mprintf(WITH_EDGES " SELECT" REVISION ","
            " (SELECT group_concat(child, ', ') FROM edges"
            "  WHERE parent = r.revision)"
            " FROM %s", rows)
        : sqlite3_mprintf("SELECT" REVISION "FROM %s", rows);
    sqlite3_stmt *stmt;

    if (!sql)
        fail(shell, "no-memory: out of memory");
    stmt = query(shell, sql, target);
    while (query_next(shell, stmt)) {
        Revision r = revision_read(shell, stmt, 0);
        if (is_full) {
            revision_print_full(&r, parts, query_column(shell, stmt, 13));
        } else {
            revision_print(&r, parts);
            putchar('\n');
        }
    }
    sqlite3_finalize(stmt);
    sqlite3_free(sql);
}

/* Prints a listing for people or, with --json, for programs. */
static void list(
    Shell *shell, const char *rows, const char *target, unsigned parts)
{
    if (option_is_given(shell, OPT_JSON)) {
        char *sql = sqlite3_mprintf("SELECT r.* FROM %s", rows);
        sqlite3_stmt *stmt;
        if (!sql)
            fail(shell, "no-memory: out of memory");
        stmt = query(shell, sql, target);
        json_print(shell, stmt);
        putchar('\n');
        sqlite3_finalize(stmt);
        sqlite3_free(sql);
    } else {
        list_print(shell, rows, target, parts);
    }
}

/* ---- the commands */

static void current_check_heads(Shell *shell)
{
    char *missing = query_text(shell,
        "SELECT group_concat(revision, ', ') FROM migrate_revisions"
        " WHERE is_head AND NOT is_applied");

    if (missing)
        fail(shell, "not-at-head: not applied: %s; "
            "\"migrate upgrade heads\" applies what is pending", missing);
    sqlite3_free(missing);
}

/* The database as Alembic writes it: sqlite:///relative, sqlite:////absolute. */
static void current_print_database(const Shell *shell)
{
    int is_uri = strncmp(shell->database, "file:", 5) == 0;

    printf("Current revision(s) for %s%s:\n",
        is_uri ? "" : "sqlite:///", shell->database);
}

/* What no applied revision follows.  That is more than the version rows: one
** that another branch depends on has no row of its own. */
void command_current(Shell *shell)
{
    if (option_is_given(shell, OPT_CHECK_HEADS))
        current_check_heads(shell);
    if (shell->error)
        return;
    if (option_is_given(shell, OPT_VERBOSE)
            && !option_is_given(shell, OPT_JSON))
        current_print_database(shell);
    list(shell, "migrate_revisions AS r WHERE r.is_applied"
        " AND r.revision NOT IN"
        "  (SELECT e.value FROM migrate_revisions AS c,"
        "    json_each(c.down_revisions) AS e WHERE c.is_applied)",
        NULL, PART_TREE);
}

void command_heads(Shell *shell)
{
    if (option_is_given(shell, OPT_RESOLVE_DEPENDENCIES))
        list(shell, "migrate_revisions AS r"
            " WHERE r.is_effective_head AND r.state <> 'missing'",
            NULL, PART_LABELS);
    else
        list(shell, "migrate_revisions AS r"
            " WHERE r.is_head AND r.state <> 'missing'", NULL, PART_LABELS);
}

/* A row for each revision that follows a branch point, which stands before it:
** a branch point is printed when it changes. */
static void branches_print(Shell *shell)
{
    static const unsigned PARTS = PART_LABELS | PART_TREE;
    int is_full = option_is_given(shell, OPT_VERBOSE);
    sqlite3_stmt *stmt = query(shell, WITH_EDGES ", joined AS MATERIALIZED ("
        " SELECT edges.parent," REVISION
        " FROM edges JOIN migrate_revisions AS r ON r.revision = edges.child)"
        " SELECT" REVISION ","
        " (SELECT group_concat(child, ', ') FROM edges"
        "  WHERE parent = r.revision), joined.*"
        " FROM migrate_revisions AS r CROSS JOIN joined"
        " ON joined.parent = r.revision"
        " WHERE r.is_branch_point");
    char *last = NULL;

    while (query_next(shell, stmt)) {
        Revision r = revision_read(shell, stmt, 0);
        Revision child = revision_read(shell, stmt, 15);
        if (!last || strcmp(last, r.id) != 0) {
            print_if(last != NULL, "\n");
            if (is_full) {
                revision_print_full(&r, PARTS, query_column(shell, stmt, 13));
            } else {
                revision_print(&r, PARTS);
                putchar('\n');
            }
            sqlite3_free(last);
            last = sqlite3_mprintf("%s", r.id);
        }
        printf("%*s -> ", (int)strlen(r.id), "");
        revision_print(&child, PARTS | (is_full ? PART_MESSAGE : 0));
        putchar('\n');
    }
    print_if(last != NULL, "\n");
    sqlite3_free(last);
    sqlite3_finalize(stmt);
}

void command_branches(Shell *shell)
{
    if (option_is_given(shell, OPT_JSON))
        list(shell, "migrate_revisions AS r WHERE r.is_branch_point", NULL, 0);
    else
        branches_print(shell);
}

void command_history(Shell *shell)
{
    unsigned parts = PART_PARENTS | PART_LABELS | PART_TREE | PART_MESSAGE;
    const char *range = option_value(shell, OPT_RANGE);

    if (option_is_given(shell, OPT_INDICATE_CURRENT))
        parts |= PART_CURRENT;
    if (!range)
        list(shell, "migrate_revisions AS r WHERE r.state <> 'missing'",
            NULL, parts);
    else if (strchr(range, ':'))
        list(shell, "migrate_revisions(?) AS r", range, parts);
    else
        fail(shell, "bad-range: \"%s\" is no range; history takes START:END, "
            "START: or :END", range);
}

void command_show(Shell *shell)
{
    const char *target = shell_word(shell, 0, NULL);

    if (strchr(target, ':'))
        fail(shell, "bad-range: show takes one target, not the range \"%s\"; "
            "\"migrate history -r %s\" lists it", target, target);
    else
        list(shell, "migrate_revisions(?) AS r", target, 0);
}
