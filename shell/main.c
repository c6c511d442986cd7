/*
** One run of the program.
*/
#include "shell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void main_run(Shell *shell)
{
    const Command *command = shell->command;

    if (option_is_given(shell, OPT_VERSION)) {
        help_version(stdout);
    } else if (option_is_given(shell, OPT_HELP)) {
        help_print(stdout, command);
    } else {
        connect_open(shell);
        if (!shell->error)
            command->run(shell);
        connect_close(shell);
    }
}

/* What was printed may still be on its way to a full disk.  A reader that has
** gone away ("| head") has seen what it wanted. */
static void main_flush(Shell *shell)
{
    int is_lost = ferror(stdout);

    errno = 0;
    if (fflush(stdout) == 0 && !is_lost)
        return;
    if (errno == EPIPE)
        shell->status = shell->status ? shell->status : EXIT_FAILED;
    else
        fail(shell, "io: cannot write the output%s%s",
            errno ? ": " : "", errno ? strerror(errno) : "");
}

/* --color, as far as standard error is concerned; no-color.org for auto. */
static int main_is_coloured(const Shell *shell)
{
    const char *when = option_value(shell, OPT_COLOR);
    const char *no = getenv("NO_COLOR");

    if (!when || strcmp(when, "auto") == 0)
        return !(no && *no) && platform_is_terminal(stderr);
    return strcmp(when, "always") == 0;
}

/* What the extension says to SQLite's log; SQLite's own words are for others. */
static void main_log(void *unused, int code, const char *text)
{
    (void)unused;
    if (code == SQLITE_WARNING && strncmp(text, "migrate: ", 9) == 0)
        fprintf(stderr, "%s\n", text);
}

int main(int argc, char **argv)
{
    Shell shell = {0};

    shell.program = argv[0];
    sqlite3_config(SQLITE_CONFIG_LOG, main_log, NULL);
    platform_catch();
    if (argc == 1) {
        help_print(stderr, NULL);
        return EXIT_USAGE;
    }
    line_read(&shell, argc, argv);
    if (!shell.error && !option_is_given(&shell, OPT_VERSION))
        command_choose(&shell);
    if (!shell.error)
        main_run(&shell);
    main_flush(&shell);
    fail_print(&shell, main_is_coloured(&shell));
    sqlite3_free(shell.given);
    sqlite3_shutdown();
    return shell.status;
}
