/*
** A source as C.  See embed.h.
*/
#include "embed.h"

static const char *const embedHead =
    "/*\n"
    "** Migrations, to be compiled into a program: migrate.h says how.  Written by\n"
    "** \"migrate bundle --format c\"; do not edit.\n"
    "*/\n"
    "#include \"migrate.h\"\n"
    "\n";

/* A C string; no byte of it means anything but itself. */
static void embedString(sqlite3_str *out, Text t)
{
    int i;

    sqlite3_str_appendchar(out, 1, '"');
    for (i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.z[i];
        int is_plain = c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '?';
        text_append(out, is_plain ? "%c" : "\\%03o", c);
    }
    sqlite3_str_appendchar(out, 1, '"');
}

/* The bytes of file i, which may be none; an array has one at least. */
static void embedBytes(sqlite3_str *out, int i, Text bytes)
{
    int j;

    text_append(out, "static const unsigned char file%d[] = {", i);
    for (j = 0; j < bytes.n; j++)
        text_append(out, "%s%d,", j % 20 ? "" : "\n    ", (unsigned char)bytes.z[j]);
    text_append(out, "%s", bytes.n ? "\n};\n\n" : "0};\n\n");
}

/* The file's name up to its first dot, as part of a C name; "source" if that is
** nothing. */
static const char *embedName(Arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = text_copy(a, text_of(slash ? slash + 1 : path));
    char *z;

    for (z = name; *z && *z != '.'; z++)
        if (!((*z >= 'a' && *z <= 'z') || (*z >= 'A' && *z <= 'Z')
              || (*z >= '0' && *z <= '9' && z > name)))
            *z = '_';
    *z = 0;
    return *name ? name : "source";
}

MIG_FUNC Text embed_write(Arena *a, const char *path, const Folder *files)
{
    const char *name = embedName(a, path);
    sqlite3_str *out = text_begin();
    int i;

    text_append(out, "%s", embedHead);
    for (i = 0; i < files->n; i++)
        if (!files->v[i].is_directory)
            embedBytes(out, i, files->v[i].bytes);
    text_append(out, "static const migrate_file file[] = {\n");
    for (i = 0; i < files->n; i++) {
        text_append(out, "    {");
        embedString(out, files->v[i].name);
        if (files->v[i].is_directory)
            text_append(out, ", 0, 0},\n");
        else
            text_append(out, ", file%d, %d},\n", i, files->v[i].bytes.n);
    }
    text_append(out, "    {0, 0, 0}\n};\n\n"
        "extern const migrate_source %s_migrations;\n"
        "const migrate_source %s_migrations = {1, \"%s\", file, %d};\n",
        name, name, name, files->n);
    return text_of(text_finish(a, out));
}
