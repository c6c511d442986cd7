/*
** What a PRAGMA says.  See pragma.h.
*/
#include "pragma.h"

#include <stdlib.h>

MIG_FUNC Pragma pragma_read(Arena *a, Text sql)
{
    Pragma pragma = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
    int offset = 0;
    Token token = token_next_solid(sql, &offset);

    if (!token_is(token, "PRAGMA"))
        return pragma;
    pragma.name = token_name(a, token_next_solid(sql, &offset));
    token = token_next_solid(sql, &offset);
    if (token.kind == TOKEN_DOT) {
        pragma.schema = pragma.name;
        pragma.name = token_name(a, token_next_solid(sql, &offset));
        token = token_next_solid(sql, &offset);
    }
    if (token.kind == TOKEN_LEFT || text_is(token.text, "=")) {
        token = token_next_solid(sql, &offset);
        pragma.value = token_is_name(token) ? token_name(a, token)
                     : text_slice(sql, token.offset, offset);
    }
    return pragma;
}

MIG_FUNC int pragma_is_true(Text value)
{
    return text_word(value, "on yes true") >= 0
        || (value.n && value.z[0] >= '0' && value.z[0] <= '9' && atoi(value.z) != 0);
}
