/*
** New revisions.  See author.h.
*/
#include "author.h"

#include "../base/db.h"
#include "../base/file.h"
#include "../schema/dump.h"

/* ---- options ---- */

/* Adds the parts of a text that blanks and commas separate. */
static void authorSplit(Arena *a, Names *names, Text t)
{
    int i, from = 0;

    for (i = 0; i <= t.n; i++) {
        if (i < t.n && t.z[i] != ',' && !text_is_space(t.z[i]))
            continue;
        if (i > from)
            names_push(a, names, text_slice(t, from, i));
        from = i + 1;
    }
}

/* One value of an option, with the type that json_each() gives it. */
static void authorOption(Arena *a, AuthorOptions *o, Text key, Text type, Text value)
{
    const struct { const char *key; Names *names; Text *text; int *flag; } known[] = {
        {"head", &o->head, NULL, NULL}, {"branch_label", &o->labels, NULL, NULL},
        {"depends_on", &o->depends, NULL, NULL}, {"rev_id", NULL, &o->rev_id, NULL},
        {"version_path", NULL, &o->version_path, NULL},
        {"model", NULL, &o->model, NULL},
        {"splice", NULL, NULL, &o->splice},
        {"autogenerate", NULL, NULL, &o->autogenerate},
        /* these say something only where autogenerate is on */
        {"plain", NULL, NULL, &o->plain}, {"allow_empty", NULL, NULL, &o->allow_empty},
    };
    int is_number = text_is(type, "integer");
    int is_true = text_is(type, "true") || (is_number && text_is(value, "1"));
    int is_false = text_is(type, "false") || (is_number && text_is(value, "0"));
    size_t i;

    for (i = 0; i < sizeof known / sizeof *known; i++)
        if (text_is(key, known[i].key))
            break;
    if (i == sizeof known / sizeof *known)
        err_set(a->err, ERR_USAGE, "unknown option \"%Ts\"; there are head, "
                "splice, branch_label, depends_on, rev_id, version_path, autogenerate, "
                "model, renames, plain and allow_empty", key);
    else if (known[i].flag && !is_true && !is_false)
        err_set(a->err, ERR_USAGE, "option %s is true or false, not \"%Ts\"",
                known[i].key, value);
    else if (known[i].flag)
        *known[i].flag = is_true;
    else if (!text_is(type, "text") || text_trim(value).n == 0)
        err_set(a->err, ERR_USAGE, "option %s is a text, not \"%Ts\"",
                known[i].key, value);
    else if (known[i].names)
        authorSplit(a, known[i].names, value);
    else if (known[i].text->n)
        err_set(a->err, ERR_USAGE, "option %s is given twice", known[i].key);
    else
        *known[i].text = value;
}

/* {"old": "new"} */
static void authorRenames(Arena *a, sqlite3 *db, AuthorOptions *o, const char *json)
{
    sqlite3_stmt *stmt = db_prepare(a, db, "SELECT key, value, type "
                                    "FROM json_each(%Q)", json);

    while (db_step(a, stmt)) {
        Text from = db_text(a, stmt, 0), to = db_text(a, stmt, 1);
        if (!text_is(db_text(a, stmt, 2), "text") || from.n == 0 || to.n == 0)
            err_set(a->err, ERR_USAGE, "option renames is an object of texts, "
                    "{\"old\": \"new\"}");
        names_push(a, &o->rename_from, from);
        names_push(a, &o->rename_to, to);
    }
    db_finish(stmt);
}

