/*
** The command line: what was typed, as options and words.
**
** An option may stand before or after the command, so the line is only read
** here; command_choose() judges it, when it is known which command takes what.
** The words are gathered at the front of argv.
*/
#include "shell.h"

#include <string.h>

void line_push_option(Shell *shell, OptionId id, const char *value)
{
    int n = shell->ngiven;
    Given *given = shell->given;

    if ((n & (n - 1)) == 0)     /* a power of two is full when it is reached */
        given = sqlite3_realloc64(
            given, (n ? 2 * (sqlite3_uint64)n : 1) * sizeof *given);
    if (!given) {
        fail(shell, "no-memory: out of memory");
        return;
    }
    given[n].id = id;
    given[n].value = value;
    shell->given = given;
    shell->ngiven++;
}

/* -1 and -2 are targets. */
static int line_is_option(const char *arg)
{
    return arg[0] == '-' && arg[1] && !(arg[1] >= '0' && arg[1] <= '9');
}

/* Whether a word is called as databases and their copies are. */
static int line_is_database(const char *word)
{
    static const char *const ends[] = {".bak", ".db", ".sqlite", ".sqlite3"};
    size_t i, n = strlen(word);

    for (i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t nend = strlen(ends[i]);
        if (n > nend && strcmp(word + n - nend, ends[i]) == 0)
            return 1;
    }
    return 0;
}

/* The FILE of --backup may be left out, and a TARGET may follow: the next word
** is the FILE if it is no target, as far as can be seen, or if command and target
** are there. */
static int line_is_optional_value(const Shell *shell, const char *next)
{
    return next && !line_is_option(next)
        && (strpbrk(next, "/\\") || line_is_database(next)
            || shell->nword >= 2);
}

/* Whether value is one of choices, "all|each". */
static int line_is_choice(const char *choices, const char *value)
{
    size_t n = strlen(value);

    while (*choices) {
        size_t nchoice = strcspn(choices, "|");
        if (nchoice == n && strncmp(choices, value, n) == 0)
            return 1;
        choices += nchoice + (choices[nchoice] == '|');
    }
    return 0;
}

static int line_is_value(const Option *option, const char *value)
{
    switch (option->kind) {
    case OPTION_PAIRS:
        return *value != '=' && strchr(value, '=');
    case OPTION_CHOICE:
        return line_is_choice(option->value, value);
    default:
        return 1;
    }
}

/* Takes the value of option id from what is attached to it, or from next.
** Returns how many arguments after its own it has used. */
static int line_take(
    Shell *shell, OptionId id, const char *attached, const char *next)
{
    const Option *option = &OPTIONS[id];
    const char *value = attached ? attached : next;
    char name[32] = {'-', option->letter};

    if (option->name)
        sqlite3_snprintf(sizeof name, name, "--%s", option->name);
    if (option->kind == OPTION_FLAG)
        value = NULL;
    if (option->kind == OPTION_OPTIONAL && !attached)
        value = line_is_optional_value(shell, next) ? next : NULL;

    if (option->kind == OPTION_FLAG && attached)
        fail(shell, "usage: %s takes no value", name);
    if (!value && option->kind > OPTION_OPTIONAL)
        fail(shell, "usage: %s needs a value: %s %s",
            name, name, option->value);
    if (value && !line_is_value(option, value))
        fail(shell, "usage: %s takes %s, not \"%s\"",
            name, option->value, value);
    line_push_option(shell, id, value);
    return value && !attached;
}

/* --name, --name=value, --name value */
static int line_take_long(Shell *shell, const char *arg, const char *next)
{
    size_t n = strcspn(arg, "=");
    Guess guess = {arg, (int)n, NULL, 0};
    int id;

    for (id = 0; id < OPT_COUNT; id++) {
        const char *name = OPTIONS[id].name;
        if (!name)
            continue;
        if (strncmp(name, arg, n) == 0 && !name[n])
            return line_take(shell, id, arg[n] ? arg + n + 1 : NULL, next);
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
static int line_take_letters(Shell *shell, const char *arg, const char *next)
{
    for (; *arg && !shell->error; arg++) {
        int id = 0;
        while (id < OPT_COUNT && OPTIONS[id].letter != *arg)
            id++;
        if (id == OPT_COUNT)
            fail(shell, "usage: no option -%c; \"migrate help\" lists them",
                *arg);
        else if (OPTIONS[id].kind == OPTION_FLAG)
            line_push_option(shell, id, NULL);
        else
            return line_take(shell, id, arg[1] ? arg + 1 : NULL, next);
    }
    return 0;
}

void line_read(Shell *shell, int argc, char **argv)
{
    int is_literal = 0;         /* after "--" */
    int i;

    shell->words = argv;
    for (i = 1; i < argc && !shell->error; i++) {
        char *arg = argv[i];
        const char *next = argv[i + 1];     /* argv ends with NULL */
        if (is_literal || !line_is_option(arg))
            shell->words[shell->nword++] = arg;
        else if (strcmp(arg, "--") == 0)
            is_literal = 1;
        else if (arg[1] == '-')
            i += line_take_long(shell, arg + 2, next);
        else
            i += line_take_letters(shell, arg + 1, next);
    }
}

const char *line_next(Shell *shell)
{
    if (!shell->nword)
        return NULL;
    shell->nword--;
    return *shell->words++;
}

const char *line_word(const Shell *shell, int i, const char *otherwise)
{
    return i < shell->nword ? shell->words[i] : otherwise;
}

char *line_words(Shell *shell)
{
    char *words = sqlite3_mprintf("%s", line_word(shell, 0, ""));
    int i;

    for (i = 1; i < shell->nword && words; i++)
        words = sqlite3_mprintf("%z %s", words, shell->words[i]);
    if (!words)
        fail(shell, "no-memory: out of memory");
    return words;
}
