/*
** migrate_revisions: a row for each revision of the source, newest first as
** `history` prints, then for each that only the database knows.
**
** As a function, migrate_revisions('A:B') has the rows of `history -r A:B`, and
** migrate_revisions(TARGET) those of `show TARGET`.
*/
#include "table.h"

#include "../base/json.h"
#include "../graph/order.h"
#include "../run/applied.h"

enum {
    REVISIONS_REVISION, REVISIONS_DOWN, REVISIONS_DEPENDS, REVISIONS_LABELS,
    REVISIONS_MESSAGE, REVISIONS_CREATED, REVISIONS_IS_BASE, REVISIONS_IS_HEAD,
    REVISIONS_IS_BRANCH_POINT, REVISIONS_IS_MERGE_POINT, REVISIONS_IS_CURRENT,
    REVISIONS_IS_APPLIED, REVISIONS_STATE, REVISIONS_APPLIED_AT,
    REVISIONS_CHECKSUM, REVISIONS_APPLIED_CHECKSUM, REVISIONS_PATH, REVISIONS_DOC,
    REVISIONS_UPGRADE, REVISIONS_DOWNGRADE, REVISIONS_ARG,
    REVISIONS_IS_EFFECTIVE_HEAD
};

static const char *const revisionsColumns =
    "revision TEXT,"
    "down_revisions JSON,"      /* ids */
    "depends_on JSON,"          /* ids and labels, as the author wrote them */
    "branch_labels JSON,"       /* its own and those of its branch, in order */
    "message TEXT,"
    "created_at TEXT,"          /* UTC, ISO 8601 */
    "is_base BOOLEAN,"
    "is_head BOOLEAN,"
    "is_branch_point BOOLEAN,"
    "is_merge_point BOOLEAN,"
    "is_current BOOLEAN,"       /* `current` prints it */
    "is_applied BOOLEAN,"
    "state TEXT,"               /* pending, applied, modified, missing */
    "applied_at TEXT,"          /* UTC, ISO 8601 */
    "checksum TEXT,"            /* of the file */
    "applied_checksum TEXT,"    /* of the file as it was applied */
    "path TEXT,"
    "doc TEXT,"                 /* the message and the prose after it */
    "upgrade_sql TEXT,"
    "downgrade_sql TEXT,"       /* NULL: irreversible */
    "range TEXT HIDDEN,"        /* the argument: the first hidden column */
    "is_effective_head BOOLEAN HIDDEN";     /* nothing depends on it either */

typedef struct Revisions {
    Project project;
    Applied applied;
    Nodes rows;                 /* the source's revisions to list, in order, */
    Names missing;              /* then those only the database knows */
    Names version;              /* the version rows */
    unsigned char *is_applied;  /* of each node */
    unsigned char *is_current;
} Revisions;

/* The version rows as nodes.  A row that the source does not know is missing, and
** so are the revisions below it, as the log has them; below those the source may
** know some again. */
static Nodes revisionsRows(Arena *a, Revisions *v, sqlite3 *db)
{
    Nodes nodes = {0};
    Names todo = {0};
    int i;

    for (i = 0; i < v->version.n; i++)
        names_push(a, &todo, v->version.v[i]);
    for (i = 0; i < todo.n && ok(a); i++) {
        int node = graph_find(v->project.graph, todo.v[i]);
        int mark = map_find(&v->applied.by_id, todo.v[i]);
        sqlite3_stmt *stmt;

        if (node >= 0) {
            nodes_push(a, &nodes, node);
            continue;
        }
        if (names_find(&v->missing, todo.v[i]) >= 0)
            continue;
        names_push(a, &v->missing, todo.v[i]);
        if (mark < 0 || !v->applied.marks.v[mark].down_revisions.n)
            continue;
        /* the log is a table that anybody may write */
        stmt = db_prepare(a, db, "SELECT value FROM json_each(iif(json_valid(%Q), "
            "%Q, '[]')) WHERE type = 'text'",
            v->applied.marks.v[mark].down_revisions.z,
            v->applied.marks.v[mark].down_revisions.z);
        while (db_step(a, stmt))
            names_push(a, &todo, db_text(a, stmt, 0));
        db_finish(stmt);
    }
    return nodes;
}

