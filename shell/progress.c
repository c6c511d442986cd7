/*
** What the extension does, while it does it.
**
** For a person there is a line for each revision on standard error, the
** statements too if he asks for them, and a bar instead where the lines would
** run away.  For a dry run the same events are printed as SQL on standard
** output, with the rows that each table lost or gained as comments.
*/
#include "shell.h"

#include <string.h>

enum {
    PROGRESS_NBAR = 20,         /* more steps than this are shown as a bar */
    PROGRESS_PAGES = 1000,      /* and so are more pages, or rows, than this */
    PROGRESS_WAIT = 500,        /* milliseconds of waiting that go unsaid */
    PROGRESS_WIDTH = 30
};

/* How many rows of a table a step changed. */
typedef struct Total Total;
struct Total {
    char *table;
    sqlite3_int64 nrow;
    Total *next;
};

struct Progress {
    migrate_progress hook;
    int is_dry, is_quiet, is_verbose;
    int is_terminal;
    int is_waiting;             /* that it waits for a lock has been said */
    int nfilled;                /* how much of the bar is drawn; -1: no bar */
    int nhidden;                /* the steps that only the bar has shown */
    Total *totals;              /* of this step, in order of appearance */
};

/* ---- the bar */

static void bar_clear(Progress *progress)
{
    if (progress->nfilled >= 0)
        fputs("\r\033[K", stderr);
    progress->nfilled = -1;
}

/* Redraws the bar if it has grown. */
static void bar_draw(Progress *progress, const char *what,
    sqlite3_int64 ndone, sqlite3_int64 ntotal)
{
    int nfilled = (int)(ndone * PROGRESS_WIDTH / (ntotal ? ntotal : 1));
    int i;

    if (nfilled == progress->nfilled)
        return;
    fputs("\r[", stderr);
    for (i = 0; i < PROGRESS_WIDTH; i++)
        fputc(i < nfilled ? '#' : '.', stderr);
    fprintf(stderr, "] %lld/%lld %s\033[K",
        (long long)ndone, (long long)ntotal, what);
    fflush(stderr);
    progress->nfilled = nfilled;
}

/* ---- the totals of a step */

static void totals_add(Progress *progress, const char *table, sqlite3_int64 n)
{
    Total **at = &progress->totals;

    while (*at && strcmp((*at)->table, table) != 0)
        at = &(*at)->next;
    if (!*at) {
        Total *total = sqlite3_malloc64(sizeof *total + strlen(table) + 1);
        if (!total)
            return;             /* a comment less */
        total->table = strcpy((char *)(total + 1), table);
        total->nrow = 0;
        total->next = NULL;
        *at = total;
    }
    (*at)->nrow += n;
}

/* Forgets the totals, and prints them if is_print. */
static void totals_end(Progress *progress, int is_print)
{
    while (progress->totals) {
        Total *total = progress->totals;
        if (is_print)
            printf("-- %s: %lld %s\n", total->table, (long long)total->nrow,
                total->nrow == 1 ? "row" : "rows");
        progress->totals = total->next;
        sqlite3_free(total);
    }
}

/* ---- the events */

/* "a -> b, message": from where to where the step goes. */
static void progress_print_step(FILE *out, const migrate_event *event)
{
    int is_down = strcmp(event->zOperation, "downgrade") == 0;
    const char *down = event->zDownRevisions ? event->zDownRevisions : "";
    const char *id = event->zRevision ? event->zRevision : "";
    const char *message = event->zMessage ? event->zMessage : "";

    fprintf(out, "%s -> %s%s%s\n", is_down ? id : down, is_down ? down : id,
        *message ? ", " : "", message);
}

static void progress_print_sql(FILE *out, const char *sql)
{
    size_t n = strlen(sql);

    while (n && strchr(" \t\r\n", sql[n - 1]))
        n--;
    if (n)
        fprintf(out, "%.*s%s\n", (int)n, sql, sql[n - 1] == ';' ? "" : ";");
}

static void progress_dry(Progress *progress, const migrate_event *event)
{
    switch (event->eType) {
    case MIGRATE_EVENT_STEP:
        totals_end(progress, 0);
        printf("-- %s ", event->zOperation);
        progress_print_step(stdout, event);
        break;
    case MIGRATE_EVENT_STATEMENT:
        if (event->zSql)
            progress_print_sql(stdout, event->zSql);
        if (event->zTable && event->nChange)
            totals_add(progress, event->zTable, event->nChange);
        break;
    case MIGRATE_EVENT_STEP_DONE:
        totals_end(progress, 1);
        putchar('\n');
        break;
    default:
        break;
    }
}

