/*
** Writing JSON.  Reading it is SQLite's own (json_each).
*/
#ifndef MIG_JSON_H
#define MIG_JSON_H

#include "text.h"

/* Appends t as a JSON string, quotes included. */
MIG_FUNC void json_string(sqlite3_str *out, Text t);

/* The names as a JSON array of strings: ["a","b"]. */
MIG_FUNC const char *json_names(Arena *a, const Names *names);

#endif
