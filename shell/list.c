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

/* A revision as these listings see it, of the row r: revision_read() takes the
** columns in this order.  Its state would be the way to ask what is missing,
** but to tell that, every file is read. */
#define REVISION \
    " r.revision, " JOINED("r.down_revisions") ", " \
    JOINED("r.depends_on") ", " JOINED("r.branch_labels") ", " \
    "r.message, r.doc, r.path, " \
    "strftime('%%Y-%%m-%%d %%H:%%M:%%S+00:00', r.created_at), " \
    "r.is_head, r.is_effective_head, r.is_branch_point, r.is_merge_point, " \
    "r.path IS NULL "

enum { REVISION_NCOLUMN = 13 };

/* Every revision with one that follows it.  Read once, however many branches
** there are. */
#define WITH_EDGES \
    "WITH edges AS MATERIALIZED (" \
    " SELECT e.value AS parent, c.revision AS child" \
    " FROM migrate_revisions(':') AS c, json_each(c.down_revisions) AS e" \
    " ORDER BY c.revision)"

#define CHILDREN \
    "(SELECT group_concat(child, ', ') FROM edges WHERE parent = r.revision)"

/* The texts live until the statement's next step. */
typedef struct Revision {
    const char *id, *down, *depends, *labels;       /* lists: "a, b", or "" */
    const char *message, *doc, *path, *created;
    int is_head;                /* none has it as a parent */
    int is_effective_head;      /* nor depends on it */
    int is_branch_point, is_merge_point;
    int is_missing;             /* only the database knows it */
    int is_marked;              /* the listing's own mark */
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
    r.is_missing = sqlite3_column_int(stmt, column++);
    r.is_marked = 0;
    return r;
}

/* ---- one revision, in one line */