static void progress_step(Progress *progress, const migrate_event *event)
{
    /* Alembic's word for the operation */
    int is_stamp = strcmp(event->zOperation, "stamp") == 0;
    const char *name = is_stamp ? "stamp_revision" : event->zOperation;

    if (progress->is_terminal && !progress->is_verbose
            && event->nTotal > PROGRESS_NBAR) {
        bar_draw(progress, event->zOperation, event->nDone, event->nTotal);
        progress->nhidden++;
        return;
    }
    bar_clear(progress);
    fprintf(stderr, "Running %s ", name);
    progress_print_step(stderr, event);
}

/* A part of a step that takes long: copied pages, moved rows. */
static void progress_part(
    Progress *progress, const migrate_event *event, const char *what)
{
    if (progress->is_terminal && event->nTotal > PROGRESS_PAGES)
        bar_draw(progress, what, event->nDone, event->nTotal);
    if (event->nDone >= event->nTotal)
        bar_clear(progress);
}

static void progress_wait(Progress *progress, const migrate_event *event)
{
    if (progress->is_waiting || event->nDone < PROGRESS_WAIT)
        return;
    bar_clear(progress);
    fprintf(stderr, "Waiting for another writer, %.1f s at most\n",
        (double)event->nTotal / 1000);
    progress->is_waiting = 1;
}

static void progress_person(Progress *progress, const migrate_event *event)
{
    switch (event->eType) {
    case MIGRATE_EVENT_WAITING:
        progress_wait(progress, event);
        break;
    case MIGRATE_EVENT_STEP:
        progress_step(progress, event);
        break;
    case MIGRATE_EVENT_STATEMENT:
        if (progress->is_verbose && event->zSql)
            progress_print_sql(stderr, event->zSql);
        break;
    case MIGRATE_EVENT_BACKUP:
        progress_part(progress, event, "backup");
        if (event->nDone >= event->nTotal && event->zSql)
            fprintf(stderr, "Backup %s\n", event->zSql);
        break;
    case MIGRATE_EVENT_ALTER:
        progress_part(progress, event, event->zTable ? event->zTable : "");
        break;
    case MIGRATE_EVENT_STEP_DONE:
        break;
    }
}

static int progress_event(void *context, const migrate_event *event)
{
    Progress *progress = context;

    if (progress->is_dry)
        progress_dry(progress, event);
    else if (!progress->is_quiet)
        progress_person(progress, event);
    return platform_is_interrupted();
}

/* ---- its life */

Progress *progress_start(Shell *shell, int is_dry)
{
    sqlite3_stmt *stmt = query(shell, "SELECT migrate_progress(?)", NULL);
    Progress *progress = sqlite3_malloc64(sizeof *progress);

    if (!progress)
        fail(shell, "no-memory: out of memory");
    if (!shell->error) {
        memset(progress, 0, sizeof *progress);
        progress->hook.iVersion = 1;
        progress->hook.xEvent = progress_event;
        progress->hook.pContext = progress;
        progress->is_dry = is_dry;
        progress->is_quiet = option_is_given(shell, OPT_QUIET);
        progress->is_verbose = option_is_given(shell, OPT_VERBOSE);
        progress->is_terminal = platform_is_terminal(stderr);
        progress->nfilled = -1;
        sqlite3_bind_pointer(
            stmt, 1, &progress->hook, "migrate_progress", NULL);
        query_next(shell, stmt);
    }
    sqlite3_finalize(stmt);
    return progress;
}

void progress_finish(Shell *shell, Progress *progress)
{
    sqlite3_stmt *stmt = NULL;

    if (!progress)
        return;
    bar_clear(progress);
    totals_end(progress, 0);
    if (progress->nhidden && !shell->error)
        fprintf(stderr, "Ran %d revisions\n", progress->nhidden);
    /* after a failure too: the hook goes with its memory */
    sqlite3_prepare_v2(
        shell->db, "SELECT migrate_progress(NULL)", -1, &stmt, NULL);
    sqlite3_step(stmt);
    sqlite3_finalize(stmt);
    sqlite3_free(progress);
}
