/*
** Text that is put together.  See format.h.
*/
#include "format.h"

/* Between "%" and the letter; "*" before a text only. */
#define FORMAT_MODIFIERS "0123456789.-!*l"
#define FORMAT_SPEC_MAX 15

static void formatText(sqlite3_str *str, char letter, Text t)
{
    char spec[] = "%.*s";

    spec[3] = letter;
    sqlite3_str_appendf(str, spec, t.n, t.z ? t.z : "");
}

MIG_FUNC void format_append(sqlite3_str *str, const char *format, va_list args)
{
    char spec[FORMAT_SPEC_MAX + 1];
    size_t n;
    int width;

    for (;;) {
        n = strcspn(format, "%");
        sqlite3_str_append(str, format, (int)n);
        format += n;
        if (!*format)
            return;
        n = 1 + strspn(format + 1, FORMAT_MODIFIERS);
        if (n >= FORMAT_SPEC_MAX)
            n = FORMAT_SPEC_MAX - 1;
        memcpy(spec, format, n + 1);
        spec[n + 1] = '\0';
        switch (spec[n]) {
        case 'T':
            formatText(str, format[++n], va_arg(args, Text));
            break;
        case 's': case 'Q': case 'w': case 'q': case 'p':
            if (spec[n - 1] == '*') {
                width = va_arg(args, int);
                sqlite3_str_appendf(str, spec, width, va_arg(args, char *));
            } else {
                sqlite3_str_appendf(str, spec, va_arg(args, char *));
            }
            break;
        case 'e': case 'f': case 'g':
            sqlite3_str_appendf(str, spec, va_arg(args, double));
            break;
        case '%':
            sqlite3_str_appendchar(str, 1, '%');
            break;
        default:
            if (spec[n - 1] == 'l')
                sqlite3_str_appendf(str, spec, va_arg(args, i64));
            else
                sqlite3_str_appendf(str, spec, va_arg(args, int));
        }
        format += n + 1;
    }
}

MIG_FUNC char *format_vnew(const char *format, va_list args)
{
    sqlite3_str *str = sqlite3_str_new(NULL);
    int rc;
    char *z;

    format_append(str, format, args);
    rc = sqlite3_str_errcode(str);
    z = sqlite3_str_finish(str);
    if (!z && rc == SQLITE_OK)
        z = sqlite3_mprintf("");        /* nothing is no str, either */
    return z;
}

MIG_FUNC char *format_new(const char *format, ...)
{
    va_list args;
    char *z;

    va_start(args, format);
    z = format_vnew(format, args);
    va_end(args);
    return z;
}
