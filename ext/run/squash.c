/*
** Squashing.  See squash.h.
*/
#include "squash.h"

#include "../base/file.h"
#include "../graph/replace.h"
#include "../schema/scratch.h"
#include "course.h"
#include "execute.h"

typedef struct Squash {
    Arena *a;
    Session *session;
    Project project;
    unsigned char *in;      /* by node: it is in the range */
    Nodes line;             /* what is squashed, oldest first */
    Body *body;             /* of each */
} Squash;

static const Revision *squashRevision(const Squash *s, int i)
{
    return &s->project.source.v[s->line.v[i]];
}

/* ---- the line ---- */

/* Reports what hangs on the inside of the line: on node, which is not its last. */
static void squashCheckAbove(Squash *s, int node)
{
    const Graph *g = s->project.graph;
    Nodes above = graph_edges(g, node, WAY_ABOVE), out = {0};
    Nodes one = {&node, 1, 1};
    int i;

    for (i = 0; i < above.n; i++)
        if (!s->in[above.v[i]])
            nodes_push(s->a, &out, above.v[i]);
    if (out.n)
        err_add(s->a->err, ERR_BAD_RANGE, "%s is inside the range, and %s follows "
                "it or depends on it; squash up to there, or from there on",
                nodes_text(s->a, g, &one), nodes_text(s->a, g, &out));
}

/* nodes are the range, newest first: each must revise the next, and that alone. */
static void squashCheckLine(Squash *s, const Nodes *nodes)
{
    const Graph *g = s->project.graph;
    int i;

    for (i = 0; i < nodes->n && ok(s->a); i++) {
        Nodes one = {nodes->v + i, 1, 1}, two = {nodes->v + i + 1, 1, 1};
        Nodes below = graph_edges(g, nodes->v[i], WAY_PARENTS);
        if (i > 0)
            squashCheckAbove(s, nodes->v[i]);
        if (i + 1 == nodes->n || !ok(s->a))
            break;
        if (below.n > 1)
            err_add(s->a->err, ERR_BAD_RANGE, "%s is inside the range and merges "
                    "%s; squash up to there, or from there on",
                    nodes_text(s->a, g, &one), nodes_text(s->a, g, &below));
        else if (below.n == 0 || below.v[0] != two.v[0])
            err_add(s->a->err, ERR_BAD_RANGE, "the range is no single line: %s does "
                    "not revise %s", nodes_text(s->a, g, &one),
                    nodes_text(s->a, g, &two));
    }
}

/* Is node on the line of a squashed revision that is in the range, too?  Then that
** one stands for it. */
static int squashIsDone(const Squash *s, int node)
{
    const Replaces *r = graph_replaces(s->project.graph);

    if (r->n == 0)
        return 0;
    while ((node = r->owner[node]) >= 0)
        if (s->in[node])
            return 1;
    return 0;
}

static void squashReadLine(Squash *s, Text range)
{
    const Graph *g = s->project.graph;
    Nodes none = {0}, nodes = target_range(s->a, g, range, &none);
    int i;

    s->in = ARENA_NEW(s->a, unsigned char, graph_count(g));
    for (i = 0; i < nodes.n && s->in; i++)
        s->in[nodes.v[i]] = 1;
    if (ok(s->a))
        squashCheckLine(s, &nodes);
    for (i = nodes.n - 1; i >= 0 && ok(s->a); i--)
        if (!squashIsDone(s, nodes.v[i]))
            nodes_push(s->a, &s->line, nodes.v[i]);
    if (s->line.n < 2 && ok(s->a))
        err_set(s->a->err, ERR_BAD_RANGE, "'%Ts' is %s; there is nothing to squash",
                range, s->line.n ? "one revision" : "no revision");
    s->body = ok(s->a) ? ARENA_NEW(s->a, Body, s->line.n) : NULL;
    for (i = 0; s->body && i < s->line.n && ok(s->a); i++)
        s->body[i] = source_body(s->a, &s->project.source, s->line.v[i]);
}

/* ---- its sections ---- */

static const char squashDirective[SECTION_COUNT][7] = {"up", "verify", "down"};

/* Whether all of the line has a section, or any; an empty one counts. */
static int squashHas(const Squash *s, SectionKind kind, int all)
{
    int i;

    for (i = 0; i < s->line.n; i++)
        if (s->body[i].v[kind].is_given != all)
            return !all;
    return all;
}

