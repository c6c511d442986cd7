/*
** The commands: the table of them, and which was chosen.
*/
#include "shell.h"

#include <string.h>

#define RUN_OPTIONS \
    (OPT(SQL) | OPT(DRY_RUN) | OPT(BACKUP) | OPT(TRANSACTION))
#define WRITE_OPTIONS \
    (OPT(MESSAGE) | OPT(SPLICE) | OPT(BRANCH_LABEL) | OPT(DEPENDS_ON) \
        | OPT(REV_ID) | OPT(VERSION_PATH) | OPT(EDIT))
#define ANY -1

/* In the order in which help lists them. */
const Command COMMANDS[] = {
    {.summary = "Revisions"},
    {"init", "[DIR]", 0, 1, NEED_IF_THERE, 0, command_init,
        "make a new source",
        "Writes a new source: migrate.ini, template.sql, README, versions/,\n"
        "and schema.sql, which is the schema of the database if there is\n"
        "one.  DIR is by default what --source names, or ./migrations.\n"},
    {"revision", "-m MSG", 0, 0, NEED_NOTHING,
        WRITE_OPTIONS | OPT(AUTOGENERATE) | OPT(HEAD) | OPT(RENAME)
            | OPT(PLAIN) | OPT(ALLOW_EMPTY), command_revision,
        "write a new revision file",
        "Writes a revision that follows the head, and prints its path.  Fill\n"
        "in what it does below \"-- migrate:up\", and what undoes it below\n"
        "\"-- migrate:down\".\n"
        "\n"
        "    migrate revision -m \"add role to users\"\n"},
    {"merge", "REV... -m MSG", 1, ANY, NEED_NOTHING, WRITE_OPTIONS,
        command_merge,
        "write a revision that joins branches",
        "Writes a revision that follows every REV, and prints its path.\n"
        "\n"
        "    migrate merge heads -m \"join api and web\"\n"},
    {"squash", "A:B -m MSG", 1, 1, NEED_NOTHING,
        OPT(MESSAGE) | OPT(BRANCH_LABEL) | OPT(REV_ID) | OPT(VERSION_PATH)
            | OPT(EDIT), command_squash,
        "write one revision that replaces a range",
        "Writes a revision that does what A to B do, both included, and\n"
        "prints its path.  The files of the range may be deleted once every\n"
        "database is past it; until then the new one is for those that are\n"
        "before it.\n"
        "\n"
        "    migrate squash base:b2c3 -m \"the first year\"\n"},
    {"edit", "REV", 1, 1, NEED_IF_THERE, 0, command_edit,
        "open a revision file in $VISUAL or $EDITOR",
        "Opens the file of a revision in $VISUAL, $EDITOR or vi.\n"},
    {"dump", "", 0, 0, NEED_EXISTING, 0, command_dump,
        "print the schema of the database as a model",
        "Prints the schema of the database, in an order that does not depend\n"
        "on what was made first: fit to be the model, and to be versioned.\n"
        "\n"
        "    migrate dump > migrations/schema.sql\n"},
    {"bundle", "-o FILE", 0, 0, NEED_NOTHING, OPT(OUTPUT) | OPT(FORMAT),
        command_bundle,
        "write the source as one file",
        "Writes settings, model and revisions as one file, which --source\n"
        "takes like the directory, and prints its path.  FORMAT is sqlite, the\n"
        "default, or c: a C file to compile into a program.\n"
        "\n"
        "    migrate bundle -o app.bundle\n"
        "    minisign -S -m app.bundle   sign it, for --trusted-key\n"},

    {.summary = "The database"},
    {"upgrade", "[TARGET]", 0, 1, NEED_CREATE, RUN_OPTIONS, command_upgrade,
        "apply revisions, up to head",
        "Applies, in order, what TARGET needs and the database has not: all\n"
        "of it or nothing.  The database is made if it is not there.\n"
        "\n"
        "    migrate upgrade             to head, where there is only one\n"
        "    migrate upgrade heads       to the end of every branch\n"
        "    migrate upgrade b2c3        to a revision, by its id's start\n"
        "    migrate upgrade +2          two revisions on\n"
        "    migrate upgrade api@head    to the end of the branch api\n"
        "    migrate upgrade a1:b2 --sql the script between two revisions\n"},
    {"downgrade", "TARGET", 1, 1, NEED_EXISTING, RUN_OPTIONS,
        command_downgrade,
        "undo revisions, down to a target",
        "Undoes, in order, what was applied after TARGET.\n"
        "\n"
        "    migrate downgrade -1        the last revision\n"
        "    migrate downgrade b2c3      what came after b2c3\n"
        "    migrate downgrade base      everything\n"},
    {"stamp", "TARGET...", 1, ANY, NEED_CREATE, OPT(PURGE) | OPT(SQL),
        command_stamp,
        "set the version without running anything",
        "Records that the database is at TARGET, and runs nothing.\n"
        "\n"
        "    migrate stamp head          for a database made from schema.sql\n"
        "    migrate stamp base          as if nothing had been applied\n"},
    {"sync", "", 0, 0, NEED_CREATE, RUN_OPTIONS, command_sync,
        "make the database match the source",
        "Undoes what was applied and the source does not have, by the\n"
        "downgrades that the database keeps, then applies what is pending.\n"
        "For a device whose firmware was rolled back.\n"},
    {"startup", "", 0, 0, NEED_STARTUP, 0, command_startup,
        "upgrade in development, else warn",
        "With ENVIRONMENT=development and DB_AUTO_MIGRATE=true (or 1, yes, on)\n"
        "applies what is pending; otherwise changes nothing and warns if\n"
        "something is.\n"},

    {.summary = "Listings"},
    {"current", "", 0, 0, NEED_EXISTING, OPT(CHECK_HEADS) | OPT(JSON),
        command_current,
        "what the database is at",
        "Lists the revisions that the database is at, if any.\n"},
    {"heads", "", 0, 0, NEED_IF_THERE, OPT(RESOLVE_DEPENDENCIES) | OPT(JSON),
        command_heads,
        "the revisions that none follows",
        "Lists the revisions that no other one follows.\n"},
    {"branches", "", 0, 0, NEED_IF_THERE, OPT(JSON), command_branches,
        "the revisions that several follow",
        "Lists the revisions where branches part, and what follows each.\n"},
    {"history", "", 0, 0, NEED_IF_THERE,
        OPT(RANGE) | OPT(INDICATE_CURRENT) | OPT(JSON), command_history,
        "the revisions, newest first",
        "Lists the revisions, newest first.\n"
        "\n"
        "    migrate history -r current:     what is not applied yet\n"
        "    migrate history -r -2:current   the last three that are\n"},
    {"show", "REV", 1, 1, NEED_IF_THERE, OPT(JSON), command_show,
        "a revision in full",
        "Shows a revision: its place in the graph, its path, its text.\n"},
    {"status", "", 0, 0, NEED_EXISTING, OPT(JSON), command_status,
        "where the database is and what to do",
        "Shows where the database and the source are, what is pending, what\n"
        "is wrong, and the command to run.\n"},
    {"log", "", 0, 0, NEED_EXISTING, OPT(JSON), command_log,
        "what was run on the database, newest last",
        "Lists what was run on the database, newest last, failures too.\n"},

    {.summary = "Checks"},
    {"verify", "[REV...]", 0, ANY, NEED_EXISTING, OPT(ACCEPT) | OPT(JSON),
        command_verify,
        "whether applied revisions are as they were",
        "Lists the applied revisions whose file is no longer what was\n"
        "applied (modified) or is not there (missing), and exits with 3 if\n"
        "there are any.\n"
        "\n"
        "    migrate verify --accept     take every changed file as it is\n"
        "    migrate verify --accept b2  take this one, and list the others\n"},
    {"check", "", 0, 0, NEED_EXISTING, OPT(JSON), command_check,
        "whether the model and the database differ",
        "Lists what the model has and the database has not, and the other\n"
        "way round, and exits with 3 if there is anything: if \"revision\n"
        "--autogenerate\" would write something.\n"},
    {"diff", "[MODEL]", 0, 1, NEED_EXISTING, OPT(JSON), command_diff,
        "what differs between the model and the database",
        "Lists the same as check.  MODEL is a file of CREATE statements, a\n"
        "directory of them, or a database; by default what the setting model\n"
        "names.  A ! marks what loses rows or values.\n"
        "\n"
        "    migrate diff other.db       what would make this one like other.db\n"},
    {"test", "[TARGET]", 0, 1, NEED_IF_THERE, OPT(JSON), command_test,
        "run every revision up, down and up again",
        "Runs every revision up, down and up again on a scratch database,\n"
        "with the rows of seed.sql if it is beside migrate.ini, compares the\n"
        "schema each time, and exits with 3 if something is wrong.  No other\n"
        "database is touched.\n"
        "\n"
        "    migrate test                every revision\n"
        "    migrate test b2c3           b2c3 and what it stands on\n"
        "    migrate test current:head   what is pending, and where it starts\n"},
    {"lint", "", 0, 0, NEED_IF_THERE, OPT(JSON), command_lint,
        "dangers in pending revisions",
        "Lists what is dangerous in the revisions that the database has not,\n"
        "or in all if there is none: rows that are lost, what fails on rows,\n"
        "what cannot be undone.  Exits with 3 if there is anything.  A\n"
        "comment in the file, on the statement's line or above it, allows it:\n"
        "\n"
        "    -- lint:allow drop-table: nobody uses it any more\n"},

    {.summary = "This program"},
    {"help", "[COMMAND]", 0, 1, NEED_NOTHING, 0, NULL,
        "how to use migrate, or a command",
        "Says how to use migrate, or a command.\n"},
};

