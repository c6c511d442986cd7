/*
** A source.  See source.h.
*/
#include "source.h"

#include "../base/map.h"

/* Most revision files are shorter than this, and so are read once. */
#define SOURCE_HEAD 4096

struct SourceFile {
    Text bytes;         /* the beginning of the file */
    int is_whole;       /* it is all of it */
};

/* A copy without the slashes at its end: files in memory are found by their names. */
static const char *sourceName(Arena *a, Text name)
{
    while (name.n > 1 && name.z[name.n - 1] == '/')
        name.n--;
    return text_copy(a, name);
}

static void sourceLocations(Arena *a, Source *source)
{
    Text rest = text_of(settings_text(&source->settings,
                                      SETTING_VERSION_LOCATIONS));

    while (rest.z) {
        Text one = text_of(sourceName(a, text_trim(text_cut(&rest, ':'))));
        if (one.n && names_find(&source->locations, one) < 0)
            names_push(a, &source->locations, one);
    }
    if (source->locations.n == 0)
        err_set(a->err, ERR_BAD_CONFIG, "version_locations names no directory");
}

MIG_FUNC const char *source_location(Arena *a, const Source *source, int i)
{
    return tree_path(a, &source->tree, source->locations.v[i].z);
}

/* Makes room for n revisions in all. */
static int sourceReserve(Arena *a, Source *source, int n)
{
    int cap = source->cap;
    struct SourceFile *file = arena_grow(a, source->file, &cap, n, sizeof *file);
    Revision *v = arena_grow(a, source->v, &source->cap, n, sizeof *v);

    if (file)
        source->file = file;
    if (v)
        source->v = v;
    return file && v;
}

/* Reads the headers of one more file. */
static void sourceRead(Arena *a, Source *source, const char *name, char *buffer)
{
    const Tree *tree = &source->tree;
    struct SourceFile file;
    Text text;

    file.bytes = tree_read_head(a, tree, name, buffer, SOURCE_HEAD, &file.is_whole);
    if (file.bytes.z == buffer)
        file.bytes.z = text_copy(a, file.bytes);
    if (!file.is_whole && !revision_has_headers(file.bytes)) {
        file.bytes = tree_read(a, tree, name);
        file.is_whole = 1;
    }
    text = revision_normalise(a, file.bytes);
    if (!file.is_whole) {
        /* the headers stand before the first directive, in whole lines */
        while (text.n && text.z[text.n - 1] != '\n')
            text.n--;
    }
    if (!ok(a) || source->n == source->cap)
        return;
    source->v[source->n] = revision_read(a, name, text);
    source->v[source->n].path = tree_path(a, tree, name);
    source->file[source->n] = file;
    source->n++;
}

/* The files of one location, named as seen from there. */
static Names sourceList(Arena *a, const Source *source, const char *dir)
{
    const Tree *tree = &source->tree;
    Names files = {0};

    if (ok(a) && tree_find(a, tree, dir) != FILE_DIRECTORY)
        err_set(a->err, ERR_NO_SOURCE, "%s: there is no such directory; make it, "
                "or mend version_locations in %s", tree_path(a, tree, dir),
                tree_path(a, tree, SETTINGS_FILE));
    if (ok(a))
        tree_list(a, tree, dir, ".sql",
                  settings_is_on(&source->settings, SETTING_RECURSIVE), &files);
    return files;
}

/* Reads all files of one location but those that another one reached, which known
** has; what is wrong in them is added to found. */
static void sourceReadLocation(Arena *a, Source *source, int location,
                               char *buffer, Map *known, Err *found)
{
    const char *dir = source->locations.v[location].z;
    Names files = sourceList(a, source, dir);
    Err one = {0};
    Err *err = a->err;
    int i;

    if (!ok(a) || !sourceReserve(a, source, source->n + files.n))
        return;
    for (i = 0; i < files.n && err->code == ERR_NONE; i++) {
        const char *name = file_join(a, dir, files.v[i].z);
        if (map_add(a, known, text_of(name), i) >= 0)
            continue;
        a->err = &one;
        sourceRead(a, source, name, buffer);
        a->err = err;
        if (one.code == ERR_NO_MEMORY)
            err_join(err, &one);
        else if (one.code)
            err_join(found, &one);
    }
}

static void sourceOpenSettings(Arena *a, Source *source, const Address *address,
                               const Config *config)
{
    tree_open(a, &source->tree, address, config);
    if (ok(a) && source->tree.kind == TREE_NONE)
        err_set(a->err, ERR_NO_SOURCE, "%s: there is no such directory or bundle; "
                "name one with migrate_source(), $MIGRATE_SOURCE or --source, or "
                "make one with migrate_init() or \"migrate init\"", address->path);
    if (ok(a))
        source->settings = settings_read(a, &source->tree, address->section, config);
    if (ok(a))
        sourceLocations(a, source);
}

