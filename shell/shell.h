/*
** The program `migrate`: options in, SQL, rows out.
**
** It opens a database, loads the extension and runs SQL that a user could have
** typed; whatever it knows about migrations it asks the extension.
**
**     platform.c  terminals, signals, editors, paths; every #if for a platform
**     fail.c      the first failure, and the exit status it means
**     guess.c     "did you mean"
**     json.c      rows for programs
**     table.c     rows for people
**     query.c     a statement: texts in, rows out
**     options.c   the options, as a table, and which were given
**     line.c      the command line, read against that table
**     connect.c   from a name to an open database with the extension in it
**     progress.c  what runs, while it runs
**     change.c    upgrade, downgrade, sync, startup, stamp
**     write.c     init, revision, merge, squash, edit, dump, bundle
**     list.c      current, heads, branches, history, show: as Alembic prints
**     inspect.c   status, log, verify
**     diff.c      check, diff
**     check.c     test, lint
**     commands.c  the commands, as a table, and which was chosen
**     help.c      usage, made of the two tables
**     main.c      one run
**
** Lower in this list uses higher only.
**
** A Shell is one run of the program.  Whoever can fail tells it (fail.c), does
** nothing once it has failed, and returns something harmless, so that steps
** follow one another and main() alone decides how to end.
*/
#ifndef SHELL_H
#define SHELL_H

#include "migrate.h"

#include <stdint.h>
#include <stdio.h>

/* How the program ends. */
enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_FOUND = 3,             /* a check found something */
    EXIT_INTERRUPTED = 130
};

typedef struct Shell Shell;

/* ---- options.c */

/* In the order in which help lists them. */
typedef enum OptionId {
    /* every command takes these */
    OPT_SOURCE, OPT_DATABASE, OPT_NAME, OPT_X, OPT_QUIET, OPT_VERBOSE,
    OPT_JSON, OPT_COLOR, OPT_EXTENSION, OPT_TRUSTED_KEY, OPT_VERSION, OPT_HELP,
    /* some do */
    OPT_MESSAGE, OPT_AUTOGENERATE, OPT_HEAD, OPT_SPLICE, OPT_BRANCH_LABEL,
    OPT_DEPENDS_ON, OPT_REV_ID, OPT_VERSION_PATH, OPT_RENAME, OPT_PLAIN,
    OPT_ALLOW_EMPTY, OPT_EDIT, OPT_SQL, OPT_DRY_RUN, OPT_BACKUP,
    OPT_TRANSACTION, OPT_PURGE, OPT_CHECK_HEADS, OPT_RESOLVE_DEPENDENCIES,
    OPT_RANGE, OPT_INDICATE_CURRENT, OPT_ACCEPT, OPT_OUTPUT, OPT_FORMAT,
    OPT_COUNT
} OptionId;

#define OPT(id) ((uint64_t)1 << OPT_##id)
#define OPT_GLOBAL (OPT(MESSAGE) - 1)

typedef enum OptionKind {
    OPTION_FLAG,
    OPTION_OPTIONAL,            /* with a value or without */
    OPTION_VALUE,               /* the last one given counts */
    OPTION_CHOICE,              /* as well, and it is one of a few: "a|b" */
    OPTION_LIST,                /* each one given counts */
    OPTION_PAIRS                /* a list of NAME=VALUE */
} OptionKind;

typedef struct Option {
    char letter;                /* 0 if it has no short form */
    const char *name;
    OptionKind kind;
    const char *value;          /* what usage calls its value */
    const char *help;
} Option;

extern const Option OPTIONS[OPT_COUNT];

/* An option that was typed. */
typedef struct Given {
    OptionId id;
    const char *value;          /* NULL if it has none */
} Given;

/* Whether the option was given. */
int option_is_given(const Shell *shell, OptionId id);

/* The value that was given last, or NULL. */
const char *option_value(const Shell *shell, OptionId id);

/* The options given that are in set, as the JSON object which functions of the
** extension take: {"rev_id":"a1","depends_on":["b2"],"splice":true}. */
char *options_json(Shell *shell, uint64_t set);

/* ---- line.c */

/* Reads the command line: fills in the options given, and the words, the first
** of which is the command. */
void line_read(Shell *shell, int argc, char **argv);

/* Adds an option as if it had been typed last. */
void line_push_option(Shell *shell, OptionId id, const char *value);

/* Takes the first of the words away.  NULL if there is none. */
const char *line_next(Shell *shell);

/* The word at i, or otherwise. */
const char *line_word(const Shell *shell, int i, const char *otherwise);

/* All words, with blanks between, from sqlite3_malloc(); "" if there are none.
*/
char *line_words(Shell *shell);

/* ---- guess.c */

/* The search for the name that somebody meant who typed another. */
typedef struct Guess {
    const char *typed;          /* not terminated: n bytes */
    int n;
    const char *name;           /* the nearest so far; NULL if none is near */
    int distance;
} Guess;

/* Considers name. */
void guess_offer(Guess *guess, const char *name);

/* ---- commands.c */

typedef enum Need {
    NEED_NOTHING,               /* works without a database */
    NEED_IF_THERE,              /* uses the database if there is one */
    NEED_EXISTING,              /* no database is an error */
    NEED_CREATE,                /* no database is made one */
    NEED_STARTUP                /* one is made if a start upgrades */
} Need;

typedef struct Command {
    const char *name;           /* NULL: a heading of the list, in summary */
    const char *words;          /* the words it takes, as usage shows them */
    int nmin, nmax;             /* how many */
    Need need;
    uint64_t options;           /* a set of OPT() */
    void (*run)(Shell *shell);  /* NULL: help, which needs no database */
    const char *summary;        /* what it does, in the list of commands */
    const char *help;           /* and in its own page */
} Command;