/* Whether the sections have foreign_keys:off: they are one afterwards, and those
** with statements in them must agree. */
static int squashIsUnkeyed(Squash *s, SectionKind kind)
{
    const Body *first = NULL;
    int i, is_unkeyed = 0;

    for (i = 0; i < s->line.n && ok(s->a); i++) {
        const Section *section = &s->body[i].v[kind];
        if (section->n == 0)
            continue;
        if (first && section->no_foreign_keys != is_unkeyed)
            err_set(s->a->err, ERR_UNSUPPORTED, "the section \"-- migrate:%s\" of "
                    "%s has foreign_keys:off and that of %s has not; squash them "
                    "apart", squashDirective[kind],
                    is_unkeyed ? first->name : s->body[i].name,
                    is_unkeyed ? s->body[i].name : first->name);
        first = &s->body[i];
        is_unkeyed = section->no_foreign_keys;
    }
    return is_unkeyed;
}

static void squashCheckTransactions(Squash *s, SectionKind kind)
{
    int i;

    for (i = 0; i < s->line.n; i++)
        if (s->body[i].v[kind].no_transaction)
            err_add(s->a->err, ERR_UNSUPPORTED, "the section \"-- migrate:%s\" of "
                    "%s has transaction:false, and cannot be put together with "
                    "others; squash up to there, or from there on",
                    squashDirective[kind], s->body[i].name);
}

/* The offset in text at which a semicolon is missing after its last statement, or
** -1. */
static int squashOpenEnd(const Section *section, Text text)
{
    const Item *last = section->n ? &section->v[section->n - 1] : NULL;
    int end, at;

    if (!last || last->kind != ITEM_STATEMENT)
        return -1;
    at = end = (int)(last->statement.sql.z + last->statement.sql.n - text.z);
    return token_next_solid(text, &at).kind == TOKEN_SEMICOLON ? -1 : end;
}

/* Appends the sections of one kind, each under the name of its revision.  left_out,
** if it is not NULL, tells those that are only named. */
static void squashWriteParts(Squash *s, sqlite3_str *out, SectionKind kind,
                             const unsigned char *left_out)
{
    int i;

    for (i = 0; i < s->line.n; i++) {
        int which = kind == SECTION_DOWN ? s->line.n - 1 - i : i;
        const Revision *revision = squashRevision(s, which);
        const Section *section = &s->body[which].v[kind];
        Text text = text_trim(section->text);
        int end = squashOpenEnd(section, text);

        if (text.n == 0)
            continue;
        text_append(out, "\n-- %Ts: %Ts\n", revision->id, revision->message);
        if (left_out && left_out[which])
            text_append(out, "-- What it verifies does not hold at the "
                        "end of the line.\n");
        else if (end < 0)
            text_append(out, "%Ts\n", text);
        else
            text_append(out, "%.*s;%.*s\n", end, text.z, text.n - end, text.z + end);
    }
}

/* All sections.  left_out tells the verify sections that do not hold at the line's
** end; NULL for none. */
static const char *squashWrite(Squash *s, const unsigned char *left_out)
{
    sqlite3_str *out;
    int kind, unkeyed[SECTION_COUNT];

    for (kind = 0; kind < SECTION_COUNT; kind++) {
        squashCheckTransactions(s, kind);
        unkeyed[kind] = squashIsUnkeyed(s, kind);
    }
    if (!ok(s->a))
        return "";
    out = text_begin();
    for (kind = 0; kind < SECTION_COUNT; kind++) {
        if (!squashHas(s, kind, kind != SECTION_VERIFY))
            continue;               /* irreversible, or nothing to verify */
        text_append(out, "%s-- migrate:%s%s\n", kind ? "\n" : "",
                    squashDirective[kind],
                    unkeyed[kind] ? " foreign_keys:off" : "");
        squashWriteParts(s, out, kind, kind == SECTION_VERIFY ? left_out : NULL);
    }
    return text_finish(s->a, out);
}

/* ---- the draft ---- */

/* Adds the names that are not there yet. */
static void squashAddNames(Arena *a, Names *to, const Names *from)
{
    int i;

    for (i = 0; i < from->n; i++)
        if (names_find(to, from->v[i]) < 0)
            names_push(a, to, from->v[i]);
}