static void revisionsOpen(TableCursor *cursor, const Text *arg)
{
    Arena *a = &cursor->a;
    sqlite3 *db = cursor->session->db;
    Revisions *v = ARENA_NEW(a, Revisions, 1);
    const Graph *g;
    Nodes rows, current;
    int i;

    if (!v)
        return;
    cursor->data = v;
    project_open(a, &v->project, cursor->session);
    if (!ok(a))
        return;
    g = v->project.graph;
    v->version = history_rows(a, db, settings_text(&v->project.source.settings,
                                                   SETTING_VERSION_TABLE));
    v->applied = applied_read(a, db);
    rows = revisionsRows(a, v, db);
    nodes_sort(a, g, &rows);
    v->is_applied = graph_reach(a, g, &rows, WAY_BELOW);
    v->is_current = ARENA_NEW(a, unsigned char, graph_count(g) + 1);
    if (ok(a))
        applied_match(a, &v->applied, &v->project, v->is_applied);
    if (!ok(a))
        return;
    current = target_current(a, g, &rows);
    for (i = 0; i < current.n; i++)
        v->is_current[current.v[i]] = 1;
    if (!arg[0].z) {
        v->rows = order_newest_first(a, g, NULL);
        cursor->nrow = v->rows.n + v->missing.n;
        return;
    }
    v->rows = text_find(arg[0], ':') >= 0 ? target_range(a, g, arg[0], &rows)
            : target_resolve(a, g, arg[0], &rows);
    cursor->nrow = v->rows.n;
}

/* Of a revision that only the database knows. */
static void revisionsMissing(const Revisions *v, sqlite3_context *context,
                             Text id, int column)
{
    const HistoryMark *mark = applied_find(&v->applied, id);

    switch (column) {
    case REVISIONS_REVISION:
        table_result(context, id);
        break;
    case REVISIONS_DOWN:
        table_result_z(context, mark && mark->down_revisions.z
                       ? mark->down_revisions.z : "[]");
        break;
    case REVISIONS_DEPENDS:
    case REVISIONS_LABELS:
        table_result_z(context, "[]");
        break;
    case REVISIONS_MESSAGE:
        table_result_z(context, mark ? mark->message.z : NULL);
        break;
    case REVISIONS_IS_CURRENT:
        sqlite3_result_int(context, names_find(&v->version, id) >= 0);
        break;
    case REVISIONS_IS_APPLIED:
        sqlite3_result_int(context, 1);
        break;
    case REVISIONS_STATE:
        table_result_z(context, "missing");
        break;
    case REVISIONS_APPLIED_AT:
        table_result_z(context, mark ? mark->applied_at.z : NULL);
        break;
    case REVISIONS_APPLIED_CHECKSUM:
        table_result_z(context, mark ? mark->checksum.z : NULL);
        break;
    case REVISIONS_IS_BASE: case REVISIONS_IS_HEAD:
    case REVISIONS_IS_BRANCH_POINT: case REVISIONS_IS_MERGE_POINT:
    case REVISIONS_IS_EFFECTIVE_HEAD:
        sqlite3_result_int(context, 0);
        break;
    default:
        break;
    }
}

static const char *revisionsState(Arena *a, const Revisions *v, int node)
{
    int file = v->applied.file[node];
    const HistoryMark *mark = file < 0 ? NULL : v->applied.mark[file];
    char hex[DIGEST_HEX];

    if (!v->is_applied[node])
        return "pending";
    if (!mark || !mark->checksum.n)
        return "applied";
    source_checksum(a, &v->project.source, file, hex);
    return text_is(mark->checksum, hex) ? "applied" : "modified";
}

/* The time of the Created header in UTC. */
static void revisionsCreated(Arena *a, sqlite3_context *context, Text created)
{
    sqlite3_stmt *stmt = created.n == 0 ? NULL
        : db_prepare(a, sqlite3_context_db_handle(context),
                     "SELECT strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', %.*Q)",
                     TEXT_ARG(created));

    if (db_step(a, stmt))
        table_result(context, db_text(a, stmt, 0));
    db_finish(stmt);
}

