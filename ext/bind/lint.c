/*
** migrate_lint: a row for each danger in a pending revision.
*/
#include "authoring.h"

#include "../run/lint.h"

enum { LINT_REVISION, LINT_CODE, LINT_LINE, LINT_MESSAGE, LINT_FILE, LINT_ARG };

static void lintOpen(TableCursor *cursor, const Text *arg)
{
    LintFindings *findings = ARENA_NEW(&cursor->a, LintFindings, 1);

    (void)arg;
    if (!findings)
        return;
    *findings = lint_run(&cursor->a, cursor->session);
    cursor->data = findings;
    cursor->nrow = findings->n;
}

static void lintColumn(TableCursor *cursor, sqlite3_context *context, int column)
{
    const LintFinding *f = &((LintFindings *)cursor->data)->v[cursor->row];

    switch (column) {
    case LINT_REVISION:
        table_result(context, f->revision);
        break;
    case LINT_LINE:
        sqlite3_result_int(context, f->line);
        break;
    default:
        table_result_z(context, column == LINT_CODE ? f->code
                       : column == LINT_MESSAGE ? f->message : f->name);
        break;
    }
}

MIG_FUNC const TableDef tableLint = {
    "migrate_lint",
    "revision TEXT,"
    "code TEXT,"                /* README has them all */
    "line INTEGER,"
    "message TEXT,"
    "file TEXT HIDDEN",         /* as messages name it */
    LINT_ARG, 0, 1, lintOpen, lintColumn
};
