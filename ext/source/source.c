/*
** A source in a directory.  See source.h.
*/
#include "source.h"

#include "../base/file.h"
#include "../base/map.h"

/* Most revision files are shorter than this, and so are read once. */
#define SOURCE_HEAD 4096

struct SourceFile {
    Text bytes;         /* the beginning of the file */
    int is_whole;       /* it is all of it */
};

static void sourceLocations(Arena *a, Source *source)
{
    Text rest = text_of(settings_text(&source->settings,
                                      SETTING_VERSION_LOCATIONS));

    while (rest.z) {
        Text one = text_trim(text_cut(&rest, ':'));
        one = text_of(text_copy(a, one));
        while (one.n > 1 && one.z[one.n - 1] == '/')
            one = text_of(text_copy(a, text_slice(one, 0, one.n - 1)));
        if (one.n && names_find(&source->locations, one) < 0)
            names_push(a, &source->locations, one);
    }
    if (source->locations.n == 0)
        err_set(a->err, ERR_BAD_CONFIG, "version_locations names no directory");
}

/* A directory bears no signature: where a key is trusted it cannot be believed. */
static void sourceCheckTrust(Arena *a, const char *path, const Config *config)
{
    const char *key = config_text(config, "trusted_key");

    if (!key)
        key = file_env("MIGRATE_TRUSTED_KEY");
    if (key && *key)
        err_set(a->err, ERR_BAD_SIGNATURE, "%s: a source must be signed with the "
                "trusted key, and a directory cannot be", path);
}

MIG_FUNC void source_open_settings(Arena *a, Source *source, const char *path,
                                   const Config *config)
{
    memset(source, 0, sizeof *source);
    source->path = path;
    switch (file_kind(path)) {
    case FILE_NONE:
        err_set(a->err, ERR_NO_SOURCE, "%s: there is no such directory; name one "
                "with migrate_source(), $MIGRATE_SOURCE or --source, or make one "
                "with migrate_init() or \"migrate init\"", path);
        return;
    case FILE_DIRECTORY:
        break;
    default:
        err_set(a->err, ERR_NO_SOURCE, "%s: not a directory", path);
        return;
    }
    sourceCheckTrust(a, path, config);
    if (ok(a))
        source->settings = settings_read(a, path, config);
    if (ok(a))
        sourceLocations(a, source);
}

MIG_FUNC const char *source_location(Arena *a, const Source *source, int i)
{
    return file_join(a, strcmp(source->path, ".") == 0 ? "" : source->path,
                     source->locations.v[i].z);
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
static void sourceRead(Arena *a, Source *source, const char *name,
                       const char *path, char *buffer)
{
    struct SourceFile file;
    Text text;

    file.bytes = file_read_head(a, path, buffer, SOURCE_HEAD, &file.is_whole);
    file.bytes.z = text_copy(a, file.bytes);
    if (!file.is_whole && !revision_has_headers(file.bytes)) {
        file.bytes = file_read(a, path);
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
    source->v[source->n].path = path;
    source->file[source->n] = file;
    source->n++;
}

/* The files of one location. */
static Names sourceList(Arena *a, const Source *source, const char *dir)
{
    Names files = {0};

    if (ok(a) && file_kind(dir) != FILE_DIRECTORY)
        err_set(a->err, ERR_NO_SOURCE, "%s: there is no such directory; make it, "
                "or mend version_locations in %s", dir,
                file_join(a, source->path, "migrate.ini"));
    if (ok(a))
        file_list(a, dir, ".sql",
                  settings_is_on(&source->settings, SETTING_RECURSIVE), &files);
    return files;
}

/* Reads all files of one location but those that another one reached, which known
** has; what is wrong in them is added to found. */
static void sourceReadLocation(Arena *a, Source *source, int location,
                               char *buffer, Map *known, Err *found)
{
    const char *dir = source_location(a, source, location);
    const char *prefix = source->locations.v[location].z;
    Names files = sourceList(a, source, dir);
    Err one = {0};
    Err *err = a->err;
    int i;

    if (!ok(a) || !sourceReserve(a, source, source->n + files.n))
        return;
    for (i = 0; i < files.n && err->code == ERR_NONE; i++) {
        const char *name = file_join(a, prefix, files.v[i].z);
        if (map_add(a, known, text_of(name), i) >= 0)
            continue;
        a->err = &one;
        sourceRead(a, source, name, file_join(a, dir, files.v[i].z), buffer);
        a->err = err;
        if (one.code == ERR_NO_MEMORY)
            err_join(err, &one);
        else if (one.code)
            err_join(found, &one);
    }
}

MIG_FUNC void source_open(Arena *a, Source *source, const char *path,
                          const Config *config)
{
    Err found = {0};
    Map known = {0};
    char *buffer;
    int i;

    source_open_settings(a, source, path, config);
    buffer = ok(a) ? ARENA_NEW(a, char, SOURCE_HEAD + 1) : NULL;
    if (ok(a))
        map_init(a, &known, 0);
    for (i = 0; i < source->locations.n && ok(a); i++)
        sourceReadLocation(a, source, i, buffer, &known, &found);
    if (found.code)
        err_join(a->err, &found);
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
                                    : file_read(a, source->v[i].path);
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
