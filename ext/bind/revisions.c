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
    Project source;             /* what has files */
    Project all;                /* with what only the database knows: the nodes of
                                ** source have the same numbers there */
    Applied applied;
    Nodes rows;                 /* the nodes to list, in order */
    unsigned char *is_applied;  /* of each node */
    unsigned char *is_current;
} Revisions;

/* The project in which a node has its place among the revisions of its listing. */
static const Project *revisionsProject(const Revisions *v, int node)
{
    return project_is_missing(&v->source, node) ? &v->all : &v->source;
}

/* All nodes: those of the source, then those that are missing. */
static Nodes revisionsAll(Arena *a, const Revisions *v)
{
    Nodes nodes = order_newest_first(a, v->source.graph, NULL);
    int i;

    for (i = v->source.source.n; i < graph_count(v->all.graph); i++)
        nodes_push(a, &nodes, i);
    return nodes;
}

static void revisionsMark(Arena *a, Revisions *v, const Nodes *rows)
{
    const Graph *g = v->all.graph;
    Nodes current = target_current(a, g, rows);
    int i;

    v->is_applied = graph_reach(a, g, rows, WAY_BELOW);
    v->is_current = ARENA_NEW(a, unsigned char, graph_count(g) + 1);
    if (ok(a))
        applied_match(a, &v->applied, v->all.graph, v->is_applied);
    for (i = 0; ok(a) && i < current.n; i++)
        v->is_current[current.v[i]] = 1;
}

static void revisionsOpen(TableCursor *cursor, const Text *arg)
{
    Arena *a = &cursor->a;
    sqlite3 *db = cursor->session->db;
    Revisions *v = ARENA_NEW(a, Revisions, 1);
    Names version;
    Nodes rows;

    if (!v)
        return;
    cursor->data = v;
    project_open(a, &v->source, cursor->session);
    if (!ok(a))
        return;
    v->all = v->source;
    version = history_any_rows(a, db, settings_text(&v->source.source.settings,
                                                    SETTING_VERSION_TABLE));
    v->applied = applied_read(a, db);
    if (ok(a))
        project_unite(a, &v->all, db, &version);
    rows = project_rows(a, &v->all, db, &version);
    revisionsMark(a, v, &rows);
    if (!ok(a))
        return;
    if (!arg[0].z)
        v->rows = revisionsAll(a, v);
    else
        v->rows = text_find(arg[0], ':') >= 0
                ? target_range(a, v->all.graph, arg[0], &rows)
                : target_resolve(a, v->all.graph, arg[0], &rows);
    cursor->nrow = v->rows.n;
}

static const char *revisionsState(Arena *a, const Revisions *v, int node)
{
    int file = v->applied.file[node];
    const HistoryMark *mark = file < 0 ? NULL : v->applied.mark[file];
    char hex[DIGEST_HEX];

    if (!v->is_applied[node])
        return "pending";
    if (project_is_missing(&v->all, node))
        return "missing";
    if (!mark || !mark->checksum.n)
        return "applied";
    project_checksum(a, &v->all, file, hex);
    return text_is(mark->checksum, hex) ? "applied" : "modified";
}

/* The time of the Created header in UTC. */
static void revisionsCreated(Arena *a, sqlite3_context *context, Text created)
{
    sqlite3_stmt *stmt = created.n == 0 ? NULL
        : db_prepare(a, sqlite3_context_db_handle(context),
                     "SELECT strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', %TQ)",
                     created);

    if (db_step(a, stmt))
        table_result(context, db_text(a, stmt, 0));
    db_finish(stmt);
}

/* What a file says, or what was kept of it. */
static void revisionsFile(Arena *a, const Revisions *v, sqlite3_context *context,
                          int node, int column)
{
    char hex[DIGEST_HEX];
    const Section *section;
    Body body;

    if (column == REVISIONS_CHECKSUM) {
        if (project_is_missing(&v->all, node))
            return;
        project_checksum(a, &v->all, node, hex);
        if (ok(a))
            table_result_z(context, hex);
        return;
    }
    body = project_body(a, &v->all, node);
    section = &body.v[column == REVISIONS_UPGRADE ? SECTION_UP : SECTION_DOWN];
    if (ok(a) && section->is_given) {
        Text text = text_trim(section->text);
        table_result(context, text.n ? text : text_of(""));
    }
}

static void revisionsValue(Arena *a, const Revisions *v, sqlite3_context *context,
                           int node, int column)
{
    const Revision *revision = project_revision(&v->all, node);
    const Graph *g = revisionsProject(v, node)->graph;
    int is_missing = project_is_missing(&v->all, node);
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
        table_result(context, revision->message.z || is_missing ? revision->message
                              : text_of(""));
        break;
    case REVISIONS_CREATED:
        revisionsCreated(a, context, revision->created);
        break;
    case REVISIONS_IS_BASE:
        sqlite3_result_int(context, graph_is_base(g, node));
        break;
    case REVISIONS_IS_HEAD:
        sqlite3_result_int(context, !is_missing && graph_is_head(g, node));
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
        if (!is_missing)
            table_result(context, revision->doc.z ? revision->doc : text_of(""));
        break;
    case REVISIONS_IS_EFFECTIVE_HEAD:
        sqlite3_result_int(context, !is_missing && graph_is_effective_head(g, node));
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
    revisionsValue(&a, v, context, v->rows.v[cursor->row], column);
    arena_release(&a);
}

MIG_FUNC const TableDef tableRevisions = {
    "migrate_revisions", revisionsColumns, REVISIONS_ARG, 1, 0, revisionsOpen,
    revisionsColumn
};