const int NCOMMAND = sizeof COMMANDS / sizeof *COMMANDS;

static const Command *command_find(const char *name)
{
    int i;

    for (i = 0; i < NCOMMAND; i++)
        if (COMMANDS[i].name && strcmp(COMMANDS[i].name, name) == 0)
            return &COMMANDS[i];
    return NULL;
}

/* ---- the one that was chosen */

static const Command *command_get(Shell *shell, const char *name)
{
    Guess guess = {name, (int)strlen(name), NULL, 0};
    const Command *command = command_find(name);
    int i;

    for (i = 0; i < NCOMMAND && !command; i++)
        if (COMMANDS[i].name)
            guess_offer(&guess, COMMANDS[i].name);
    if (!command && guess.name)
        fail(shell, "usage: no command \"%s\"; did you mean \"%s\"?",
            name, guess.name);
    if (!command)
        fail(shell, "usage: no command \"%s\"; \"migrate help\" lists them",
            name);
    return command;
}

static void command_check_words(Shell *shell)
{
    const Command *command = shell->command;
    const char *words = *command->words ? command->words : "no words";

    if (shell->nword < command->nmin)
        fail(shell, "usage: %s needs %s; \"migrate help %s\" says more",
            command->name, words, command->name);
    if (command->nmax != ANY && shell->nword > command->nmax)
        fail(shell, "usage: %s takes %s, \"%s\" is too much; "
            "\"migrate help %s\" says more",
            command->name, words, shell->words[command->nmax], command->name);
}

