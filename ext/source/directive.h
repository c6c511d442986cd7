/*
** Directives: the comment lines of a revision file that say what the SQL after
** them is for.
**
**     -- migrate:up transaction:false
**
** Blanks before and after the dashes do not matter; the words are in lower case,
** with nothing within "migrate:up".  Whatever else begins with "-- migrate:", in
** any case, is a wrong directive, never a comment.
*/
#ifndef MIG_DIRECTIVE_H
#define MIG_DIRECTIVE_H

#include "../base/text.h"

typedef enum DirectiveKind {
    DIRECTIVE_NONE,         /* a comment like any other, or no comment */
    DIRECTIVE_WRONG,
    DIRECTIVE_UP, DIRECTIVE_VERIFY, DIRECTIVE_DOWN,
    DIRECTIVE_IF, DIRECTIVE_ELSE, DIRECTIVE_ENDIF
} DirectiveKind;

typedef struct Directive {
    DirectiveKind kind;
    Text word;              /* "migrate:up", a slice of the line */
    Text rest;              /* what follows it on the line */
} Directive;

/* What a line, or the comment on it, is. */
MIG_FUNC Directive directive_read(Text line);

/* What a message says of a wrong one. */
MIG_FUNC const char *directive_problem(Arena *a, const Directive *directive);

/* Cuts the next word off *rest; it is empty at the end. */
MIG_FUNC Text directive_word(Text *rest);

#endif