/* What the line depends on outside of itself. */
static void squashDepends(Squash *s, Draft *draft)
{
    const Graph *g = s->project.graph;
    int i, j;

    for (i = 0; i < s->line.n; i++) {
        const Names *depends = &squashRevision(s, i)->depends;
        for (j = 0; j < depends->n; j++) {
            Text name = depends->v[j];
            int node = graph_find(g, name);
            if (node < 0)
                node = graph_find_label(g, name);
            if ((node < 0 || !s->in[node])
                && names_find(&draft->down, name) < 0
                && names_find(&draft->depends, name) < 0)
                names_push(s->a, &draft->depends, name);
        }
    }
}

static Draft squashDraft(Squash *s, Text message, const AuthorOptions *o)
{
    Draft draft = {0};
    int i;

    draft.id = author_id(s->a, s->project.graph, o);
    draft.message = message;
    draft.up = draft.undo = "";
    draft.down = squashRevision(s, 0)->down;
    squashDepends(s, &draft);
    for (i = 0; i < s->line.n; i++) {
        squashAddNames(s->a, &draft.labels, &squashRevision(s, i)->labels);
        names_push(s->a, &draft.replaces, squashRevision(s, i)->id);
    }
    squashAddNames(s->a, &draft.labels, &o->labels);
    return draft;
}

/* ---- the proof ---- */

/* A scratch database at the revision id of the project, which has been run; NULL on
** failure. */
static sqlite3 *squashRun(Squash *s, Project *project, Text id)
{
    sqlite3 *scratch = scratch_open(s->a, s->session->db, SCRATCH_EMPTY);
    Script script;
    Runner r;

    if (!scratch)
        return NULL;
    script_init(&script, db_clock(s->session->db));
    script.is_muted = script.is_exact = 1;      /* the schema is all that there is */
    runner_init(s->a, &r, s->session, project, scratch, &script);
    course_run(&r, COURSE_UP, id);
    runner_release(&r);
    script_finish(s->a, &script, "");
    if (!ok(s->a))
        err_append(s->a->err, " (while %Ts was run on a scratch database)", id);
    return scratch;
}

/* Which verify sections of the line do not hold in scratch. */
static unsigned char *squashVerify(Squash *s, sqlite3 *scratch)
{
    unsigned char *left_out = ARENA_NEW(s->a, unsigned char, s->line.n);
    Runner r;
    int i;

    for (i = 0; i < s->line.n && ok(s->a); i++) {
        Err err = {0};
        Arena a;

        arena_init(&a, &err);
        runner_init(&a, &r, s->session, &s->project, scratch, NULL);
        execute_verify(&a, &r, &s->body[i]);
        runner_release(&r);
        left_out[i] = err.code != ERR_NONE;
        if (err.code == ERR_NO_MEMORY)
            err_join(s->a->err, &err);
        arena_release(&a);
        err_release(&err);
    }
    return left_out;
}

static int squashIsSameValue(sqlite3_stmt *x, sqlite3_stmt *y, int column)
{
    int type = sqlite3_column_type(x, column);
    int n = sqlite3_column_bytes(x, column);
    double dx, dy;

    if (type != sqlite3_column_type(y, column))
        return 0;
    switch (type) {
    case SQLITE_NULL:
        return 1;
    case SQLITE_INTEGER:
        return sqlite3_column_int64(x, column) == sqlite3_column_int64(y, column);
    case SQLITE_FLOAT:
        dx = sqlite3_column_double(x, column);
        dy = sqlite3_column_double(y, column);
        return memcmp(&dx, &dy, sizeof dx) == 0;
    default:
        return n == sqlite3_column_bytes(y, column)
            && (n == 0 || memcmp(sqlite3_column_blob(x, column),
                                 sqlite3_column_blob(y, column), (size_t)n) == 0);
    }
}

/* Does a query give the same rows in both? */
static int squashIsSame(Arena *a, sqlite3 *x, sqlite3 *y, const char *sql)
{
    sqlite3_stmt *in_x = db_prepare(a, x, "%s", sql);
    sqlite3_stmt *in_y = db_prepare(a, y, "%s", sql);
    int i, more = 1, is_same = 1;

    while (more && is_same && ok(a)) {
        more = db_step(a, in_x);
        is_same = db_step(a, in_y) == more
            && sqlite3_column_count(in_x) == sqlite3_column_count(in_y);
        for (i = 0; more && is_same && i < sqlite3_column_count(in_x); i++)
            is_same = squashIsSameValue(in_x, in_y, i);
    }
    db_finish(in_x);
    db_finish(in_y);
    return is_same;
}

