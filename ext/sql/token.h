/*
** SQL as a row of tokens, cut as SQLite's own tokenizer cuts it.
**
** Source of the rules: SQLite's tokenize.c; https://www.sqlite.org/lang.html.
** Nothing is lost: the tokens of a text, put together, are the text.
*/
#ifndef MIG_TOKEN_H
#define MIG_TOKEN_H

#include "../base/text.h"

typedef enum TokenKind {
    TOKEN_END,          /* of the text; empty */
    TOKEN_SPACE,
    TOKEN_COMMENT,      /* to the end of the line (without it), or C-style */
    TOKEN_WORD,         /* a bare word: a keyword or a name */
    TOKEN_QUOTED,       /* a name in "", [] or `` */
    TOKEN_STRING,       /* in '' */
    TOKEN_BLOB,         /* x'..' */
    TOKEN_NUMBER,
    TOKEN_VARIABLE,     /* ?, ?1, :name, @name, $name, #1 */
    TOKEN_SEMICOLON,
    TOKEN_LEFT,         /* ( */
    TOKEN_RIGHT,        /* ) */
    TOKEN_COMMA,
    TOKEN_DOT,
    TOKEN_OPERATOR,     /* any other sign that SQLite knows */
    TOKEN_ILLEGAL       /* what SQLite calls an unrecognized token */
} TokenKind;

typedef struct Token {
    TokenKind kind;
    Text text;
    int offset;         /* of its first byte */
} Token;

/* The token at *offset, which moves behind it. */
MIG_FUNC Token token_next(Text sql, int *offset);

/* The next token that is neither space nor comment. */
MIG_FUNC Token token_next_solid(Text sql, int *offset);

/* True for a bare word that spells the keyword, in any case. */
MIG_FUNC int token_is(Token token, const char *keyword);

/* The same for several, which blanks separate. */
MIG_FUNC int token_is_any(Token token, const char *keywords);

/* True for what SQLite takes for a name: a word, a quoted name, a string. */
MIG_FUNC int token_is_name(Token token);

/* The name that a token spells, without its quotes. */
MIG_FUNC Text token_name(Arena *a, Token token);

/* True for a C-style comment that does not end, and for an unclosed quote. */
MIG_FUNC int token_is_open(Token token);

#endif