extern const Command COMMANDS[];
extern const int NCOMMAND;

/* Sets shell->command to what the first word names, and checks whether words
** and options fit it.  "help NAME" becomes "NAME --help". */
void command_choose(Shell *shell);

struct Shell {
    const char *program;        /* argv[0] */
    const Command *command;     /* NULL: only --help or --version was asked */
    char **words;               /* what follows the command */
    int nword;
    Given *given;
    int ngiven;
    sqlite3 *db;                /* with the extension loaded; NULL: not yet */
    char *database;             /* what db is, as sqlite3_open_v2() takes it;
                                ** NULL: in memory, for want of a database */
    char *error;                /* the first failure: "code: message" */
    int status;                 /* what to exit with */
};

/* ---- help.c */

/* How to use command, or, if it is NULL, the program. */
void help_print(FILE *out, const Command *command);
void help_version(FILE *out);

/* ---- fail.c */

/* Records a failure, unless there is one.  The text is "code: message"; the
** format is that of sqlite3_mprintf(). */
void fail(Shell *shell, const char *format, ...);

/* Records what db has just failed with.  The extension's messages have their
** code; SQLite's own are given one, and where, unless NULL, is put before. */
void fail_sqlite(Shell *shell, sqlite3 *db, const char *where);

/* The first failure, in one line, to standard error. */
void fail_print(Shell *shell, int is_coloured);

/* ---- query.c */

/* A statement with the texts that follow bound to its parameters, in order;
** NULL binds NULL.  The caller finalizes it.  NULL after a failure, for which
** an sql of NULL stands too: memory ran out where it was made. */
sqlite3_stmt *query(Shell *shell, const char *sql, ...);

/* Steps to the next row; false at the end and on failure. */
int query_next(Shell *shell, sqlite3_stmt *stmt);

/* The text of a column, until the next step; "" if it is NULL. */
const char *query_column(Shell *shell, sqlite3_stmt *stmt, int column);

/* Runs a statement.  Its first value as text, from sqlite3_malloc(); NULL if
** that is NULL, if there is no row, and on failure. */
char *query_text(Shell *shell, const char *sql, ...);

/* Runs a statement.  Its first value as a number; 0 like NULL above. */
sqlite3_int64 query_int(Shell *shell, const char *sql, ...);

/* ---- connect.c */

/* Opens what the command needs, with the extension loaded and told of the
** options.  Sets shell->db and shell->database. */
void connect_open(Shell *shell);
void connect_close(Shell *shell);

/* ---- the commands */

void command_upgrade(Shell *shell);     /* change.c */
void command_downgrade(Shell *shell);
void command_sync(Shell *shell);
void command_startup(Shell *shell);
void command_stamp(Shell *shell);
void command_init(Shell *shell);        /* write.c */
void command_revision(Shell *shell);
void command_merge(Shell *shell);
void command_squash(Shell *shell);
void command_dump(Shell *shell);
void command_edit(Shell *shell);
void command_bundle(Shell *shell);
void command_current(Shell *shell);     /* list.c */
void command_heads(Shell *shell);
void command_branches(Shell *shell);
void command_history(Shell *shell);
void command_show(Shell *shell);
void command_status(Shell *shell);      /* inspect.c */
void command_log(Shell *shell);
void command_verify(Shell *shell);
void command_check(Shell *shell);       /* diff.c */
void command_diff(Shell *shell);
void command_test(Shell *shell);        /* check.c */
void command_lint(Shell *shell);

/* ---- table.c */

/* Prints the rows that are left of stmt in aligned columns under their names;
** nothing if there are none.  Returns how many there were. */
int table_print(Shell *shell, sqlite3_stmt *stmt);

/* ---- json.c */

/* The rows that are left of stmt as an array of objects, a row a line, from
** sqlite3_malloc(); NULL after a failure.  Columns declared JSON are embedded as
** they are.  Sets *nrow to how many there were. */
char *json_rows(Shell *shell, sqlite3_stmt *stmt, int *nrow);

/* Prints them; nothing after a failure, since half of an array is no JSON.
** Returns how many there were. */
int json_print(Shell *shell, sqlite3_stmt *stmt);

/* Prints JSON and an end of line.  What is no UTF-8 in it, as a database or the
** name of a file may have it, becomes U+FFFD. */
void json_put(const char *text);

/* Appends text as a JSON string, quotes included; null if it is NULL. */
void json_string(sqlite3_str *out, const char *text);

/* ---- progress.c */

typedef struct Progress Progress;

/* Prints, until progress_finish(), what the extension does: for a person on
** standard error, or, if is_dry, as SQL on standard output. */
Progress *progress_start(Shell *shell, int is_dry);
void progress_finish(Shell *shell, Progress *progress);

/* ---- platform.c */

extern const char PLATFORM_LIBRARY[];   /* "migrate.so" */

/* From now on an interrupt is remembered, and stops what runs on the connection
** that is watched; a second one ends the program.  A closed pipe is an error of
** the write, not the end. */
void platform_catch(void);
void platform_watch(sqlite3 *db);       /* NULL: none */
int platform_is_interrupted(void);

int platform_is_terminal(FILE *file);
int platform_is_file(const char *path);

/* Whether sqlite3_open_v2() failed because there is no such file. */
int platform_is_missing(sqlite3 *db);

/* Why it failed: what the system said, if it was asked. */
const char *platform_reason(sqlite3 *db);

/* The directory of the running program, from sqlite3_malloc(); NULL if it
** cannot be told. */
char *platform_directory(const char *program);

/* Lets the user edit a file; false if the editor failed. */
int platform_edit(const char *path);

#endif
