/*
** Options: the table of them, and which were given.
*/
#include "shell.h"

#include <string.h>

const Option OPTIONS[OPT_COUNT] = {
    [OPT_SOURCE] = {'s', "source", OPTION_VALUE, "PATH",
        "where the revisions are: a directory, a bundle"},
    [OPT_DATABASE] = {'d', "database", OPTION_VALUE, "DB",
        "a path, a file: URI or sqlite:///path"},
    [OPT_NAME] = {'n', "name", OPTION_VALUE, "SECTION",
        "the section of migrate.ini to use"},
    [OPT_X] = {'x', NULL, OPTION_PAIRS, "NAME=VALUE",
        "a value for :NAME in the SQL of revisions"},
    [OPT_QUIET] = {'q', "quiet", OPTION_FLAG, NULL,
        "no progress on standard error"},
    [OPT_VERBOSE] = {'v', "verbose", OPTION_FLAG, NULL,
        "longer listings; the statements that run"},
    [OPT_JSON] = {0, "json", OPTION_FLAG, NULL,
        "listings as JSON: rows of the tables behind"},
    [OPT_COLOR] = {0, "color", OPTION_CHOICE, "auto|always|never",
        "colours in messages"},
    [OPT_EXTENSION] = {0, "extension", OPTION_VALUE, "FILE",
        "the extension to load"},
    [OPT_TRUSTED_KEY] = {0, "trusted-key", OPTION_VALUE, "KEY",
        "only a source signed with this minisign key"},
    [OPT_VERSION] = {0, "version", OPTION_FLAG, NULL,
        "the versions of migrate and SQLite"},
    [OPT_HELP] = {'h', "help", OPTION_FLAG, NULL,
        "how to use migrate, or a command"},

    [OPT_MESSAGE] = {'m', "message", OPTION_VALUE, "MSG",
        "what the revision does, in a line"},
    [OPT_AUTOGENERATE] = {0, "autogenerate", OPTION_FLAG, NULL,
        "write what leads from the database to the model"},
    [OPT_HEAD] = {0, "head", OPTION_VALUE, "REV",
        "the revision to follow; default head"},
    [OPT_SPLICE] = {0, "splice", OPTION_FLAG, NULL,
        "let it follow a revision that is not a head"},
    [OPT_BRANCH_LABEL] = {0, "branch-label", OPTION_VALUE, "LABEL",
        "a name for the branch that it starts"},
    [OPT_DEPENDS_ON] = {0, "depends-on", OPTION_LIST, "REV",
        "a revision to run before it; may be repeated"},
    [OPT_REV_ID] = {0, "rev-id", OPTION_VALUE, "ID",
        "the id of the revision, instead of a random one"},
    [OPT_VERSION_PATH] = {0, "version-path", OPTION_VALUE, "DIR",
        "which of version_locations to write to"},
    [OPT_RENAME] = {0, "rename", OPTION_PAIRS, "OLD=NEW",
        "a table or table.column that has a new name"},
    [OPT_PLAIN] = {0, "plain", OPTION_FLAG, NULL,
        "write the SQL of SQLite alone"},
    [OPT_ALLOW_EMPTY] = {0, "allow-empty", OPTION_FLAG, NULL,
        "write a revision even if nothing differs"},
    [OPT_EDIT] = {0, "edit", OPTION_FLAG, NULL,
        "open the new file in $VISUAL or $EDITOR"},
    [OPT_SQL] = {0, "sql", OPTION_FLAG, NULL,
        "print the script instead of running it"},
    [OPT_DRY_RUN] = {0, "dry-run", OPTION_FLAG, NULL,
        "run it, print what ran, and roll back"},
    [OPT_BACKUP] = {0, "backup", OPTION_OPTIONAL, "FILE",
        "copy the database first; default DB.<time>.bak"},
    [OPT_TRANSACTION] = {0, "transaction", OPTION_CHOICE, "all|each",
        "one transaction, or one for each revision"},
    [OPT_PURGE] = {0, "purge", OPTION_FLAG, NULL,
        "forget every version row first, unknown ones too"},
    [OPT_CHECK_HEADS] = {'c', "check-heads", OPTION_FLAG, NULL,
        "fail unless every head is applied"},
    [OPT_RESOLVE_DEPENDENCIES] = {0, "resolve-dependencies", OPTION_FLAG, NULL,
        "leave out heads that another revision depends on"},
    [OPT_RANGE] = {'r', "rev-range", OPTION_VALUE, "A:B",
        "only from A to B; either may be left out"},
    [OPT_INDICATE_CURRENT] = {'i', "indicate-current", OPTION_FLAG, NULL,
        "mark what the database is at"},
    [OPT_ACCEPT] = {0, "accept", OPTION_FLAG, NULL,
        "take changed files as they are"},
    [OPT_OUTPUT] = {'o', "output", OPTION_VALUE, "FILE",
        "the file to write"},
    [OPT_FORMAT] = {0, "format", OPTION_VALUE, "FORMAT",
        "what to write"},
};