static void command_check_options(Shell *shell)
{
    const Command *command = shell->command;
    uint64_t allowed = (OPT_GLOBAL & ~OPT(JSON)) | command->options;
    int i;

    for (i = 0; i < shell->ngiven; i++)
        if (!(allowed >> shell->given[i].id & 1))
            fail(shell, "usage: %s has no --%s; "
                "\"migrate help %s\" lists what it has", command->name,
                OPTIONS[shell->given[i].id].name, command->name);
    if (allowed & OPT(MESSAGE) && !option_is_given(shell, OPT_MESSAGE))
        fail(shell, "usage: %s needs -m MSG: what the revision does, in a line",
            command->name);
    if (allowed & OPT(OUTPUT) && !option_is_given(shell, OPT_OUTPUT))
        fail(shell, "usage: %s needs -o FILE: where to write", command->name);
    if (option_is_given(shell, OPT_SQL) && option_is_given(shell, OPT_DRY_RUN))
        fail(shell, "usage: --sql prints without running, --dry-run runs "
            "without keeping: give one of them");
    if (allowed & OPT(ACCEPT) && !option_is_given(shell, OPT_ACCEPT)
            && shell->nword)
        fail(shell, "usage: %s takes REV only with --accept", command->name);
}

void command_choose(Shell *shell)
{
    const char *name = line_next(shell);

    if (!name) {
        if (!option_is_given(shell, OPT_HELP))
            fail(shell, "usage: no command; \"migrate help\" lists them");
        return;
    }
    shell->command = command_get(shell, name);
    if (shell->error || option_is_given(shell, OPT_HELP))
        return;
    command_check_words(shell);
    command_check_options(shell);
    if (!shell->command->run) {         /* help: the command is its word */
        name = line_next(shell);
        shell->command = name ? command_get(shell, name) : NULL;
        line_push_option(shell, OPT_HELP, NULL);
    }
}
