/*
** Text is a slice of something that lives elsewhere: a file, a message, a
** literal.  Nothing here changes a text; what makes a new one says in which
** arena it lives.
*/
#ifndef MIG_TEXT_H
#define MIG_TEXT_H

#include "arena.h"

/* A list of texts, in an arena. */
typedef struct Names {
    Text *v;
    int n, cap;
} Names;

MIG_FUNC Text text_of(const char *z);               /* NULL is the empty text */
MIG_FUNC Text text_slice(Text t, int from, int to); /* bytes from .. to-1 */
MIG_FUNC int text_eq(Text a, Text b);
MIG_FUNC int text_is(Text t, const char *z);        /* the same, byte by byte */
MIG_FUNC int text_is_nocase(Text t, const char *z); /* folding ASCII only */
MIG_FUNC int text_eq_nocase(Text a, Text b);
MIG_FUNC int text_compare(Text a, Text b);          /* as memcmp, then length */
MIG_FUNC int text_starts(Text t, const char *prefix);
MIG_FUNC int text_find(Text t, char c);             /* its index, or -1 */
MIG_FUNC Text text_trim(Text t);                    /* no white space at the ends */

/* The place, from 0, of t among words, which blanks separate, folding ASCII; -1 if it
** is none of them. */
MIG_FUNC int text_word(Text t, const char *words);

/* Cuts off and returns what stands before the next sep; *rest keeps what
** follows it.  Without a sep all is returned and *rest is empty, with z NULL. */
MIG_FUNC Text text_cut(Text *rest, char sep);

MIG_FUNC int text_is_space(char c);     /* as SQLite: blank, \t \n \f \r */

/* The text, terminated by NUL.  "" with the Err set if memory ran out. */
MIG_FUNC char *text_copy(Arena *a, Text t);

/* Formats (see format.h) into the arena; "" with the Err set if memory ran out. */
MIG_FUNC char *text_format(Arena *a, const char *format, ...);

/* The same piece by piece: text_finish() takes what str holds into the arena, and
** frees str. */
MIG_FUNC sqlite3_str *text_begin(void);
MIG_FUNC void text_append(sqlite3_str *str, const char *format, ...);
MIG_FUNC char *text_finish(Arena *a, sqlite3_str *str);

/* 1 to 64 of A-Z a-z 0-9 _ . and those of more. */
MIG_FUNC int text_is_plain(Text t, const char *more);

/* The offset of the first byte that is no UTF-8 (a surrogate or an overlong form
** neither) or is NUL; -1 if there is none. */
MIG_FUNC int text_bad_utf8(Text t);

/* Line and column of a byte, both from 1; a column counts characters. */
typedef struct Place {
    int line, col;
} Place;
MIG_FUNC Place text_place(Text whole, int offset);

MIG_FUNC void names_push(Arena *a, Names *names, Text t);
MIG_FUNC int names_find(const Names *names, Text t);    /* its index, or -1 */
MIG_FUNC void names_sort(Names *names);                 /* by text_compare() */

/* The names with sep between them. */
MIG_FUNC const char *names_join(Arena *a, const Names *names, const char *sep);


#endif