/* ---- what was given */

int option_is_given(const Shell *shell, OptionId id)
{
    int i;

    for (i = 0; i < shell->ngiven; i++)
        if (shell->given[i].id == id)
            return 1;
    return 0;
}

const char *option_value(const Shell *shell, OptionId id)
{
    int i;

    for (i = shell->ngiven - 1; i >= 0; i--)
        if (shell->given[i].id == id)
            return shell->given[i].value;
    return NULL;
}

/* ---- as JSON */

static void options_json_name(sqlite3_str *json, const Option *option)
{
    const char *plural = option->kind == OPTION_PAIRS ? "s" : "";
    const char *z;

    sqlite3_str_appendchar(json, 1, '"');
    for (z = option->name; *z; z++)
        sqlite3_str_appendchar(json, 1, *z == '-' ? '_' : *z);
    sqlite3_str_appendf(json, "%s\":", plural);
}

/* Every value given for a list or for pairs: ["a","b"] or {"a":"b"}. */
static void options_json_all(sqlite3_str *json, const Shell *shell, OptionId id)
{
    int is_pairs = OPTIONS[id].kind == OPTION_PAIRS;
    const char *comma = "";
    int i;

    sqlite3_str_appendchar(json, 1, is_pairs ? '{' : '[');
    for (i = 0; i < shell->ngiven; i++) {
        const char *value = shell->given[i].value;
        if (shell->given[i].id != id)
            continue;
        sqlite3_str_appendall(json, comma);
        if (is_pairs) {
            int n = (int)strcspn(value, "=");
            char *name = sqlite3_mprintf("%.*s", n, value);
            json_string(json, name);
            sqlite3_str_appendchar(json, 1, ':');
            sqlite3_free(name);
            value += n + 1;
        }
        json_string(json, value);
        comma = ",";
    }
    sqlite3_str_appendchar(json, 1, is_pairs ? '}' : ']');
}

char *options_json(Shell *shell, uint64_t set)
{
    sqlite3_str *json = sqlite3_str_new(NULL);
    const char *comma = "{";
    char *text;
    int id;

    for (id = 0; id < OPT_COUNT; id++) {
        if (!(set >> id & 1) || !option_is_given(shell, id))
            continue;
        sqlite3_str_appendall(json, comma);
        options_json_name(json, &OPTIONS[id]);
        if (OPTIONS[id].kind == OPTION_FLAG)
            sqlite3_str_appendall(json, "true");
        else if (OPTIONS[id].kind >= OPTION_LIST)
            options_json_all(json, shell, id);
        else
            json_string(json, option_value(shell, id));
        comma = ",";
    }
    sqlite3_str_appendall(json, *comma == '{' ? "{}" : "}");
    text = sqlite3_str_finish(json);
    if (!text)
        fail(shell, "no-memory: out of memory");
    return text;
}
