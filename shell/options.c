/*
** Options: the table of them, and the command line read against it.
**
** An option may stand before or after the command, so the line is read first
** and judged afterwards, when it is known which command takes what.
*/
#include "shell.h"

#include <stdlib.h>
#include <string.h>

const Option OPTIONS[OPT_COUNT] = {
    [OPT_SOURCE] = {'s', "source", OPTION_VALUE, "PATH",
        "where the revisions are: a directory or a bundle"},
    [OPT_DATABASE] = {'d', "database", OPTION_VALUE, "DB",
        "the database: a path, a file: URI, sqlite:///path"},
    [OPT_NAME] = {'n', "name", OPTION_VALUE, "SECTION",
        "the section of migrate.ini to use"},
    [OPT_X] = {'x', NULL, OPTION_PAIRS, "NAME=VALUE",
        "a value for :NAME in the SQL of revisions"},
    [OPT_QUIET] = {'q', "quiet", OPTION_FLAG, NULL,
        "no progress on standard error"},
    [OPT_VERBOSE] = {'v', "verbose", OPTION_FLAG, NULL,
        "longer listings; the statements that run"},
    [OPT_JSON] = {0, "json", OPTION_FLAG, NULL,
        "listings as JSON: the rows of the table behind"},
    [OPT_COLOR] = {0, "color", OPTION_VALUE, "WHEN",
        "auto, always or never"},
    [OPT_EXTENSION] = {0, "extension", OPTION_VALUE, "FILE",
        "the extension to load"},
    [OPT_TRUSTED_KEY] = {0, "trusted-key", OPTION_VALUE, "KEY",
        "accept only a source signed with this minisign key"},
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
    [OPT_TRANSACTION] = {0, "transaction", OPTION_VALUE, "all|each",
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
};

/* ---- reading the line */

static void *options_grow(Shell *shell, void *array, int n, size_t size)
{
    /* a power of two is full when it is reached */
    void *grown;

    if (n & (n - 1))
        return array;
    grown = sqlite3_realloc64(array, (n ? 2 * (sqlite3_uint64)n : 1) * size);
    if (!grown)
        fail(shell, "no-memory: out of memory");
    return grown ? grown : array;
}

static void options_push(Shell *shell, OptionId id, const char *value)
{
    shell->given =
        options_grow(shell, shell->given, shell->ngiven, sizeof *shell->given);
    if (shell->error)
        return;
    shell->given[shell->ngiven].id = id;
    shell->given[shell->ngiven].value = value;
    shell->ngiven++;
}

static void options_push_word(Shell *shell, const char *word)
{
    shell->words =
        options_grow(shell, shell->words, shell->nword, sizeof *shell->words);
    if (!shell->error)
        shell->words[shell->nword++] = word;
}

/* -1 and -2 are targets. */
static int options_is_option(const char *arg)
{
    return arg[0] == '-' && arg[1] && !(arg[1] >= '0' && arg[1] <= '9');
}

/* The FILE of --backup may be left out, and a TARGET may follow: the next word
** is the FILE if it can be no target, or if command and target are there. */
static int options_is_optional_value(const Shell *shell, const char *next)
{
    return next && !options_is_option(next)
        && (strpbrk(next, "/\\") || shell->nword >= 2);
}

/* Takes the value of option id from what is attached to it, or from next.
** Returns how many arguments after its own it has used. */
static int options_take(
    Shell *shell, OptionId id, const char *attached, const char *next)
{
    const Option *option = &OPTIONS[id];
    const char *dashes = option->name ? "--" : "-";
    char letter[2] = {option->letter, 0};
    const char *name = option->name ? option->name : letter;
    const char *value = attached ? attached : next;

    if (option->kind == OPTION_FLAG) {
        if (attached)
            fail(shell, "usage: --%s takes no value", name);
        options_push(shell, id, NULL);
        return 0;
    }
    if (option->kind == OPTION_OPTIONAL && !attached)
        value = options_is_optional_value(shell, next) ? next : NULL;
    else if (!value)
        fail(shell, "usage: %s%s needs a value: %s%s %s",
            dashes, name, dashes, name, option->value);
    else if (option->kind == OPTION_PAIRS && !strchr(value, '='))
        fail(shell, "usage: %s%s takes %s, not \"%s\"",
            dashes, name, option->value, value);
    options_push(shell, id, value);
    return !attached && value;
}

static int options_take_long(Shell *shell, const char *arg, const char *next)
{
    size_t n = strcspn(arg, "=");
    Guess guess = {arg, (int)n, NULL, 0};
    int id;

    for (id = 0; id < OPT_COUNT; id++) {
        const char *name = OPTIONS[id].name;
        if (!name)
            continue;
        if (strncmp(name, arg, n) == 0 && !name[n])
            return options_take(shell, id, arg[n] ? arg + n + 1 : NULL, next);
        guess_offer(&guess, name);
    }
    if (guess.name)
        fail(shell, "usage: no option --%.*s; did you mean --%s?",
            (int)n, arg, guess.name);
    fail(shell, "usage: no option --%.*s; \"migrate help\" lists them",
        (int)n, arg);
    return 0;
}

/* Letters without a value may share a hyphen: -qv, -vr A:B. */
static int options_take_letters(Shell *shell, const char *arg, const char *next)
{
    for (; *arg && !shell->error; arg++) {
        int id = 0;
        while (id < OPT_COUNT && OPTIONS[id].letter != *arg)
            id++;
        if (id == OPT_COUNT)
            fail(shell, "usage: no option -%c; \"migrate help\" lists them",
                *arg);
        else if (OPTIONS[id].kind == OPTION_FLAG)
            options_push(shell, id, NULL);
        else
            return options_take(shell, id, arg[1] ? arg + 1 : NULL, next);
    }
    return 0;
}

/* ---- judging it */

static void options_check_command(Shell *shell)
{
    const char *typed = shell->words[0];
    Guess guess = {typed, (int)strlen(typed), NULL, 0};
    int i;

    shell->command = command_find(typed);
    if (shell->command)
        return;
    for (i = 0; i < NCOMMAND; i++)
        if (COMMANDS[i].name)
            guess_offer(&guess, COMMANDS[i].name);
    if (guess.name)
        fail(shell, "usage: no command \"%s\"; did you mean \"%s\"?",
            typed, guess.name);
    fail(shell, "usage: no command \"%s\"; \"migrate help\" lists them",
        typed);
}

static void options_check_given(Shell *shell)
{
    const Command *command = shell->command;
    const char *color = option_value(shell, OPT_COLOR);
    uint64_t allowed = (OPT_GLOBAL & ~OPT(JSON)) | command->options;
    int i;

    for (i = 0; i < shell->ngiven; i++) {
        const Option *option = &OPTIONS[shell->given[i].id];
        if (allowed >> shell->given[i].id & 1)
            continue;
        fail(shell, "usage: %s has no --%s; "
            "\"migrate help %s\" lists what it has",
            command->name, option->name, command->name);
    }
    if (color && strcmp(color, "auto") && strcmp(color, "always")
            && strcmp(color, "never"))
        fail(shell, "usage: --color takes auto, always or never, not \"%s\"",
            color);
    if (option_is_given(shell, OPT_SQL) && option_is_given(shell, OPT_DRY_RUN))
        fail(shell, "usage: --sql prints without running, --dry-run runs "
            "without keeping: give one of them");
}

static void options_check_words(Shell *shell)
{
    const Command *command = shell->command;
    const char *words = *command->words ? command->words : "nothing";

    if (shell->nword < command->nmin)
        fail(shell, "usage: %s needs %s; \"migrate help %s\" says more",
            command->name, words, command->name);
    if (command->nmax >= 0 && shell->nword > command->nmax)
        fail(shell, "usage: %s takes %s, \"%s\" is too much; "
            "\"migrate help %s\" says more",
            command->name, words, shell->words[command->nmax], command->name);
}

void options_read(Shell *shell, int argc, char **argv)
{
    int is_literal = 0;         /* after "--" */
    int i;

    for (i = 1; i < argc && !shell->error; i++) {
        const char *arg = argv[i];
        const char *next = argv[i + 1];     /* argv ends with NULL */
        if (is_literal || !options_is_option(arg))
            options_push_word(shell, arg);
        else if (strcmp(arg, "--") == 0)
            is_literal = 1;
        else if (arg[1] == '-')
            i += options_take_long(shell, arg + 2, next);
        else
            i += options_take_letters(shell, arg + 1, next);
    }
    if (shell->error || option_is_given(shell, OPT_VERSION))
        return;
    if (!shell->nword) {
        if (!option_is_given(shell, OPT_HELP))
            fail(shell, "usage: no command; \"migrate help\" lists them");
        return;
    }
    options_check_command(shell);
    if (shell->error || option_is_given(shell, OPT_HELP))
        return;
    shell->nword--;
    memmove(shell->words, shell->words + 1,
        (size_t)shell->nword * sizeof *shell->words);
    options_check_given(shell);
    options_check_words(shell);
}

/* ---- asking */

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
        else if (OPTIONS[id].kind == OPTION_VALUE)
            json_string(json, option_value(shell, id));
        else
            options_json_all(json, shell, id);
        comma = ",";
    }
    sqlite3_str_appendall(json, *comma == '{' ? "{}" : "}");
    text = sqlite3_str_finish(json);
    if (!text)
        fail(shell, "no-memory: out of memory");
    return text;
}
