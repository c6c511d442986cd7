/*
** A map from texts to small numbers: ids to their places in an array.
*/
#ifndef MIG_MAP_H
#define MIG_MAP_H

#include "text.h"

typedef struct MapSlot MapSlot;

typedef struct Map {
    MapSlot *slots;     /* open addressing; nslot is a power of two */
    int nslot, nkey;
} Map;

/* An empty map with room for nkey keys; it grows past that. */
MIG_FUNC void map_init(Arena *a, Map *map, int nkey);

/* The value of key, or -1. */
MIG_FUNC int map_find(const Map *map, Text key);

/* Gives key the value (0 or more), unless it has one: returns the value that it
** had, or -1 if it is new.  The key's text must outlive the map. */
MIG_FUNC int map_add(Arena *a, Map *map, Text key, int value);

#endif
