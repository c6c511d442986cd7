/*
** Memory that belongs to an operation: taken piece by piece, zeroed, and given
** back all at once.
**
** The arena a function is given says who owns what it returns.  It also knows
** the operation's Err, so that a function that is given an arena can report.
** A shorter life (one file of many) is another arena with the same Err.
**
** Memory comes from sqlite3_malloc64(), aligned to 8.  When it runs out the Err
** says no-memory and arena_alloc() returns NULL.
*/
#ifndef MIG_ARENA_H
#define MIG_ARENA_H

#include "err.h"

typedef struct ArenaChunk ArenaChunk;

typedef struct Arena {
    Err *err;               /* where to report; never NULL */
    ArenaChunk *chunks;     /* all that was taken, newest first */
    char *next;             /* free bytes of the newest chunk */
    size_t left;            /* how many */
} Arena;

MIG_FUNC void arena_init(Arena *a, Err *err);
MIG_FUNC void arena_release(Arena *a);

/* n zeroed bytes, or NULL with the Err set. */
MIG_FUNC void *arena_alloc(Arena *a, u64 n);

/* Room for nWant items of size bytes in an array that holds *cap; the items move
** and the new ones are zero.  Returns the array, or NULL with the Err set (the
** old array stays as it was). */
MIG_FUNC void *arena_grow(Arena *a, void *array, int *cap, int nWant, size_t size);

/* True while nothing has failed. */
MIG_FUNC int ok(const Arena *a);

#define ARENA_NEW(a, Type, n) \
    ((Type *)arena_alloc((a), (u64)sizeof(Type) * (u64)(n)))

/* Makes room for one more item in the array v of n items and capacity cap:
** true if there is room. */
#define ARENA_PUSH(a, v, n, cap) \
    arena_has_room((a), (void **)&(v), (n), &(cap), sizeof *(v))

MIG_FUNC int arena_has_room(Arena *a, void **v, int n, int *cap, size_t size);

#endif
