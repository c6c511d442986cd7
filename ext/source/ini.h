/*
** Reading an ini file, with inih.
**
**     # a comment, as is a line that begins with ;
**     [section]
**     key = value     ; a comment, if a blank stands before it
**       and more      goes on with the value before it, after a blank
**
** UTF-8 with or without a byte order mark, LF or CRLF; a colon serves as well as
** the equals sign.
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
    Names sections;             /* also those without keys */
} IniFile;

/* Reads text, the content of the file at path (for messages).
** Errors: bad-config with file and line. */
MIG_FUNC IniFile ini_read(Arena *a, const char *path, Text text);

#endif
