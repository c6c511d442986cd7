/*
** A source with its graph.  See project.h.
*/
#include "project.h"

#include "../graph/build.h"
#include "../graph/replace.h"

/* ---- the graph ---- */

/* A revision as the graph wants it. */
static GraphRevision projectNode(const Revision *revision, int is_missing)
{
    GraphRevision v;

    v.id = revision->id;
    v.down = revision->down;
    v.depends = revision->depends;
    v.labels = revision->labels;
    v.replaces = revision->replaces;
    v.origin = text_of(revision->name);
    v.is_missing = is_missing;
    return v;
}

/* Whether the graph can be judged: everything was read, or only headers are wrong,
** and what is wrong with the graph is to be reported with them. */
static int projectHasGraph(const Arena *a)
{
    return ok(a) || a->err->code == ERR_BAD_REVISION
        || a->err->code == ERR_ILLEGAL_ID;
}

MIG_FUNC void project_build(Arena *a, Project *project)
{
    const Source *source = &project->source;
    const KeptList *kept = &project->kept;
    GraphRevision *v = ARENA_NEW(a, GraphRevision, source->n + kept->n);
    int i, n = 0;

    for (i = 0; v && i < source->n; i++)
        if (source->v[i].id.n)      /* else its header is wrong */
            v[n++] = projectNode(&source->v[i], 0);
    for (i = 0; v && i < kept->n; i++)
        v[n++] = projectNode(&kept->v[i].revision, 1);
    if (v)
        project->graph = graph_build(a, v, n);
    if (v && kept->n == 0)
        project->own = project->graph;
}

MIG_FUNC void project_open_at(Arena *a, Project *project, const Address *address,
                              const Config *config)
{
    memset(project, 0, sizeof *project);
    source_open(a, &project->source, address, config);
    if (projectHasGraph(a))
        project_build(a, project);
}

MIG_FUNC void project_open(Arena *a, Project *project, const Session *session)
{
    Address address = session_address(session);

    project_open_at(a, project, &address, &session->config);
}

/* ---- with what the log has kept ---- */

/* Takes from the kept revisions what the log says of their places. */
static void projectForget(KeptList *kept)
{
    static const Names none;
    int i;

    for (i = 0; i < kept->n; i++) {
        Revision *revision = &kept->v[i].revision;
        revision->down = revision->depends = revision->labels = none;
        kept->v[i].is_logged = 0;
    }
}

MIG_FUNC void project_unite(Arena *a, Project *project, sqlite3 *db,
                            const Names *rows)
{
    int n = project->kept.n;
    Err err = {0}, *outer = a->err;

    kept_read(a, db, project->graph, rows, &project->kept);
    if (!ok(a) || project->kept.n == n)
        return;
    a->err = &err;
    project_build(a, project);
    a->err = outer;
    if (err.code == ERR_NO_MEMORY) {
        err_join(outer, &err);
    } else if (err.code) {          /* no graph can be made of what the log says */
        err_release(&err);
        projectForget(&project->kept);
        project_build(a, project);
    }
}

MIG_FUNC void project_part(Project *project)
{
    project->kept.n = 0;
    project->graph = project->own;
}

/* The node that replaced a revision of a line that is gone, if the revision is not
** its last; or -1. */
static int projectInside(const Project *project, const Kept *kept)
{
    return map_find(&graph_replaces(project->graph)->inside, kept->revision.id);
}

static void projectRefuseInside(Arena *a, const Project *project, const Kept *kept,
                                int node)
{
    err_set(a->err, ERR_UNKNOWN_CURRENT, "the database has %Ts, which %Ts replaced; "
            "bring back the files that %s replaced until the database is past them",
            kept->revision.id, graph_id(project->graph, node),
            project_revision(project, node)->name);
}