/* The rows of a table are the same, or they differ between two runs of the line
** itself (random(), the time), and there are as many. */
static int squashIsSameTable(Squash *s, sqlite3 *line, sqlite3 *squashed,
                             const char *name)
{
    const char *all = text_format(s->a, "SELECT * FROM main.\"%w\"", name);
    const char *count = text_format(s->a, "SELECT count(*) FROM main.\"%w\"", name);
    const Graph *g = s->project.graph;
    sqlite3 *again;
    int is_same;

    if (squashIsSame(s->a, line, squashed, all))
        return 1;
    again = squashRun(s, &s->project, graph_id(g, s->line.v[s->line.n - 1]));
    is_same = again && ok(s->a) && (squashIsSame(s->a, again, squashed, all)
        || (!squashIsSame(s->a, again, line, all)
            && squashIsSame(s->a, squashed, line, count)));
    scratch_close(again);
    return is_same;
}

static void squashCompare(Squash *s, sqlite3 *line, sqlite3 *squashed)
{
    static const char pragma[][15] = {"user_version", "application_id"};
    const char *ours = text_format(s->a, "('_migrate_log', %Q)", settings_text(
        &s->project.source.settings, SETTING_VERSION_TABLE));
    const char *what = NULL;
    sqlite3_stmt *stmt;
    size_t i;

    for (i = 0; i < sizeof pragma / sizeof *pragma; i++)
        if (!squashIsSame(s->a, line, squashed,
                          text_format(s->a, "PRAGMA %s", pragma[i])))
            what = text_format(s->a, "PRAGMA %s", pragma[i]);
    if (!squashIsSame(s->a, line, squashed, text_format(s->a,
            "SELECT type, name, tbl_name, sql FROM sqlite_schema "
            "WHERE tbl_name NOT IN %s ORDER BY type, name", ours)))
        what = "the schema";
    stmt = db_prepare(s->a, line, "SELECT name FROM sqlite_schema "
                      "WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%%' "
                      "AND name NOT IN %s ORDER BY name", ours);
    while (!what && db_step(s->a, stmt)) {
        const char *name = db_text(s->a, stmt, 0).z;
        if (!squashIsSameTable(s, line, squashed, name))
            what = text_format(s->a, "the rows of table %s", name);
    }
    db_finish(stmt);
    if (what && ok(s->a))
        err_set(s->a->err, ERR_UNPROVED, "%s would not be the same after the "
                "squashed revision as after the range; nothing was written", what);
}

MIG_FUNC const char *squash_revision(Arena *a, Session *session, Text range,
                                     Text message, const char *options)
{
    AuthorOptions o = author_options(a, session->db, options);
    Squash s = {0};
    sqlite3 *line = NULL, *squashed = NULL;
    AuthorFile file = {0};
    Draft draft;

    s.a = a;
    s.session = session;
    if (o.head.n || o.depends.n || o.splice)
        err_set(a->err, ERR_USAGE, "a squashed revision has its place from the "
                "range: it takes no head, splice or depends_on");
    if (text_trim(message).n == 0)
        err_set(a->err, ERR_USAGE, "a squashed revision needs a message");
    if (ok(a))
        project_open(a, &s.project, session);
    if (ok(a))
        tree_check_writable(a, &s.project.source.tree);
    if (ok(a))
        squashReadLine(&s, range);
    if (ok(a))
        squashWrite(&s, NULL);      /* can it be put together at all? */
    if (ok(a))
        line = squashRun(&s, &s.project, squashRevision(&s, s.line.n - 1)->id);
    if (ok(a)) {
        draft = squashDraft(&s, message, &o);
        draft.sections = squashWrite(&s, squashVerify(&s, line));
        file = author_compose(a, session, &s.project, &o, &draft);
    }
    if (ok(a))
        squashed = squashRun(&s, &file.project, draft.id);
    if (ok(a))
        squashCompare(&s, line, squashed);
    scratch_close(line);
    scratch_close(squashed);
    file_create(a, file.path, text_of(file.text));
    return ok(a) ? file.path : "";
}
