/*
** A source as one file.  See pack.h.
*/
#include "pack.h"

#include "../schema/dump.h"
#include "../source/bundle.h"
#include "../source/embed.h"
#include "../source/writer.h"
#include "project.h"
#include "seed.h"

static void packPush(Arena *a, Folder *files, const char *name, Text bytes)
{
    FolderFile file = {{NULL, 0}, {NULL, 0}, 0};

    file.name = text_of(name);
    file.bytes = bytes;
    file.is_directory = bytes.z == NULL;
    folder_push(a, files, file);
}

/* One file as it is, if it is there. */
static void packFile(Arena *a, const Tree *tree, Folder *files, const char *name)
{
    Text bytes;

    if (!ok(a) || tree_find(a, tree, name) == FILE_NONE)
        return;
    bytes = tree_read(a, tree, name);
    packPush(a, files, name, bytes.z ? bytes : text_of(""));
}

/* The schema of a database, as SQL. */
static Text packSchema(Arena *a, const Source *source, const char *path)
{
    sqlite3 *db = NULL;
    Text schema = text_of("");
    int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL);

    if (rc != SQLITE_OK && db)
        err_set(a->err, ERR_IO, "%s: %s", path, sqlite3_errmsg(db));
    else if (rc != SQLITE_OK)
        err_set(a->err, ERR_NO_MEMORY, "out of memory");
    if (ok(a))
        schema = text_of(dump_schema(a, db, owner_condition(a,
            settings_text(&source->settings, SETTING_VERSION_TABLE), NULL)));
    sqlite3_close(db);
    return schema;
}

static void packModel(Arena *a, const Source *source, Folder *files)
{
    const char *name = source_model_name(a, source);
    Text none = {NULL, 0};
    SourceModel model;
    int i;

    if (!ok(a) || tree_find(a, &source->tree, name) == FILE_NONE)
        return;
    model = source_model(a, source);
    if (ok(a) && model.database)
        packPush(a, files, name, packSchema(a, source, model.database));
    else if (tree_find(a, &source->tree, name) == FILE_DIRECTORY)
        packPush(a, files, name, none);
    for (i = 0; i < model.files.n; i++)
        packFile(a, &source->tree, files, model.files.v[i].name.z);
}

/* What the source is read from with one section of its settings; NULL: with none
** but [migrate]. */
static void packSection(Arena *a, Session *session, const char *section,
                        Folder *files)
{
    Address address = session_address(session);
    Text none = {NULL, 0};
    const Source *source;
    Project project;
    int i;

    address.section = section;
    project_open_at(a, &project, &address, &session->config);
    source = &project.source;
    for (i = 0; i < source->locations.n && ok(a); i++)
        packPush(a, files, source->locations.v[i].z, none);
    for (i = 0; i < source->n && ok(a); i++)
        packFile(a, &source->tree, files, source->v[i].name);
    packModel(a, source, files);
}

static Folder packFiles(Arena *a, Session *session)
{
    Address address = session_address(session);
    Folder files = {NULL, 0, 0};
    Names sections = {0};
    Tree tree;
    int i;

    tree_open(a, &tree, &address, &session->config);
    packSection(a, session, NULL, &files);
    if (ok(a))
        sections = settings_sections(a, &tree);
    for (i = 0; i < sections.n && ok(a); i++)
        packSection(a, session, text_copy(a, sections.v[i]), &files);
    packFile(a, &tree, &files, SETTINGS_FILE);
    packFile(a, &tree, &files, WRITER_TEMPLATE);
    packFile(a, &tree, &files, SEED_FILE);
    folder_sort(&files);
    return files;
}

/* Whoever names a database in place of a bundle does not mean it. */
static void packCheckPlace(Arena *a, const char *path)
{
    char head[100 + 1];
    int whole;

    if (ok(a) && file_kind(path) == FILE_REGULAR
        && bundle_is_database(file_read_head(a, path, head, 100, &whole)))
        err_set(a->err, ERR_REFUSED, "%s is a database, which would be lost; name "
                "another path, or remove it first", path);
}

MIG_FUNC const char *pack_write(Arena *a, Session *session, const char *path,
                                const char *format)
{
    int is_c = format && strcmp(format, "c") == 0;
    Folder files = {NULL, 0, 0};

    if (!*path)
        err_set(a->err, ERR_USAGE, "the path of the bundle is empty");
    if (format && !is_c && strcmp(format, "sqlite") != 0)
        err_set(a->err, ERR_USAGE, "a bundle's format is sqlite or c, not \"%s\"",
                format);
    packCheckPlace(a, path);
    if (ok(a))
        files = packFiles(a, session);
    if (ok(a))
        file_replace(a, path, is_c ? embed_write(a, path, &files)
                                   : bundle_write(a, &files));
    return path;
}