MIG_FUNC void project_check_missing(Arena *a, const Project *project,
                                    const Nodes *rows)
{
    unsigned char *is_applied = graph_reach(a, project->graph, rows, WAY_BELOW);
    Names lost = {0};
    int i;

    for (i = 0; i < project->kept.n && ok(a); i++) {
        const Kept *kept = &project->kept.v[i];
        int node = projectInside(project, kept);
        if (!is_applied[project->source.n + i])
            continue;
        if (node >= 0)
            projectRefuseInside(a, project, kept, node);
        if (!kept->downgrade.z)
            names_push(a, &lost, kept->revision.id);
    }
    names_sort(&lost);
    if (lost.n)
        err_set(a->err, ERR_IRREVERSIBLE, "%s cannot be undone: no file has %s, and "
                "the log keeps no downgrade of %s; bring back %s",
                names_join(a, &lost, ", "), lost.n > 1 ? "them" : "it",
                lost.n > 1 ? "them" : "it",
                lost.n > 1 ? "their files" : "its file");
    project_check_logged(a, project, rows);
}

MIG_FUNC void project_check_logged(Arena *a, const Project *project,
                                   const Nodes *rows)
{
    unsigned char *is_applied = graph_reach(a, project->graph, rows, WAY_BELOW);
    Names unknown = {0};
    int i;

    for (i = 0; i < project->kept.n && ok(a); i++)
        if (is_applied[project->source.n + i] && !project->kept.v[i].is_logged)
            names_push(a, &unknown, project->kept.v[i].revision.id);
    names_sort(&unknown);
    if (unknown.n)
        err_set(a->err, ERR_UNKNOWN_CURRENT, "the database has %s, of which neither "
                "a revision file nor the log says what it stands on; bring back its "
                "file, or say with \"stamp --purge\" where the database is",
                names_join(a, &unknown, ", "));
}

/* Whether a sync could undo what the version rows have and no file has. */
static int projectCanSync(Arena *a, const Project *project, sqlite3 *db,
                          const Names *rows)
{
    Project united = *project;
    Err err = {0}, *outer = a->err;
    Nodes nodes = {0};
    int can;

    a->err = &err;
    project_unite(a, &united, db, rows);
    if (ok(a))
        nodes = target_rows(a, united.graph, rows);
    if (ok(a))
        project_check_missing(a, &united, &nodes);
    can = ok(a);
    a->err = outer;
    err_release(&err);
    return can;
}

MIG_FUNC Nodes project_rows(Arena *a, const Project *project, sqlite3 *db,
                            const Names *rows)
{
    int was_ok = ok(a);
    Nodes nodes = target_rows(a, project->graph, rows);

    if (was_ok && a->err->code == ERR_UNKNOWN_CURRENT
        && projectCanSync(a, project, db, rows))
        err_append(a->err, "; \"migrate sync\" or migrate_sync() takes it back to "
                   "what the source has");
    return nodes;
}

/* ---- a node ---- */

MIG_FUNC int project_is_missing(const Project *project, int node)
{
    return node >= project->source.n;
}

static const Kept *projectKept(const Project *project, int node)
{
    return &project->kept.v[node - project->source.n];
}

MIG_FUNC const Revision *project_revision(const Project *project, int node)
{
    return project_is_missing(project, node) ? &projectKept(project, node)->revision
                                             : &project->source.v[node];
}

MIG_FUNC Body project_body(Arena *a, const Project *project, int node)
{
    const Kept *kept;

    if (!project_is_missing(project, node))
        return source_body(a, &project->source, node);
    kept = projectKept(project, node);
    return revision_read_section(a, kept->revision.name, kept->downgrade.z
                                 ? kept->downgrade : text_of(""));
}

MIG_FUNC void project_checksum(Arena *a, const Project *project, int node,
                               char hex[DIGEST_HEX])
{
    Text kept;

    if (!project_is_missing(project, node)) {
        source_checksum(a, &project->source, node, hex);
        return;
    }
    kept = projectKept(project, node)->checksum;
    sqlite3_snprintf(DIGEST_HEX, hex, "%.*s", kept.n, kept.z ? kept.z : "");
}

MIG_FUNC const char *project_parents(Arena *a, const Project *project, int node)
{
    return names_join(a, &project_revision(project, node)->down, ", ");
}
