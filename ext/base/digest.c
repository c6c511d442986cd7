/*
** Digests.  See digest.h.  Names are those of FIPS 180-4, section 6.2.
*/
#include "digest.h"

#define DIGEST_BLOCK 64

typedef struct Digest {
    unsigned h[8];                          /* the hash so far, 32 bits each */
    unsigned char block[DIGEST_BLOCK];      /* what does not fill a block yet */
    u64 n;                                  /* bytes in all */
} Digest;

static const unsigned digestK[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
};

static unsigned digestRotate(unsigned x, int n)
{
    return x >> n | x << (32 - n);
}

/* The message schedule W of a block. */
static void digestSchedule(const unsigned char *block, unsigned w[64])
{
    int t;

    for (t = 0; t < 16; t++, block += 4)
        w[t] = (unsigned)block[0] << 24 | (unsigned)block[1] << 16
             | (unsigned)block[2] << 8 | (unsigned)block[3];
    for (; t < 64; t++) {
        unsigned s0 = digestRotate(w[t - 15], 7) ^ digestRotate(w[t - 15], 18)
                    ^ w[t - 15] >> 3;
        unsigned s1 = digestRotate(w[t - 2], 17) ^ digestRotate(w[t - 2], 19)
                    ^ w[t - 2] >> 10;
        w[t] = s1 + w[t - 7] + s0 + w[t - 16];
    }
}

static void digestBlock(Digest *d, const unsigned char *block)
{
    unsigned w[64], v[8], t1, t2;
    int t, i;

    digestSchedule(block, w);
    memcpy(v, d->h, sizeof v);
    for (t = 0; t < 64; t++) {
        unsigned a = v[0], b = v[1], c = v[2], e = v[4];
        t1 = v[7] + (digestRotate(e, 6) ^ digestRotate(e, 11) ^ digestRotate(e, 25))
           + ((e & v[5]) ^ (~e & v[6])) + digestK[t] + w[t];
        t2 = (digestRotate(a, 2) ^ digestRotate(a, 13) ^ digestRotate(a, 22))
           + ((a & b) ^ (a & c) ^ (b & c));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (i = 0; i < 8; i++)
        d->h[i] += v[i];
}

static void digestInit(Digest *d)
{
    static const unsigned h[8] = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
        0x1f83d9ab, 0x5be0cd19
    };

    memcpy(d->h, h, sizeof h);
    d->n = 0;
}

static void digestAdd(Digest *d, const void *bytes, size_t n)
{
    const unsigned char *z = bytes;
    size_t held = (size_t)(d->n % DIGEST_BLOCK), room;

    d->n += n;
    if (held) {
        room = DIGEST_BLOCK - held < n ? DIGEST_BLOCK - held : n;
        memcpy(d->block + held, z, room);
        if (held + room < DIGEST_BLOCK)
            return;
        digestBlock(d, d->block);
        z += room;
        n -= room;
    }
    for (; n >= DIGEST_BLOCK; z += DIGEST_BLOCK, n -= DIGEST_BLOCK)
        digestBlock(d, z);
    if (n)
        memcpy(d->block, z, n);
}

/* A one bit, zeros, and the length in bits fill the last block. */
static void digestFinish(Digest *d, char hex[DIGEST_HEX])
{
    static const unsigned char one = 0x80, zero = 0;
    unsigned char length[8];
    u64 n = d->n * 8;
    int i;

    for (i = 0; i < 8; i++)
        length[i] = (unsigned char)(n >> (56 - 8 * i));
    digestAdd(d, &one, 1);
    while (d->n % DIGEST_BLOCK != DIGEST_BLOCK - sizeof length)
        digestAdd(d, &zero, 1);
    digestAdd(d, length, sizeof length);
    for (i = 0; i < 64; i++)
        hex[i] = "0123456789abcdef"[d->h[i / 8] >> (28 - 4 * (i % 8)) & 15];
    hex[64] = 0;
}

MIG_FUNC void digest_bytes(Text bytes, char hex[DIGEST_HEX])
{
    Digest d;

    digestInit(&d);
    digestAdd(&d, bytes.z, (size_t)bytes.n);
    digestFinish(&d, hex);
}

MIG_FUNC void digest_text(Text bytes, char hex[DIGEST_HEX])
{
    const char *z = bytes.z;
    Digest d;
    int from = 0, i;

    digestInit(&d);
    for (i = 0; i + 1 < bytes.n; i++) {
        if (z[i] == '\r' && z[i + 1] == '\n') {
            digestAdd(&d, z + from, (size_t)(i - from));
            from = i + 1;
        }
    }
    if (bytes.n)
        digestAdd(&d, z + from, (size_t)(bytes.n - from));
    digestFinish(&d, hex);
}
