/*
** Dangers in pending revisions.  See lint.h.
*/
#include "lint.h"

#include "../schema/scratch.h"
#include "danger.h"
#include "foreign.h"

/* What a comment allows. */
typedef struct LintAllow {
    int line;
    Text codes;             /* "drop-table, not-null" */
} LintAllow;

typedef struct Lint {
    Arena *a;
    sqlite3 *db, *scratch;
    int foreign_keys;       /* as the settings have them */
    const Revision *revision;
    Body body;
    int offset, line;       /* where lintLine() is; the first line is 0 */
    LintAllow *allow;       /* in the file at hand */
    int nallow, capallow;
    int first_line;         /* of its first directive */
    LintFindings found;
} Lint;

/* ---- what is allowed */

/* The line of a byte, counted from the last one that was asked for. */
static int lintLine(Lint *l, int offset)
{
    if (offset < l->offset)
        l->offset = l->line = 0;
    for (; l->offset < offset; l->offset++)
        l->line += l->body.file.z[l->offset] == '\n';
    return l->line + 1;
}

static void lintReadAllow(Lint *l)
{
    static const char prefix[] = "lint:allow ";
    int offset = 0;
    Token token;

    l->nallow = l->offset = l->line = 0;
    while ((token = token_next(l->body.file, &offset)).kind != TOKEN_END) {
        LintAllow allow;
        Text rest = text_trim(text_slice(token.text, 2, token.text.n));
        if (token.kind != TOKEN_COMMENT || !text_starts(rest, prefix))
            continue;
        rest = text_slice(rest, (int)sizeof prefix - 1, rest.n);
        allow.codes = text_cut(&rest, ':');
        allow.line = lintLine(l, token.offset);
        if (ARENA_PUSH(l->a, l->allow, l->nallow, l->capallow))
            l->allow[l->nallow++] = allow;
    }
}

/* The line of a section's directive: the one before its text. */
static int lintDirective(Lint *l, SectionKind kind)
{
    return lintLine(l, (int)(l->body.v[kind].text.z - l->body.file.z)) - 1;
}

/* Whether a code is allowed from one line to another, or for all of the file. */
static int lintIsAllowed(const Lint *l, const char *code, int from, int to)
{
    int i;

    for (i = 0; i < l->nallow; i++) {
        int line = l->allow[i].line;
        Text codes = l->allow[i].codes;
        while (codes.z && (line < l->first_line || (line >= from && line <= to)))
            if (text_is(text_trim(text_cut(&codes, ',')), code))
                return 1;
    }
    return 0;
}

static void lintPush(Lint *l, const char *code, int line, int from, int to,
                     const char *message)
{
    LintFinding finding;

    finding.revision = l->revision->id;
    finding.name = l->revision->name;
    finding.code = code;
    finding.line = line;
    finding.message = message;
    if (ok(l->a) && !lintIsAllowed(l, code, from, to)
        && ARENA_PUSH(l->a, l->found.v, l->found.n, l->found.cap))
        l->found.v[l->found.n++] = finding;
}

/* Of a section as a whole. */
static void lintPushSection(Lint *l, const char *code, SectionKind kind,
                            const char *message)
{
    lintPush(l, code, lintDirective(l, kind), 1, lintLine(l, l->body.file.n),
             message);
}

/* ---- statements */

static int lintLastLine(Lint *l, const Item *item)
{
    return lintLine(l, item->offset + item->statement.sql.n);
}

/* The statements of a section, one after the other. */
static void lintSection(Lint *l, SectionKind kind, Dangers *d)
{
    const Section *section = &l->body.v[kind];
    int from = section->is_given ? lintDirective(l, kind) : 0, i, j;

    d->is_up = kind == SECTION_UP;
    d->foreign_keys = l->foreign_keys && !section->no_foreign_keys;
    foreign_switch(l->scratch, d->foreign_keys);
    for (i = 0; i < section->n && ok(l->a); i++) {
        const Item *item = &section->v[i];
        int first = lintLine(l, item->offset), last;
        if (item->kind != ITEM_STATEMENT)
            continue;
        last = lintLastLine(l, item);
        d->n = 0;
        danger_find(d, section, i);
        for (j = 0; j < d->n; j++)
            lintPush(l, d->v[j].code, lintLine(l, d->v[j].offset),
                     first < from ? first : from, last, d->v[j].message);
        from = last + 1;
    }
}

/* ---- a revision as a whole */

