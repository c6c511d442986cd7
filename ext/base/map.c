/*
** A map from texts to small numbers.  See map.h.
*/
#include "map.h"

struct MapSlot {
    Text key;
    int value;
    int used;
};

/* FNV-1a. */
static unsigned mapHash(Text key)
{
    unsigned h = 2166136261u;
    int i;

    for (i = 0; i < key.n; i++)
        h = (h ^ (unsigned char)key.z[i]) * 16777619u;
    return h ^ (h >> 15);
}

static MapSlot *mapSlot(const Map *map, Text key)
{
    unsigned mask = (unsigned)map->nslot - 1;
    unsigned i = mapHash(key) & mask;

    while (map->slots[i].used && !text_eq(map->slots[i].key, key))
        i = (i + 1) & mask;
    return &map->slots[i];
}

/* Moves everything to nslot slots. */
static void mapResize(Arena *a, Map *map, int nslot)
{
    Map bigger = {ARENA_NEW(a, MapSlot, nslot), nslot, map->nkey};
    int i;

    if (!bigger.slots)
        return;
    for (i = 0; i < map->nslot; i++)
        if (map->slots[i].used)
            *mapSlot(&bigger, map->slots[i].key) = map->slots[i];
    *map = bigger;
}

MIG_FUNC void map_init(Arena *a, Map *map, int nkey)
{
    int nslot = 8;

    while (nslot < nkey + nkey / 2 && nslot < 0x20000000)
        nslot *= 2;
    memset(map, 0, sizeof *map);
    mapResize(a, map, nslot);
}

MIG_FUNC int map_find(const Map *map, Text key)
{
    MapSlot *slot = map->nslot ? mapSlot(map, key) : NULL;
    return slot && slot->used ? slot->value : -1;
}

MIG_FUNC int map_add(Arena *a, Map *map, Text key, int value)
{
    MapSlot *slot;

    if (map->nkey + 1 > map->nslot / 4 * 3)
        mapResize(a, map, map->nslot ? map->nslot * 2 : 8);
    if (map->nkey + 1 >= map->nslot)    /* memory ran out: keep a free slot */
        return -1;
    slot = mapSlot(map, key);
    if (slot->used)
        return slot->value;
    slot->key = key;
    slot->value = value;
    slot->used = 1;
    map->nkey++;
    return -1;
}
