/*
** Slices of text.  See text.h.
*/
#include "text.h"

#include <stdlib.h>
#include <string.h>

MIG_FUNC Text text_of(const char *z)
{
    Text t = {z, z ? (int)strlen(z) : 0};
    return t;
}

MIG_FUNC Text text_slice(Text t, int from, int to)
{
    Text part = {t.z + from, to - from};
    return part;
}

MIG_FUNC int text_eq(Text a, Text b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.z, b.z, (size_t)a.n) == 0);
}

MIG_FUNC int text_is(Text t, const char *z)
{
    return text_eq(t, text_of(z));
}

MIG_FUNC int text_eq_nocase(Text a, Text b)
{
    return a.n == b.n && (a.n == 0 || sqlite3_strnicmp(a.z, b.z, a.n) == 0);
}

MIG_FUNC int text_is_nocase(Text t, const char *z)
{
    return text_eq_nocase(t, text_of(z));
}

MIG_FUNC int text_compare(Text a, Text b)
{
    int n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.z, b.z, (size_t)n) : 0;
    return c ? c : a.n - b.n;
}

MIG_FUNC int text_starts(Text t, const char *prefix)
{
    int n = (int)strlen(prefix);
    return t.n >= n && (n == 0 || memcmp(t.z, prefix, (size_t)n) == 0);
}

MIG_FUNC int text_find(Text t, char c)
{
    const char *z = t.n ? memchr(t.z, c, (size_t)t.n) : NULL;
    return z ? (int)(z - t.z) : -1;
}

MIG_FUNC int text_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

MIG_FUNC Text text_trim(Text t)
{
    while (t.n && text_is_space(t.z[0]))
        t.z++, t.n--;
    while (t.n && text_is_space(t.z[t.n - 1]))
        t.n--;
    return t;
}

MIG_FUNC Text text_cut(Text *rest, char sep)
{
    int i = text_find(*rest, sep);
    Text head = *rest;

    if (i < 0) {
        rest->z = NULL;
        rest->n = 0;
    } else {
        head.n = i;
        rest->z += i + 1;
        rest->n -= i + 1;
    }
    return head;
}

MIG_FUNC int text_word(Text t, const char *words)
{
    Text rest = text_of(words);
    int i;

    for (i = 0; rest.z; i++)
        if (text_eq_nocase(t, text_cut(&rest, ' ')))
            return i;
    return -1;
}

MIG_FUNC char *text_copy(Arena *a, Text t)
{
    char *z = arena_alloc(a, (u64)t.n + 1);

    if (!z)
        return "";
    if (t.n)
        memcpy(z, t.z, (size_t)t.n);
    return z;
}

MIG_FUNC char *text_format(Arena *a, const char *format, ...)
{
    va_list args;
    sqlite3_str *str = text_begin();

    va_start(args, format);
    format_append(str, format, args);
    va_end(args);
    return text_finish(a, str);
}

MIG_FUNC sqlite3_str *text_begin(void)
{
    return sqlite3_str_new(NULL);
}

MIG_FUNC void text_append(sqlite3_str *str, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    format_append(str, format, args);
    va_end(args);
}

MIG_FUNC char *text_finish(Arena *a, sqlite3_str *str)
{
    int rc = sqlite3_str_errcode(str);
    int n = sqlite3_str_length(str);
    char *z = sqlite3_str_finish(str);
    char *copy = "";
    Text t = {z, n};

    if (rc == SQLITE_OK)
        copy = text_copy(a, t);
    else
        err_set(a->err, ERR_NO_MEMORY, "out of memory");
    sqlite3_free(z);
    return copy;
}

MIG_FUNC int text_is_plain(Text t, const char *more)
{
    int i;

    for (i = 0; i < t.n; i++) {
        char c = t.z[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9') || c == '_' || c == '.'
              || (c && strchr(more, c))))
            return 0;
    }
    return t.n >= 1 && t.n <= 64;
}

/* The length of the UTF-8 sequence at z, of which n bytes are left; 0 if it is
** none. */
static int textSequence(const unsigned char *z, int n)
{
    int len = z[0] < 0x80 ? 1 : z[0] < 0xc2 ? 0 : z[0] < 0xe0 ? 2
            : z[0] < 0xf0 ? 3 : z[0] < 0xf5 ? 4 : 0;
    int i;

    if (len == 0 || len > n)
        return 0;
    for (i = 1; i < len; i++)
        if ((z[i] & 0xc0) != 0x80)
            return 0;
    if ((z[0] == 0xe0 && z[1] < 0xa0) || (z[0] == 0xed && z[1] > 0x9f)
        || (z[0] == 0xf0 && z[1] < 0x90) || (z[0] == 0xf4 && z[1] > 0x8f))
        return 0;
    return len;
}

MIG_FUNC int text_bad_utf8(Text t)
{
    int i = 0;

    while (i < t.n) {
        int len = textSequence((const unsigned char *)t.z + i, t.n - i);
        if (len == 0 || t.z[i] == 0)
            return i;
        i += len;
    }
    return -1;
}

MIG_FUNC Place text_place(Text whole, int offset)
{
    Place place = {1, 1};
    int i;

    for (i = 0; i < offset && i < whole.n; i++) {
        if (whole.z[i] == '\n') {
            place.line++;
            place.col = 1;
        } else if ((whole.z[i] & 0xc0) != 0x80) {
            place.col++;
        }
    }
    return place;
}

MIG_FUNC void names_push(Arena *a, Names *names, Text t)
{
    if (ARENA_PUSH(a, names->v, names->n, names->cap))
        names->v[names->n++] = t;
}

MIG_FUNC int names_find(const Names *names, Text t)
{
    int i;

    for (i = 0; i < names->n; i++)
        if (text_eq(names->v[i], t))
            return i;
    return -1;
}

static int namesCompare(const void *a, const void *b)
{
    return text_compare(*(const Text *)a, *(const Text *)b);
}

MIG_FUNC void names_sort(Names *names)
{
    if (names->n > 1)
        qsort(names->v, (size_t)names->n, sizeof *names->v, namesCompare);
}

MIG_FUNC const char *names_join(Arena *a, const Names *names, const char *sep)
{
    sqlite3_str *str = text_begin();
    int i;

    for (i = 0; i < names->n; i++)
        text_append(str, "%s%Ts", i ? sep : "", names->v[i]);
    return text_finish(a, str);
}