MIG_FUNC AuthorOptions author_options(Arena *a, sqlite3 *db, const char *json)
{
    AuthorOptions o = {0};
    sqlite3_stmt *stmt;

    if (!json)
        return o;
    if (!db_value(a, db, "SELECT CASE WHEN json_valid(%Q) THEN json_type(%Q) "
                  "= 'object' END", json, json)) {
        err_set(a->err, ERR_USAGE, "the options must be a JSON object: %s", json);
        return o;
    }
    /* an array counts as its elements, one after another */
    stmt = db_prepare(a, db, "SELECT o.key, v.type, v.value FROM json_each(%Q) AS o, "
        "json_each(CASE o.type WHEN 'array' THEN o.value ELSE '[]' END) AS v "
        "UNION ALL SELECT key, type, value FROM json_each(%Q) "
        "WHERE type NOT IN ('array', 'null')", json, json);
    while (db_step(a, stmt)) {
        Text key = db_text(a, stmt, 0), type = db_text(a, stmt, 1);
        if (text_is(key, "renames") && text_is(type, "object"))
            authorRenames(a, db, &o, db_text(a, stmt, 2).z);
        else
            authorOption(a, &o, key, type, db_text(a, stmt, 2));
    }
    db_finish(stmt);
    return o;
}

/* ---- a draft ---- */

/* Seconds since 1970: $SOURCE_DATE_EPOCH, where that is set, makes what is written
** repeatable (https://reproducible-builds.org/specs/source-date-epoch/). */
static i64 authorClock(Arena *a, const Session *session)
{
    const char *epoch = file_env("SOURCE_DATE_EPOCH");

    if (!epoch || !*epoch)
        return db_clock(session->db) / 1000;
    if (strspn(epoch, "0123456789") != strlen(epoch) || strlen(epoch) > 11)
        err_set(a->err, ERR_USAGE, "$SOURCE_DATE_EPOCH is no number of seconds: %s",
                epoch);
    return db_value(a, session->db, "SELECT CAST(%Q AS INT)", epoch);
}

static Stamp authorNow(Arena *a, const Session *session, const Settings *settings)
{
    int is_local = strcmp(settings_text(settings, SETTING_TIMEZONE), "local") == 0;
    const char *zone = is_local ? ", 'localtime'" : "";
    i64 now = authorClock(a, session);
    Stamp stamp = {"", "", "", "", "", "", "", "+00:00"};
    const char **part[] = {&stamp.year, &stamp.month, &stamp.day, &stamp.hour,
                           &stamp.minute, &stamp.second, &stamp.zone};
    sqlite3_stmt *stmt = db_prepare(a, session->db,
        "WITH t(t, z) AS (SELECT datetime(%lld, 'unixepoch'%s), "
        "strftime('%%s', %lld, 'unixepoch'%s) - %lld) "
        "SELECT strftime('%%Y', t), strftime('%%m', t), strftime('%%d', t), "
        "strftime('%%H', t), strftime('%%M', t), strftime('%%S', t), "
        "printf('%%s%%02d:%%02d', CASE WHEN z < 0 THEN '-' ELSE '+' END, "
        "abs(z) / 3600, abs(z) / 60 %% 60) FROM t", now, zone, now, zone, now);
    size_t i;

    stamp.epoch = text_format(a, "%lld", now);
    if (db_step(a, stmt))
        for (i = 0; i < sizeof part / sizeof *part; i++) {
            *part[i] = text_copy(a, db_text(a, stmt, (int)i));
            if (!**part[i])     /* SQLite's printf() says no more than that */
                err_set(a->err, ERR_NO_MEMORY, "out of memory");
        }
    db_finish(stmt);
    return stamp;
}

MIG_FUNC Text author_id(Arena *a, const Graph *g, const AuthorOptions *o)
{
    unsigned char b[6];
    Text id;

    if (o->rev_id.n)
        return o->rev_id;
    do {
        sqlite3_randomness(sizeof b, b);
        id = text_of(text_format(a, "%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2],
                                 b[3], b[4], b[5]));
    } while (ok(a) && graph_find(g, id) >= 0);
    return id;
}

/* What the new revision revises. */
static void authorDown(Arena *a, const Graph *g, const AuthorOptions *o,
                       Draft *draft)
{
    Nodes none = {0}, nodes;
    int i, j;

    for (i = 0; i < o->head.n && ok(a); i++) {
        nodes = target_resolve(a, g, o->head.v[i], &none);
        for (j = 0; j < nodes.n && ok(a); j++) {
            Text id = graph_id(g, nodes.v[j]);
            if (names_find(&draft->down, id) >= 0)
                err_set(a->err, ERR_USAGE, "%Ts is named twice", id);
            else if (!o->splice && !graph_is_head(g, nodes.v[j]))
                err_set(a->err, ERR_USAGE, "%Ts is not a head; say splice "
                        "(--splice) to begin a new branch there", id);
            names_push(a, &draft->down, id);
        }
    }
}

