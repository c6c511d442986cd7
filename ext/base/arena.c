/*
** Memory that belongs to an operation.  See arena.h.
*/
#include "arena.h"

/* Small requests share a chunk of this size; it doubles up to the largest, so
** that a small operation stays small and a large one makes few calls. */
#define ARENA_CHUNK_MIN 2000
#define ARENA_CHUNK_MAX 1000000

struct ArenaChunk {
    ArenaChunk *older;
    u64 size;               /* of the bytes that follow */
};

MIG_FUNC void arena_init(Arena *a, Err *err)
{
    memset(a, 0, sizeof *a);
    a->err = err;
}

MIG_FUNC void arena_release(Arena *a)
{
    while (a->chunks) {
        ArenaChunk *chunk = a->chunks;
        a->chunks = chunk->older;
        sqlite3_free(chunk);
    }
    a->next = NULL;
    a->left = 0;
}

/* A new chunk of at least n bytes becomes the one that is cut from. */
static int arenaRefill(Arena *a, u64 n)
{
    u64 size = a->chunks ? a->chunks->size * 2 : ARENA_CHUNK_MIN;
    ArenaChunk *chunk;

    if (size > ARENA_CHUNK_MAX)
        size = ARENA_CHUNK_MAX;
    if (size < n)
        size = n;
    chunk = sqlite3_malloc64(sizeof *chunk + size);
    if (!chunk) {
        err_set(a->err, ERR_NO_MEMORY, "out of memory");
        return 0;
    }
    chunk->older = a->chunks;
    chunk->size = size;
    a->chunks = chunk;
    a->next = (char *)(chunk + 1);
    a->left = (size_t)size;
    return 1;
}

MIG_FUNC void *arena_alloc(Arena *a, u64 n)
{
    void *p;

    n = n ? (n + 7) & ~(u64)7 : 8;
    if (n > a->left && !arenaRefill(a, n))
        return NULL;
    p = a->next;
    a->next += n;
    a->left -= (size_t)n;
    return memset(p, 0, (size_t)n);
}

MIG_FUNC void *arena_grow(Arena *a, void *array, int *cap, int nWant, size_t size)
{
    int nNew = *cap ? *cap : 8;
    void *p;

    if (nWant <= *cap)
        return array;
    while (nNew < nWant)
        nNew = nNew < 0x3fffffff ? nNew * 2 : nWant;
    p = arena_alloc(a, (u64)nNew * size);
    if (!p)
        return NULL;
    if (*cap)
        memcpy(p, array, (size_t)*cap * size);
    *cap = nNew;
    return p;
}

MIG_FUNC int arena_has_room(Arena *a, void **v, int n, int *cap, size_t size)
{
    void *p = arena_grow(a, *v, cap, n + 1, size);

    if (p)
        *v = p;
    return p != NULL;
}

MIG_FUNC int ok(const Arena *a)
{
    return a->err->code == ERR_NONE;
}
