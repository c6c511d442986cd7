/*
** inih and what stands in for it: both must make the same of any lines.
**
**     inih N SEED      N texts, made up; exits with 1 at the first difference
*/
#define _DEFAULT_SOURCE
#include <ini.h>

/* Ours, by other names. */
#define ini_parse_stream our_parse_stream
#define ini_reader our_reader
#define ini_handler our_handler
#undef INI_MAX_LINE
#define MIGRATE_OMIT_INIH
#define MIGRATE_OMIT_SIGNATURES
#define SQLITE_CORE
#include "../ext/one.c"
#undef ini_parse_stream

#include <stdio.h>

/* Lines in, a record of what was told out. */
typedef struct Record {
    const char *rest;
    char told[20000];
    int n;
} Record;

static char *recordLine(char *to, int size, void *context)
{
    Record *record = context;
    int n = 0;

    if (!*record->rest)
        return NULL;
    while (n < size - 1 && record->rest[n] && (n == 0 || record->rest[n - 1] != '\n'))
        n++;
    memcpy(to, record->rest, (size_t)n);
    to[n] = 0;
    record->rest += n;
    return to;
}

/* Not every value is taken. */
static int recordEntry(void *context, const char *section, const char *key,
                       const char *value)
{
    Record *record = context;

    record->n += snprintf(record->told + record->n,
                          sizeof record->told - (size_t)record->n, "<%s|%s|%s>",
                          section, key, value);
    return *value != 'x';
}

static unsigned random_next(unsigned *seed)
{
    return (*seed = *seed * 1103515245u + 12345u) >> 16;
}

static void makeText(char *to, int n, unsigned *seed)
{
    static const char letters[] = "[]==::;;##    \t\v\r\n\n\n\n\nxab\xc3\xa4";

    while (n-- > 0)
        *to++ = letters[random_next(seed) % (sizeof letters - 1)];
    *to = 0;
}

int main(int argc, char **argv)
{
    static Record theirs, ours;
    static char text[400];
    int n = argc > 2 ? atoi(argv[1]) : 0, line, ourLine;
    unsigned seed = argc > 2 ? (unsigned)atoi(argv[2]) : 0;

    for (; n > 0; n--) {
        makeText(text, (int)(random_next(&seed) % (sizeof text - 1)), &seed);
        theirs.n = ours.n = 0;
        theirs.told[0] = ours.told[0] = 0;
        theirs.rest = ours.rest = text;
        line = ini_parse_stream(recordLine, &theirs, recordEntry, &theirs);
        ourLine = our_parse_stream(recordLine, &ours, recordEntry, &ours);
        if (line != ourLine || strcmp(theirs.told, ours.told) != 0) {
            printf("%s\n----\ninih: %d %s\nours: %d %s\n", text, line, theirs.told,
                   ourLine, ours.told);
            return 1;
        }
    }
    return 0;
}