/* A dependency is kept as a label if it was named so, otherwise as a whole id. */
static void authorDepends(Arena *a, const Graph *g, const AuthorOptions *o,
                          Draft *draft)
{
    Nodes none = {0};
    int i, node;

    for (i = 0; i < o->depends.n && ok(a); i++) {
        Text name = o->depends.v[i];
        if (graph_find_label(g, name) < 0) {
            node = target_one(a, g, name, &none);
            if (node < 0 && ok(a))
                err_set(a->err, ERR_NOT_FOUND, "a revision cannot depend on "
                        "\"%Ts\"", name);
            if (node >= 0)
                name = graph_id(g, node);
        }
        names_push(a, &draft->depends, name);
    }
}

/* The location the file goes to. */
static int authorLocation(Arena *a, const Source *source, Text path)
{
    int i;

    if (path.n == 0)
        return 0;
    while (path.n > 1 && path.z[path.n - 1] == '/')
        path.n--;
    for (i = 0; i < source->locations.n; i++)
        if (text_eq(source->locations.v[i], path)
            || text_is(path, source_location(a, source, i)))
            return i;
    err_set(a->err, ERR_USAGE, "%Ts is not one of version_locations: %s",
            path, names_join(a, &source->locations, ", "));
    return 0;
}

static int authorSame(const Names *a, const Names *b)
{
    int i;

    for (i = 0; i < a->n && i < b->n; i++)
        if (!text_eq(a->v[i], b->v[i]))
            return 0;
    return a->n == b->n;
}

/* Reads the text back: it must be the revision that it is to be. */
static void authorRead(Arena *a, Source *source, const AuthorFile *file,
                       const Draft *draft, const char *name)
{
    const Revision *revision;

    source_add(a, source, name, file->path, text_of(file->text));
    if (ok(a))
        revision_read_body(a, name, text_of(file->text));
    if (!ok(a))
        return;
    revision = &source->v[source->n - 1];
    if (!text_eq(revision->id, draft->id)
        || !authorSame(&revision->down, &draft->down)
        || !authorSame(&revision->depends, &draft->depends)
        || !authorSame(&revision->labels, &draft->labels)
        || !authorSame(&revision->replaces, &draft->replaces))
        err_set(a->err, ERR_BAD_REVISION, "%s: its headers are not those of the "
                "new revision; they want ${revision}, ${revises}, ${depends_on}, "
                "${branch_labels} and ${replaces}", name);
}

/* Whatever is wrong with a new file is said before it is written: it is read back,
** and the graph is built with it. */
static void authorCheck(Arena *a, AuthorFile *file, const Draft *draft,
                        const char *name)
{
    Source *source = &file->project.source;
    Err *err = a->err, found = {ERR_NONE, NULL};

    if (!ok(a))
        return;
    a->err = &found;
    authorRead(a, source, file, draft, name);
    a->err = err;
    if (found.code && writer_has_template(a, source))
        err_set(err, found.code, "template.sql does not make a revision: in what "
                "it gives, %s", err_message(&found));
    else if (found.code)
        err_join(err, &found);
    err_release(&found);
    if (ok(a))
        project_build(a, &file->project);
}

/* A file that begins with a dot would not be found again. */
static void authorCheckName(Arena *a, const char *name)
{
    if (*name == '.' && ok(a))
        err_set(a->err, ERR_USAGE, "the file %s would be hidden; take an id, or a "
                "file_template, that does not begin with a dot", name);
}

