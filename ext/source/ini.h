/*
** Reading an ini file.  inih is seen in ini.c and nowhere else.
*/
#ifndef MIG_INI_H
#define MIG_INI_H

#include "../base/text.h"

/* One key of the file, in the order of the file. */
typedef struct IniEntry {
    Text section, key, value;   /* section is empty before the first one */
    int line;
} IniEntry;

typedef struct IniFile {
    IniEntry *v;
    int n, cap;
} IniFile;

/* Reads text, the content of the file at path (for messages).  A line that begins
** with white space goes on with the value before it, after a blank.
** Errors: bad-config with file and line. */
MIG_FUNC IniFile ini_read(Arena *a, const char *path, Text text);

#endif
