/*
** An input taken apart: small numbers, one after the other; all 0 at its end.
*/
typedef struct Bytes {
    const uint8_t *v;
    size_t n;
} Bytes;

static int bytesNext(Bytes *b)
{
    if (b->n == 0)
        return 0;
    b->n--;
    return *b->v++;
}

/* A number below limit. */
static int bytesBelow(Bytes *b, int limit)
{
    return bytesNext(b) % limit;
}
