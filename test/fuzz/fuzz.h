/*
** What the fuzzers share.  Each includes the whole extension, and breaks off
** (abort) where something that must hold does not.
*/
#include "../../ext/one.c"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The one of these that a fuzzer defines: the first n bytes of data are the
** input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define MUST(what) \
    ((what) ? (void)0 : fuzzDie(__FILE__, __LINE__, #what))

static void fuzzDie(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

/* What every failure has: one line that begins with the name of its code. */
static void fuzzCheckErr(const Err *err)
{
    const char *z = err_message(err), *name = err_name(err->code);

    if (err->code == ERR_NONE)
        return;
    MUST(err->code != ERR_INTERNAL);
    MUST(strncmp(z, name, strlen(name)) == 0 && z[strlen(name)] == ':');
    MUST(strchr(z, '\n') == NULL);
}
