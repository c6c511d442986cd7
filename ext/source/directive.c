/*
** Directives.  See directive.h.
*/
#include "directive.h"

static const struct { char word[16]; DirectiveKind kind; } directiveKind[] = {
    {"migrate:up", DIRECTIVE_UP},
    {"migrate:down", DIRECTIVE_DOWN},
    {"migrate:verify", DIRECTIVE_VERIFY},
    {"migrate:if", DIRECTIVE_IF},
    {"migrate:else", DIRECTIVE_ELSE},
    {"migrate:endif", DIRECTIVE_ENDIF},
};

MIG_FUNC Text directive_word(Text *rest)
{
    Text word;
    int n = 0;

    while (rest->n && text_is_space(rest->z[0]))
        *rest = text_slice(*rest, 1, rest->n);
    while (n < rest->n && !text_is_space(rest->z[n]))
        n++;
    word = text_slice(*rest, 0, n);
    *rest = text_slice(*rest, n, rest->n);
    return word;
}

MIG_FUNC Directive directive_read(Text line)
{
    static const char prefix[] = "migrate:";
    int n = (int)sizeof prefix - 1;
    Directive d = {DIRECTIVE_NONE, {NULL, 0}, {NULL, 0}};
    size_t i;

    while (line.n && text_is_space(line.z[0]))
        line = text_slice(line, 1, line.n);
    if (!text_starts(line, "--"))
        return d;
    d.rest = text_slice(line, 2, line.n);
    d.word = directive_word(&d.rest);
    if (d.word.n < n || sqlite3_strnicmp(d.word.z, prefix, n) != 0)
        return d;
    d.kind = DIRECTIVE_WRONG;
    for (i = 0; i < sizeof directiveKind / sizeof *directiveKind; i++)
        if (text_is(d.word, directiveKind[i].word))
            d.kind = directiveKind[i].kind;
    return d;
}

MIG_FUNC const char *directive_problem(Arena *a, const Directive *directive)
{
    return text_format(a, "unknown directive \"%Ts\"; after \"-- migrate:\" "
                       "stands up, verify, down, if, else or endif, in lower "
                       "case and without a blank between", directive->word);
}