MIG_FUNC AuthorFile author_compose(Arena *a, Session *session,
                                   const Project *project,
                                   const AuthorOptions *o, const Draft *draft)
{
    const Source *source = &project->source;
    Stamp now = authorNow(a, session, &source->settings);
    int location = authorLocation(a, source, o->version_path);
    AuthorFile file = {"", "", *project};
    const char *name;

    if (!ok(a))
        return file;
    name = writer_name(a, source, draft, &now);
    authorCheckName(a, name);
    file.text = writer_text(a, source, draft, &now);
    file.path = file_join(a, source_location(a, source, location), name);
    authorCheck(a, &file, draft, file_join(a, source->locations.v[location].z,
                                           name));
    return file;
}

/* Refuses what would not be read back as it was given. */
static void authorCheckWords(Arena *a, const AuthorOptions *o, Text message)
{
    Text rest = message;
    int i;

    if (text_trim(message).n == 0)
        err_set(a->err, ERR_USAGE, "a revision needs a message");
    while (rest.z && ok(a)) {
        Text line = text_trim(text_cut(&rest, '\n'));
        if (line.n >= 8 && sqlite3_strnicmp(line.z, "migrate:", 8) == 0)
            err_set(a->err, ERR_USAGE, "a line of a message cannot begin with "
                    "\"migrate:\": it would be a directive");
    }
    if (o->rev_id.n && !revision_is_id(o->rev_id))
        err_set(a->err, ERR_ILLEGAL_ID, "\"%Ts\" is no id: " REVISION_ID_RULE,
                o->rev_id);
    for (i = 0; i < o->labels.n; i++)
        if (!revision_is_id(o->labels.v[i]))
            err_set(a->err, ERR_ILLEGAL_ID, "\"%Ts\" is no label: "
                    REVISION_ID_RULE, o->labels.v[i]);
}

MIG_FUNC Draft author_draft(Arena *a, const Project *project, Text message,
                            const AuthorOptions *o)
{
    AuthorOptions with = *o;
    Draft draft = {0};

    authorCheckWords(a, o, message);
    if (ok(a))
        tree_check_writable(a, &project->source.tree);
    if (!ok(a))
        return draft;
    if (with.head.n == 0)
        names_push(a, &with.head, text_of("head"));
    draft.message = message;
    draft.labels = o->labels;
    draft.up = draft.undo = "";
    draft.id = author_id(a, project->graph, o);
    authorDown(a, project->graph, &with, &draft);
    authorDepends(a, project->graph, o, &draft);
    return draft;
}

static const char *authorNew(Arena *a, Session *session, Text message,
                             const AuthorOptions *o)
{
    Project project;
    Draft draft;
    AuthorFile file;

    authorCheckWords(a, o, message);
    if (ok(a))
        project_open(a, &project, session);
    if (!ok(a))
        return "";
    draft = author_draft(a, &project, message, o);
    file = author_compose(a, session, &project, o, &draft);
    file_create(a, file.path, text_of(file.text));
    return file.path;
}

MIG_FUNC const char *author_revision(Arena *a, Session *session, Text message,
                                     const char *options)
{
    AuthorOptions o = author_options(a, session->db, options);

    return ok(a) ? authorNew(a, session, message, &o) : "";
}

MIG_FUNC const char *author_merge(Arena *a, Session *session, Text revisions,
                                  Text message, const char *options)
{
    AuthorOptions o = author_options(a, session->db, options);

    if (o.head.n)
        err_set(a->err, ERR_USAGE, "a merge is told its revisions, not head");
    authorSplit(a, &o.head, revisions);
    if (o.head.n == 0)
        err_set(a->err, ERR_USAGE, "a merge needs revisions: \"heads\", or their "
                "ids");
    return ok(a) ? authorNew(a, session, message, &o) : "";
}

MIG_FUNC const char *author_init(Arena *a, Session *session, const char *dir)
{
    const char *schema = dump_schema(a, session->db,
        owner_condition(a, "_migrate_version", NULL));
    Address address = session_address(session);
    Tree tree;

    if (!dir) {
        dir = address.path;
        tree_open(a, &tree, &address, &session->config);
        tree_check_writable(a, &tree);
    }
    if (ok(a) && !*schema)
        schema = "-- The schema as it should be: CREATE statements.\n";
    return ok(a) ? writer_init(a, dir, schema) : "";
}