typedef enum Part {
    PART_PARENTS = 1,
    PART_LABELS = 2,
    PART_TREE = 4,              /* branchpoint, mergepoint */
    PART_MESSAGE = 8,
    PART_FULL = 16              /* all of it, in a paragraph */
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
    print_if(r->is_marked, " (current)");
    print_if(r->is_missing, " (missing)");
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
static void revision_print_full(const Revision *r, const char *children)
{
    printf("Rev: %s", r->id);
    print_if(r->is_head, " (head)");
    print_if(r->is_branch_point, " (branchpoint)");
    print_if(r->is_merge_point, " (mergepoint)");
    print_if(r->is_marked, " (current)");
    print_if(r->is_missing, " (missing)");
    printf("\n%s: %s\n", r->is_merge_point ? "Merges" : "Parent",
        *r->down ? r->down : "<base>");
    print_field("Also depends on", r->depends);
    if (r->is_branch_point)
        print_field("Branches into", children);
    print_field("Branch names", r->labels);
    printf("Path: %s\n\n", r->path);
    print_indented(r->doc);
    printf("    \n    Revision ID: %s\n    Revises: %s\n", r->id, r->down);
    print_field("    Create Date", r->created);
    putchar('\n');
}

/* ---- many */

/* A listing: which rows, what of them, and how they are marked. */
typedef struct Listing {
    const char *rows;           /* SQL after FROM, which names the row r */
    const char *target;         /* what its parameter is bound to */
    const char *mark;           /* an SQL expression; NULL: none is marked */
    unsigned parts;
} Listing;

static void list_print(Shell *shell, const Listing *listing)
{
    int is_full = listing->parts & PART_FULL
        || option_is_given(shell, OPT_VERBOSE);
    const char *format = is_full
        ? WITH_EDGES " SELECT" REVISION ", %s, " CHILDREN " FROM %s"
        : "SELECT" REVISION ", %s FROM %s";
    char *sql = sqlite3_mprintf(
        format, listing->mark ? listing->mark : "0", listing->rows);
    sqlite3_stmt *stmt = query(shell, sql, listing->target);

    while (query_next(shell, stmt)) {
        Revision r = revision_read(shell, stmt, 0);
        r.is_marked = sqlite3_column_int(stmt, REVISION_NCOLUMN);
        if (is_full) {
            revision_print_full(
                &r, query_column(shell, stmt, REVISION_NCOLUMN + 1));
        } else {
            revision_print(&r, listing->parts);
            putchar('\n');
        }
    }
    sqlite3_finalize(stmt);
    sqlite3_free(sql);
}

static void list_print_json(Shell *shell, const Listing *listing)
{
    char *sql = sqlite3_mprintf("SELECT r.* FROM %s", listing->rows);
    sqlite3_stmt *stmt = query(shell, sql, listing->target);

    json_print(shell, stmt);
    sqlite3_finalize(stmt);
    sqlite3_free(sql);
}

/* Prints a listing for people or, with --json, for programs. */
static void list(Shell *shell, const Listing *listing)
{
    if (option_is_given(shell, OPT_JSON))
        list_print_json(shell, listing);
    else
        list_print(shell, listing);
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

/* As Alembic writes a database: sqlite:///relative, sqlite:////absolute. */
static void current_print_database(const Shell *shell)
{
    int is_uri = strncmp(shell->database, "file:", 5) == 0;

    printf("Current revision(s) for %s%s:\n",
        is_uri ? "" : "sqlite:///", shell->database);
}

void command_current(Shell *shell)
{
    static const Listing LISTING = {
        "migrate_revisions AS r WHERE r.is_current", NULL, NULL, PART_TREE};

    if (option_is_given(shell, OPT_CHECK_HEADS))
        current_check_heads(shell);
    if (shell->error)
        return;
    if (option_is_given(shell, OPT_VERBOSE)
            && !option_is_given(shell, OPT_JSON))
        current_print_database(shell);
    list(shell, &LISTING);
}

void command_heads(Shell *shell)
{
    Listing listing = {
        "migrate_revisions AS r WHERE r.is_head", NULL, NULL, PART_LABELS};

    if (option_is_given(shell, OPT_RESOLVE_DEPENDENCIES))
        listing.rows = "migrate_revisions AS r WHERE r.is_effective_head";
    list(shell, &listing);
}

/* A row for each revision that follows a branch point, which stands before it:
** a branch point is printed when it changes. */
static void branches_print(Shell *shell)
{
    static const unsigned PARTS = PART_LABELS | PART_TREE;
    int is_full = option_is_given(shell, OPT_VERBOSE);
    char *sql = sqlite3_mprintf(WITH_EDGES ", joined AS MATERIALIZED ("
        " SELECT edges.parent," REVISION
        " FROM edges JOIN migrate_revisions AS r ON r.revision = edges.child)"
        " SELECT" REVISION "," CHILDREN ", joined.*"
        " FROM migrate_revisions AS r CROSS JOIN joined"
        " ON joined.parent = r.revision WHERE r.is_branch_point");
    sqlite3_stmt *stmt = query(shell, sql);
    char *last = NULL;

    while (query_next(shell, stmt)) {
        Revision r = revision_read(shell, stmt, 0);
        Revision child = revision_read(shell, stmt, REVISION_NCOLUMN + 2);
        if (!last || strcmp(last, r.id) != 0) {
            print_if(last != NULL, "\n");
            if (is_full) {
                revision_print_full(
                    &r, query_column(shell, stmt, REVISION_NCOLUMN));
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
    sqlite3_free(sql);
}

void command_branches(Shell *shell)
{
    static const Listing LISTING = {
        "migrate_revisions AS r WHERE r.is_branch_point", NULL, NULL, 0};

    if (option_is_given(shell, OPT_JSON))
        list_print_json(shell, &LISTING);
    else
        branches_print(shell);
}

/* What history marks: the version rows.  `current` can print more, since a
** revision that another branch depends on has no row of its own. */
static const char HISTORY_MARK[] =
    "r.revision IN (SELECT revision FROM migrate_revisions('current'))";

void command_history(Shell *shell)
{
    const char *range = option_value(shell, OPT_RANGE);
    Listing listing = {"migrate_revisions(?) AS r", range ? range : ":", NULL,
        PART_PARENTS | PART_LABELS | PART_TREE | PART_MESSAGE};

    if (range && !strchr(range, ':'))
        fail(shell, "bad-range: \"%s\" is no range; history takes START:END, "
            "START: or :END", range);
    if (option_is_given(shell, OPT_INDICATE_CURRENT))
        listing.mark = HISTORY_MARK;
    if (option_is_given(shell, OPT_JSON) && !range)
        listing.rows = "migrate_revisions AS r";    /* the missing ones too */
    list(shell, &listing);
}

void command_show(Shell *shell)
{
    const char *target = line_word(shell, 0, NULL);
    Listing listing = {"migrate_revisions(?) AS r", target, NULL, PART_FULL};

    if (strchr(target, ':'))
        fail(shell, "bad-range: show takes one target, not the range \"%s\"; "
            "\"migrate history -r %s\" lists it", target, target);
    list(shell, &listing);
}