/* The views that do not work, by name. */
static Names lintBroken(Lint *l)
{
    sqlite3_stmt *stmt = db_prepare(l->a, l->scratch, "SELECT name FROM "
                                    "main.sqlite_schema WHERE type = 'view' "
                                    "ORDER BY name");
    Names broken = {NULL, 0, 0};

    while (db_step(l->a, stmt)) {
        Text name = db_text(l->a, stmt, 0);
        char *sql = text_format(l->a, "SELECT * FROM main.\"%Tw\"", name);
        sqlite3_stmt *view = NULL;
        if (sqlite3_prepare_v2(l->scratch, sql, -1, &view, NULL) == SQLITE_ERROR)
            names_push(l->a, &broken, name);
        sqlite3_finalize(view);
    }
    db_finish(stmt);
    return broken;
}

static void lintViews(Lint *l, const Names *before)
{
    Names after = lintBroken(l);
    int i;

    for (i = 0; i < after.n; i++)
        if (names_find(before, after.v[i]) < 0)
            lintPushSection(l, "broken-view", SECTION_UP, text_format(
                l->a, "the view %Ts does not work any more after this",
                after.v[i]));
}

static void lintDowngrade(Lint *l)
{
    const Section *up = &l->body.v[SECTION_UP], *down = &l->body.v[SECTION_DOWN];

    if (!down->is_given)
        lintPushSection(l, "no-down", SECTION_UP, "there is no section \"-- migrate:down\": "
                        "this cannot be undone");
    else if (down->n == 0 && up->n > 0)
        lintPushSection(l, "empty-down", SECTION_DOWN, "the downgrade is empty, and the "
                        "upgrade is not: nothing is undone");
}

/* transaction:false, of which a failure leaves a half. */
static void lintAlone(Lint *l, SectionKind kind)
{
    const Section *section = &l->body.v[kind];

    if (section->no_transaction && section->n > 1)
        lintPushSection(l, "half-done", kind, text_format(l->a, "%d statements "
            "outside of a transaction: a failure leaves the first of them done; "
            "keep here only what cannot run in one", section->n));
}

/* By line, from the first of this revision on; what is on one line keeps its order. */
static void lintSort(Lint *l, int first)
{
    int i, j;

    for (i = first + 1; i < l->found.n; i++) {
        LintFinding finding = l->found.v[i];
        for (j = i; j > first && l->found.v[j - 1].line > finding.line; j--)
            l->found.v[j] = l->found.v[j - 1];
        l->found.v[j] = finding;
    }
}

static void lintRevision(Lint *l)
{
    Dangers d = {0};
    Names before = lintBroken(l);
    int first = l->found.n, kind;

    d.a = l->a;
    d.db = l->db;
    d.scratch = l->scratch;
    lintReadAllow(l);
    l->first_line = lintDirective(l, SECTION_UP);
    for (kind = 0; kind < SECTION_COUNT; kind++)
        if (l->body.v[kind].is_given && lintDirective(l, kind) < l->first_line)
            l->first_line = lintDirective(l, kind);
    lintDowngrade(l);
    lintAlone(l, SECTION_UP);
    lintAlone(l, SECTION_DOWN);
    lintSection(l, SECTION_UP, &d);
    lintViews(l, &before);
    lintSection(l, SECTION_DOWN, &d);
    lintSort(l, first);
}

/* A copy of the schema; or of everything, where that cannot be made again, for it has
** modules or functions of a host. */
static sqlite3 *lintScratch(Arena *a, sqlite3 *db)
{
    sqlite3 *scratch = scratch_open(a, db, SCRATCH_SCHEMA);

    if (scratch || a->err->code != ERR_SQL)
        return scratch;
    err_release(a->err);
    return scratch_open(a, db, SCRATCH_ROWS);
}

MIG_FUNC LintFindings lint_run(Arena *a, Session *session)
{
    LintFindings none = {NULL, 0, 0};
    const Settings *settings;
    Project project;
    Lint l = {0};
    Names version;
    Nodes rows;
    Goal goal;
    Plan plan;
    int i;

    project_open(a, &project, session);
    if (!ok(a))
        return none;
    settings = &project.source.settings;
    version = history_rows(a, session->db, settings_text(settings,
                                                         SETTING_VERSION_TABLE));
    rows = project_rows(a, &project, session->db, &version);
    if (!ok(a))
        return none;
    goal = goal_upgrade(a, project.graph, &rows, text_of("heads"));
    plan = plan_build(a, project.graph, &rows, &goal);
    l.a = a;
    l.db = session->db;
    l.foreign_keys = settings_is_on(settings, SETTING_FOREIGN_KEYS);
    l.scratch = lintScratch(a, session->db);
    for (i = 0; i < plan.n && ok(a); i++) {
        l.revision = project_revision(&project, plan.v[i].node);
        l.body = project_body(a, &project, plan.v[i].node);
        if (ok(a))
            lintRevision(&l);
    }
    scratch_close(l.scratch);
    return l.found;
}
