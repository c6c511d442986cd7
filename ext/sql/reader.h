/*
** Looking at SQL token by token, one ahead: what the readers of ALTER TABLE and of
** CREATE statements share.  Space and comments are stepped over.
*/
#ifndef MIG_READER_H
#define MIG_READER_H

#include "token.h"

typedef struct Reader {
    Arena *a;
    Text sql;
    Token token;            /* the one that is looked at */
    int offset;             /* behind it */
    int end;                /* of the token before it */
} Reader;

MIG_FUNC Reader reader_begin(Arena *a, Text sql);
MIG_FUNC void reader_next(Reader *r);

/* True if the token is the keyword; "take" steps over it then. */
MIG_FUNC int reader_is(const Reader *r, const char *keyword);
MIG_FUNC int reader_take(Reader *r, const char *keyword);

/* Steps over all of the keywords, blanks between them, or over none. */
MIG_FUNC int reader_take_all(Reader *r, const char *keywords);

/* Steps over a token of that kind. */
MIG_FUNC int reader_take_kind(Reader *r, TokenKind kind);

/* Steps over a name, unquoted into *name; its token into *token, if not NULL. */
MIG_FUNC int reader_take_name(Reader *r, Text *name, Text *token);

/* Steps over "(" ... ")"; *inside is what stands between them. */
MIG_FUNC int reader_take_group(Reader *r, Text *inside);

/* The text from an offset to the last token stepped over. */
MIG_FUNC Text reader_since(const Reader *r, int from);

#endif