static void revisionsFile(Arena *a, const Revisions *v, sqlite3_context *context,
                          int node, int column)
{
    const Source *source = &v->project.source;
    char hex[DIGEST_HEX];
    const Section *section;
    Body body;

    if (column == REVISIONS_CHECKSUM) {
        source_checksum(a, source, node, hex);
        if (ok(a))
            table_result_z(context, hex);
        return;
    }
    body = source_body(a, source, node);
    section = &body.v[column == REVISIONS_UPGRADE ? SECTION_UP : SECTION_DOWN];
    if (ok(a) && section->is_given) {
        Text text = text_trim(section->text);
        table_result(context, text.n ? text : text_of(""));
    }
}

static void revisionsKnown(Arena *a, const Revisions *v, sqlite3_context *context,
                           int node, int column)
{
    const Revision *revision = &v->project.source.v[node];
    const Graph *g = v->project.graph;
    const HistoryMark *mark = v->is_applied[node]
        ? applied_node(a, &v->applied, g, node) : NULL;
    Nodes parents;
    Names names;

    switch (column) {
    case REVISIONS_REVISION:
        table_result(context, revision->id);
        break;
    case REVISIONS_DOWN:
        /* as the graph has them: ids that are listed, squashed or not */
        parents = graph_edges(g, node, WAY_PARENTS);
        names = nodes_ids(a, g, &parents);
        table_result_z(context, json_names(a, &names));
        break;
    case REVISIONS_DEPENDS:
        table_result_z(context, json_names(a, &revision->depends));
        break;
    case REVISIONS_LABELS:
        names = graph_labels(a, g, node);
        table_result_z(context, json_names(a, &names));
        break;
    case REVISIONS_MESSAGE:
        table_result(context, revision->message.z ? revision->message : text_of(""));
        break;
    case REVISIONS_CREATED:
        revisionsCreated(a, context, revision->created);
        break;
    case REVISIONS_IS_BASE:
        sqlite3_result_int(context, graph_is_base(g, node));
        break;
    case REVISIONS_IS_HEAD:
        sqlite3_result_int(context, graph_is_head(g, node));
        break;
    case REVISIONS_IS_BRANCH_POINT:
        sqlite3_result_int(context, graph_is_branch_point(g, node));
        break;
    case REVISIONS_IS_MERGE_POINT:
        sqlite3_result_int(context, graph_is_merge_point(g, node));
        break;
    case REVISIONS_IS_CURRENT:
        sqlite3_result_int(context, v->is_current[node]);
        break;
    case REVISIONS_IS_APPLIED:
        sqlite3_result_int(context, v->is_applied[node]);
        break;
    case REVISIONS_STATE:
        table_result_z(context, revisionsState(a, v, node));
        break;
    case REVISIONS_APPLIED_AT:
        table_result_z(context, mark ? mark->applied_at.z : NULL);
        break;
    case REVISIONS_APPLIED_CHECKSUM:
        table_result_z(context, mark ? mark->checksum.z : NULL);
        break;
    case REVISIONS_PATH:
        table_result_z(context, revision->path);
        break;
    case REVISIONS_DOC:
        table_result(context, revision->doc.z ? revision->doc : text_of(""));
        break;
    case REVISIONS_IS_EFFECTIVE_HEAD:
        sqlite3_result_int(context, graph_is_effective_head(g, node));
        break;
    default:
        revisionsFile(a, v, context, node, column);
        break;
    }
}

static void revisionsColumn(TableCursor *cursor, sqlite3_context *context,
                            int column)
{
    const Revisions *v = cursor->data;
    Arena a;                    /* what a value needs goes at once */

    arena_init(&a, &cursor->err);
    if (cursor->row < v->rows.n)
        revisionsKnown(&a, v, context, v->rows.v[cursor->row], column);
    else
        revisionsMissing(v, context, v->missing.v[cursor->row - v->rows.n], column);
    arena_release(&a);
}

MIG_FUNC const TableDef tableRevisions = {
    "migrate_revisions", revisionsColumns, REVISIONS_ARG, 1, revisionsOpen,
    revisionsColumn
};
