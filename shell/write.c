/*
** Commands that write a source: init, revision, merge, squash, edit; dump, which
** writes its model; bundle, which writes all of it as one file.
*/
#include "shell.h"

/* What the functions that write a revision take as options. */
static const uint64_t WRITE_JSON = OPT(AUTOGENERATE) | OPT(HEAD) | OPT(SPLICE)
    | OPT(BRANCH_LABEL) | OPT(DEPENDS_ON) | OPT(REV_ID) | OPT(VERSION_PATH)
    | OPT(RENAME) | OPT(PLAIN) | OPT(ALLOW_EMPTY);

static void write_edit(Shell *shell, const char *path)
{
    if (!shell->error && !platform_edit(path))
        fail(shell, "io: the editor failed on %s; "
            "VISUAL or EDITOR names another one", path);
}

/* Prints the path of what was written, and opens it if that was asked. */
static void write_done(Shell *shell, char *path)
{
    if (path) {
        puts(path);
        if (option_is_given(shell, OPT_EDIT)) {
            fflush(stdout);
            write_edit(shell, path);
        }
    }
    sqlite3_free(path);
}

void command_init(Shell *shell)
{
    const char *directory = line_word(shell, 0, NULL);
    char *written = directory
        ? query_text(shell, "SELECT migrate_init(?)", directory)
        : query_text(shell, "SELECT migrate_init()");

    if (written)
        puts(written);
    sqlite3_free(written);
}

void command_revision(Shell *shell)
{
    const char *message = option_value(shell, OPT_MESSAGE);
    char *options = options_json(shell, WRITE_JSON);

    char *path = query_text(
        shell, "SELECT migrate_revision(?, ?)", message, options);

    if (!path && !shell->error && !option_is_given(shell, OPT_QUIET))
        fprintf(stderr, "The database is as the model says: "
            "no revision was written\n");
    write_done(shell, path);
    sqlite3_free(options);
}

void command_merge(Shell *shell)
{
    const char *message = option_value(shell, OPT_MESSAGE);
    char *revisions = line_words(shell);
    char *options = options_json(shell, WRITE_JSON);

    write_done(shell, query_text(shell, "SELECT migrate_merge(?, ?, ?)",
        revisions, message, options));
    sqlite3_free(revisions);
    sqlite3_free(options);
}

void command_squash(Shell *shell)
{
    const char *message = option_value(shell, OPT_MESSAGE);
    char *options = options_json(shell, WRITE_JSON);

    write_done(shell, query_text(shell, "SELECT migrate_squash(?, ?, ?)",
        line_word(shell, 0, NULL), message, options));
    sqlite3_free(options);
}

void command_bundle(Shell *shell)
{
    write_done(shell, query_text(shell, "SELECT migrate_bundle(?, ?)",
        option_value(shell, OPT_OUTPUT), option_value(shell, OPT_FORMAT)));
}

/* A missing row means that the extension found no revision without an error:
** base is one.  Several are those of "heads". */
void command_edit(Shell *shell)
{
    const char *target = line_word(shell, 0, NULL);
    sqlite3_stmt *stmt =
        query(shell, "SELECT path FROM migrate_revisions(?)", target);
    char *path = NULL;
    int n;

    for (n = 0; query_next(shell, stmt); n++)
        if (!n)
            path = sqlite3_mprintf("%s", query_column(shell, stmt, 0));
    sqlite3_finalize(stmt);
    if (n > 1)
        fail(shell, "multiple-heads: \"%s\" is %d revisions; edit takes one",
            target, n);
    else if (!path)
        fail(shell, "not-found: \"%s\" has no file to edit", target);
    else if (!platform_is_file(path))
        fail(shell, "refused: %s is in a bundle, which cannot be written; edit "
            "the directory that it was made from", path);
    write_edit(shell, path);
    sqlite3_free(path);
}

void command_dump(Shell *shell)
{
    char *schema = query_text(shell, "SELECT migrate_dump()");

    if (schema)
        fputs(schema, stdout);
    sqlite3_free(schema);
}
