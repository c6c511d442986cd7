/*
** Fuzzes bundles: the input is the content of one.  It is bad, or it holds files in
** order, and a bundle of these holds the same.
*/
#include "fuzz.h"

static int same(const Folder *x, const Folder *y)
{
    int i;

    for (i = 0; i < x->n && i < y->n; i++)
        if (!text_eq(x->v[i].name, y->v[i].name)
            || !text_eq(x->v[i].bytes, y->v[i].bytes)
            || x->v[i].is_directory != y->v[i].is_directory)
            return 0;
    return x->n == y->n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Text bytes = {(const char *)data, (int)n};
    Folder files = {NULL, 0, 0}, again = {NULL, 0, 0};
    Err err = {ERR_NONE, NULL};
    Arena a;
    int i;

    arena_init(&a, &err);
    bundle_read(&a, "fuzz.bundle", bytes, &files);
    MUST(err.code == ERR_NONE || err.code == ERR_BAD_BUNDLE
         || err.code == ERR_NO_MEMORY);     /* an older SQLite's word for a huge size */
    fuzzCheckErr(&err);
    for (i = 1; i < files.n; i++)
        MUST(text_compare(files.v[i - 1].name, files.v[i].name) < 0);
    if (ok(&a)) {
        Text written = bundle_write(&a, &files);
        bundle_read(&a, "again", written, &again);
        MUST(ok(&a) && same(&files, &again));
    }
    arena_release(&a);
    err_release(&err);
    MUST(sqlite3_memory_used() == 0);
    return 0;
}
