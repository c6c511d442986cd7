/*
** SQL as a row of tokens.  See token.h.
*/
#include "token.h"

/* True for a byte that may stand within a word. */
static int tokenIsWord(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9') || c == '_' || c == '$'
        || (unsigned char)c >= 0x80;
}

static int tokenIsDigit(char c)
{
    return c >= '0' && c <= '9';
}

static int tokenIsHex(char c)
{
    return tokenIsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* The length of the quoted text at z; *closed tells whether it ends. */
static int tokenQuoted(Text z, char end, int *closed)
{
    int i;

    *closed = 0;
    for (i = 1; i < z.n; i++) {
        if (z.z[i] != end)
            continue;
        if (end != ']' && i + 1 < z.n && z.z[i + 1] == end) {
            i++;
            continue;
        }
        *closed = 1;
        return i + 1;
    }
    return z.n;
}

/* Digits, with a single _ between two of them (SQLite 3.46). */
static int tokenDigits(Text z, int i, int (*is_digit)(char))
{
    while (i < z.n && (is_digit(z.z[i])
           || (z.z[i] == '_' && i && is_digit(z.z[i - 1]) && i + 1 < z.n
               && is_digit(z.z[i + 1]))))
        i++;
    return i;
}

static int tokenNumber(Text z, TokenKind *kind)
{
    int i;

    *kind = TOKEN_NUMBER;
    if (z.n > 2 && z.z[0] == '0' && (z.z[1] == 'x' || z.z[1] == 'X')
        && tokenIsHex(z.z[2])) {
        i = tokenDigits(z, 2, tokenIsHex);
    } else {
        i = tokenDigits(z, 0, tokenIsDigit);
        if (i < z.n && z.z[i] == '.')
            i = tokenDigits(z, i + 1, tokenIsDigit);
        if (i < z.n && (z.z[i] == 'e' || z.z[i] == 'E')) {
            int sign = i + 1 < z.n && (z.z[i + 1] == '+' || z.z[i + 1] == '-');
            if (i + 1 + sign < z.n && tokenIsDigit(z.z[i + 1 + sign]))
                i = tokenDigits(z, i + 1 + sign, tokenIsDigit);
        }
    }
    while (i < z.n && tokenIsWord(z.z[i])) {
        *kind = TOKEN_ILLEGAL;
        i++;
    }
    return i;
}

/* $name::part(suffix), and the same after @ : # */
static int tokenVariable(Text z, TokenKind *kind)
{
    int i, nchar = 0;

    *kind = TOKEN_VARIABLE;
    for (i = 1; i < z.n; i++) {
        if (tokenIsWord(z.z[i])) {
            nchar++;
        } else if (z.z[i] == '(' && nchar) {
            do
                i++;
            while (i < z.n && !text_is_space(z.z[i]) && z.z[i] != ')');
            if (i < z.n && z.z[i] == ')')
                i++;
            else
                *kind = TOKEN_ILLEGAL;
            break;
        } else if (z.z[i] == ':' && i + 1 < z.n && z.z[i + 1] == ':') {
            i++;
        } else {
            break;
        }
    }
    if (nchar == 0)
        *kind = TOKEN_ILLEGAL;
    return i;
}

static int tokenBlob(Text z, TokenKind *kind)
{
    int i = 2;

    *kind = TOKEN_BLOB;
    while (i < z.n && tokenIsHex(z.z[i]))
        i++;
    if (i >= z.n || z.z[i] != '\'' || i % 2) {
        *kind = TOKEN_ILLEGAL;
        while (i < z.n && z.z[i] != '\'')
            i++;
    }
    return i < z.n ? i + 1 : i;
}

/* The length of the token at the start of z, which is not empty. */
static int tokenLength(Text z, TokenKind *kind)
{
    char c = z.z[0], next = z.n > 1 ? z.z[1] : 0;
    int i, closed;

    *kind = TOKEN_OPERATOR;
    if (text_is_space(c)) {
        *kind = TOKEN_SPACE;
        for (i = 1; i < z.n && (text_is_space(z.z[i]) || z.z[i] == '\v'); i++) {}
        return i;           /* \v: not at the start of it */
    }
    switch (c) {
    case '-':
        if (next == '-') {
            *kind = TOKEN_COMMENT;
            i = text_find(z, '\n');
            return i < 0 ? z.n : i;
        }
        return next == '>' ? (z.n > 2 && z.z[2] == '>' ? 3 : 2) : 1;
    case '/':
        if (next != '*' || z.n < 3)
            return 1;
        *kind = TOKEN_COMMENT;
        for (i = 3; i < z.n && (z.z[i - 1] != '*' || z.z[i] != '/'); i++) {}
        return i < z.n ? i + 1 : i;
    case '(': *kind = TOKEN_LEFT; return 1;
    case ')': *kind = TOKEN_RIGHT; return 1;
    case ';': *kind = TOKEN_SEMICOLON; return 1;
    case ',': *kind = TOKEN_COMMA; return 1;
    case '+': case '*': case '%': case '&': case '~': return 1;
    case '=': return next == '=' ? 2 : 1;
    case '<': return next == '=' || next == '>' || next == '<' ? 2 : 1;
    case '>': return next == '=' || next == '>' ? 2 : 1;
    case '|': return next == '|' ? 2 : 1;
    case '!':
        if (next == '=')
            return 2;
        *kind = TOKEN_ILLEGAL;
        return 1;
    case '\'': case '"': case '`': case '[':
        i = tokenQuoted(z, c == '[' ? ']' : c, &closed);
        *kind = !closed ? TOKEN_ILLEGAL
              : c == '\'' ? TOKEN_STRING : TOKEN_QUOTED;
        return i;
    case '.':
        if (tokenIsDigit(next))
            return tokenNumber(z, kind);
        *kind = TOKEN_DOT;
        return 1;
    case '?':
        *kind = TOKEN_VARIABLE;
        for (i = 1; i < z.n && tokenIsDigit(z.z[i]); i++) {}
        return i;
    case '$': case '@': case '#': case ':':
        return tokenVariable(z, kind);
    case 'x': case 'X':
        if (next == '\'')
            return tokenBlob(z, kind);
        break;
    }
    if (tokenIsDigit(c))
        return tokenNumber(z, kind);
    if (z.n >= 3 && memcmp(z.z, "\xef\xbb\xbf", 3) == 0) {
        *kind = TOKEN_SPACE;        /* a byte order mark, SQLite 3.42 */
        return 3;
    }
    *kind = tokenIsWord(c) ? TOKEN_WORD : TOKEN_ILLEGAL;
    for (i = 1; *kind == TOKEN_WORD && i < z.n && tokenIsWord(z.z[i]); i++) {}
    return i;
}

MIG_FUNC Token token_next(Text sql, int *offset)
{
    Token token = {TOKEN_END, {sql.z + *offset, 0}, *offset};

    if (*offset < sql.n) {
        Text rest = text_slice(sql, *offset, sql.n);
        token.text.n = tokenLength(rest, &token.kind);
        *offset += token.text.n;
    }
    return token;
}

MIG_FUNC Token token_next_solid(Text sql, int *offset)
{
    Token token;

    do
        token = token_next(sql, offset);
    while (token.kind == TOKEN_SPACE || token.kind == TOKEN_COMMENT);
    return token;
}

MIG_FUNC int token_is(Token token, const char *keyword)
{
    return token.kind == TOKEN_WORD && text_is_nocase(token.text, keyword);
}

MIG_FUNC int token_is_any(Token token, const char *keywords)
{
    return token.kind == TOKEN_WORD && text_word(token.text, keywords) >= 0;
}

MIG_FUNC int token_is_name(Token token)
{
    return token.kind == TOKEN_WORD || token.kind == TOKEN_QUOTED
        || token.kind == TOKEN_STRING;
}

MIG_FUNC Text token_name(Arena *a, Token token)
{
    Text name = token.text;
    char *to, quote;
    int i;

    if (token.kind != TOKEN_QUOTED && token.kind != TOKEN_STRING)
        return name;
    quote = name.z[0];
    name = text_slice(name, 1, name.n - 1);
    if (quote == '[' || text_find(name, quote) < 0)
        return name;
    to = ARENA_NEW(a, char, name.n + 1);
    if (!to)
        return name;
    token.text = name;
    for (i = name.n = 0; i < token.text.n; i++) {
        to[name.n++] = token.text.z[i];
        if (token.text.z[i] == quote)
            i++;
    }
    name.z = to;
    return name;
}

MIG_FUNC int token_is_open(Token token)
{
    Text t = token.text;

    if (token.kind == TOKEN_COMMENT)
        return text_starts(t, "/*")
            && (t.n < 4 || t.z[t.n - 2] != '*' || t.z[t.n - 1] != '/');
    return token.kind == TOKEN_ILLEGAL && t.n && t.z[0]
        && strchr("'\"`[", t.z[0]) != NULL;
}
