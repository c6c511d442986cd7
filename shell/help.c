/*
** Usage, made of the tables of commands and options.
*/
#include "shell.h"

#include <string.h>

static const char FOOT[] =
    "\n"
    "A TARGET is head, heads, base, current, an id or the start of one, +N,\n"
    "-N, REV+N, BRANCH@head; a range is A:B.\n"
    "\"migrate help COMMAND\" says more.\n";

/* "  -s, --source PATH" into line, which has room for every option. */
static void help_option_name(char *line, int n, const Option *option)
{
    int is_optional = option->kind == OPTION_OPTIONAL;
    char letter[] = "   ";

    if (option->letter)
        sqlite3_snprintf(sizeof letter, letter, "-%c%s",
            option->letter, option->name ? "," : "");
    sqlite3_snprintf(n, line, "  %s%s%s%s%s%s", letter,
        option->name ? " --" : "",
        option->name ? option->name : "",
        !option->value ? "" : is_optional ? " [" : " ",
        option->value ? option->value : "",
        is_optional ? "]" : "");
}

/* A line for each option in set, aligned. */
static void help_options(FILE *out, uint64_t set)
{
    char line[80];
    int width = 0;
    int id;

    for (id = 0; id < OPT_COUNT; id++) {
        if (!(set >> id & 1))
            continue;
        help_option_name(line, sizeof line, &OPTIONS[id]);
        if ((int)strlen(line) > width)
            width = (int)strlen(line);
    }
    for (id = 0; id < OPT_COUNT; id++) {
        if (!(set >> id & 1))
            continue;
        help_option_name(line, sizeof line, &OPTIONS[id]);
        fprintf(out, "%-*s  %s\n", width, line, OPTIONS[id].help);
    }
}

static void help_commands(FILE *out)
{
    char line[80];
    int i;

    for (i = 0; i < NCOMMAND; i++) {
        const Command *command = &COMMANDS[i];
        if (!command->name) {
            fprintf(out, "\n%s\n", command->summary);
            continue;
        }
        sqlite3_snprintf(sizeof line, line, "%s %s",
            command->name, command->words);
        fprintf(out, "  %-20s  %s\n", line, command->summary);
    }
}

static void help_program(FILE *out)
{
    fputs("usage: migrate [options] command [options]\n\n"
        "Schema migrations for SQLite, inside SQLite.\n", out);
    help_commands(out);
    fputs("\nOptions of every command\n", out);
    help_options(out, OPT_GLOBAL);
    fputs(FOOT, out);
}

static void help_command(FILE *out, const Command *command)
{
    fprintf(out, "usage: migrate %s%s%s [options]\n\n%s",
        command->name, *command->words ? " " : "", command->words,
        command->help);
    if (command->options & ~OPT_GLOBAL) {
        fputs("\nOptions\n", out);
        help_options(out, command->options & ~OPT_GLOBAL);
    }
    fputs("\nOptions of every command\n", out);
    help_options(out, OPT_GLOBAL & (command->options | ~OPT(JSON)));
}

void help_print(FILE *out, const Command *command)
{
    if (command)
        help_command(out, command);
    else
        help_program(out);
}

void help_version(FILE *out)
{
    fprintf(out, "migrate %s (SQLite %s)\n",
        MIGRATE_VERSION, sqlite3_libversion());
}