MIG_FUNC void source_open(Arena *a, Source *source, const Address *address,
                          const Config *config)
{
    Err found = {0};
    Map known = {0};
    char *buffer;
    int i;

    memset(source, 0, sizeof *source);
    sourceOpenSettings(a, source, address, config);
    buffer = ok(a) ? ARENA_NEW(a, char, SOURCE_HEAD + 1) : NULL;
    if (ok(a))
        map_init(a, &known, 0);
    for (i = 0; i < source->locations.n && ok(a); i++)
        sourceReadLocation(a, source, i, buffer, &known, &found);
    if (found.code)
        err_join(a->err, &found);
}

MIG_FUNC Settings source_settings(Arena *a, const Address *address,
                                  const Config *config)
{
    Settings settings = {0};
    Tree tree;

    tree_open(a, &tree, address, config);
    if (ok(a))
        settings = settings_read(a, &tree, address->section, config);
    return settings;
}

MIG_FUNC void source_add(Arena *a, Source *source, const char *name,
                         const char *path, Text text)
{
    int i = source->n;

    if (!ok(a) || !sourceReserve(a, source, i + 1))
        return;
    source->v[i] = revision_read(a, name, text);
    source->v[i].path = path;
    source->file[i].bytes = text;
    source->file[i].is_whole = 1;
    source->n++;
}

MIG_FUNC Text source_bytes(Arena *a, const Source *source, int i)
{
    return source->file[i].is_whole ? source->file[i].bytes
                                    : tree_read(a, &source->tree,
                                                source->v[i].name);
}

MIG_FUNC void source_checksum(Arena *a, const Source *source, int i,
                              char hex[DIGEST_HEX])
{
    Arena own;

    arena_init(&own, a->err);
    digest_text(source_bytes(&own, source, i), hex);
    arena_release(&own);
}

MIG_FUNC Body source_body(Arena *a, const Source *source, int i)
{
    const Revision *revision = &source->v[i];
    Body body = {0};
    Text text = revision_normalise(a, source_bytes(a, source, i));

    if (!ok(a))
        return body;
    if (!source->file[i].is_whole) {
        Revision again = revision_read(a, revision->name, text);
        if (ok(a) && !text_eq(again.id, revision->id))
            err_set(a->err, ERR_BAD_REVISION, "%s: the file was exchanged while "
                    "it was read; try again", revision->name);
    }
    if (ok(a))
        body = revision_read_body(a, revision->name, text);
    return body;
}

/* ---- the model ---- */

/* True for a database, which only a directory has: a bundle has its schema. */
static int sourceIsDatabase(Arena *a, const Tree *tree, const char *name)
{
    static const char magic[] = "SQLite format 3";
    char buffer[sizeof magic + 1];
    int whole;

    return tree->kind == TREE_DIRECTORY
        && text_starts(tree_read_head(a, tree, name, buffer, sizeof magic, &whole),
                       magic);
}

static void sourceModelFile(Arena *a, const Tree *tree, const char *name,
                            SourceModel *model)
{
    FolderFile file = {{NULL, 0}, {NULL, 0}, 0};

    file.name = text_of(name);
    file.bytes = revision_normalise(a, tree_read(a, tree, name));
    folder_push(a, &model->files, file);
}

MIG_FUNC const char *source_model_name(Arena *a, const Source *source)
{
    return sourceName(a, text_of(settings_text(&source->settings, SETTING_MODEL)));
}

MIG_FUNC SourceModel source_model(Arena *a, const Source *source)
{
    const Tree *tree = &source->tree;
    const char *name = source_model_name(a, source);
    SourceModel model = {NULL, {NULL, 0, 0}};
    Names names = {0};
    int i;

    switch (tree_find(a, tree, name)) {
    case FILE_NONE:
        err_set(a->err, ERR_NO_SOURCE, "%s: there is no such model; make it, or mend "
                "model in %s", tree_path(a, tree, name),
                tree_path(a, tree, SETTINGS_FILE));
        break;
    case FILE_DIRECTORY:
        tree_list(a, tree, name, ".sql", 0, &names);
        for (i = 0; i < names.n && ok(a); i++)
            sourceModelFile(a, tree, file_join(a, name, names.v[i].z), &model);
        break;
    default:
        if (sourceIsDatabase(a, tree, name))
            model.database = tree_path(a, tree, name);
        else
            sourceModelFile(a, tree, name, &model);
        break;
    }
    return model;
}
