/*
** Signatures.  See sign.h.
*/
#include "sign.h"

#ifndef MIGRATE_OMIT_SIGNATURES

#if !defined(SQLITE_CORE) && !defined(SODIUM_STATIC)
#define SODIUM_STATIC           /* it is inside migrate.so, and seen by nobody */
#endif
#include <sodium.h>
#include <stdlib.h>

/* What the second line of a signature file holds. */
typedef struct SignProof {
    unsigned char algorithm[2];
    unsigned char id[8];
    unsigned char signature[crypto_sign_BYTES];
} SignProof;

#ifdef SQLITE_CORE

MIG_FUNC int sign_init(void)
{
    return sodium_init() >= 0;
}

#else

/* Random numbers and faster ciphers, which sodium_init() readies, are not used here;
** but what mentions them would bring 100 KB along.  So these are ours, and are never
** called: sodium_misuse() stands beside sodium_init(), randombytes_buf() brings a
** cipher, and among the rest sodium_init() would choose. */
#define SIGN_UNUSED(name) \
    void name(void); \
    void name(void) \
    { \
        abort(); \
    }

void sodium_misuse(void)
{
    abort();
}

void randombytes_buf(void *const to, const size_t n)
{
    (void)to;
    (void)n;
    abort();
}

SIGN_UNUSED(blake2b_compress_ssse3)
SIGN_UNUSED(blake2b_compress_sse41)
SIGN_UNUSED(blake2b_compress_avx2)

MIG_FUNC int sign_init(void)
{
    return 1;
}

#endif

MIG_FUNC int sign_is_built(void)
{
    return 1;
}

/* Exactly n bytes, from the one spelling that they have in base64: libsodium takes
** some others for it (seen in 1.0.18, of bytes beyond ASCII). */
static int signDecode(Text base64, void *to, size_t n)
{
    const int variant = sodium_base64_VARIANT_ORIGINAL;
    char again[sodium_base64_ENCODED_LEN(sizeof(SignProof),
                                         sodium_base64_VARIANT_ORIGINAL)];
    size_t got;

    return sodium_base642bin(to, n, base64.z ? base64.z : "", (size_t)base64.n, NULL,
                             &got, NULL, variant) == 0 && got == n
        && text_is(base64, sodium_bin2base64(again, sizeof again, to, n, variant));
}

MIG_FUNC int sign_read_key(Text text, SignKey *key)
{
    Text line = text_trim(text);

    if (text_starts(line, "untrusted comment:")) {
        text_cut(&line, '\n');
        line = text_trim(line);
    }
    return signDecode(line, key, sizeof *key)
        && memcmp(key->algorithm, "Ed", sizeof key->algorithm) == 0;
}

/* Cuts off a line, whose end must be there: what follows prefix in it.  z is NULL
** if it does not begin so. */
static Text signLine(Text *rest, const char *prefix)
{
    Text none = {NULL, 0}, line;
    int n = (int)strlen(prefix);

    if (text_find(*rest, '\n') < 0)
        return none;
    line = text_cut(rest, '\n');
    if (line.n && line.z[line.n - 1] == '\r')
        line.n--;
    return text_starts(line, prefix) ? text_slice(line, n, line.n) : none;
}

/* The signature of bytes, or of their digest. */
static int signIsGood(const SignKey *key, const SignProof *proof, Text bytes)
{
    const unsigned char *m = (const unsigned char *)bytes.z;
    unsigned char hash[crypto_generichash_blake2b_BYTES_MAX];   /* BLAKE2b-512 */
    unsigned long long n = (unsigned long long)bytes.n;

    if (memcmp(proof->algorithm, "ED", sizeof proof->algorithm) == 0) {
        if (crypto_generichash_blake2b(hash, sizeof hash, m, n, NULL, 0) != 0)
            return 0;
        m = hash;
        n = sizeof hash;
    } else if (memcmp(proof->algorithm, "Ed", sizeof proof->algorithm) != 0) {
        return 0;
    }
    return crypto_sign_ed25519_verify_detached(proof->signature, m, n, key->key) == 0;
}

/* The trusted comment is signed together with the signature. */
static int signIsGoodComment(Arena *a, const SignKey *key, const SignProof *proof,
                             Text comment, const unsigned char *signature)
{
    size_t n = sizeof proof->signature;
    unsigned char *m = ARENA_NEW(a, unsigned char, n + (size_t)comment.n);

    if (!m)
        return 0;
    memcpy(m, proof->signature, n);
    memcpy(m + n, comment.z, (size_t)comment.n);
    return crypto_sign_ed25519_verify_detached(signature, m, n + (unsigned)comment.n,
                                               key->key) == 0;
}

/* A key's id as minisign prints it. */
static const char *signId(Arena *a, const unsigned char id[8])
{
    u64 n = 0;
    int i;

    for (i = 7; i >= 0; i--)
        n = n << 8 | id[i];
    return text_format(a, "%016llX", n);
}

MIG_FUNC const char *sign_problem(Arena *a, const SignKey *key, Text bytes,
                                  Text signature)
{
    unsigned char global[crypto_sign_BYTES];
    SignProof proof;
    Text rest = signature;
    Text untrusted = signLine(&rest, "untrusted comment: ");
    Text first = signLine(&rest, "");
    Text comment = signLine(&rest, "trusted comment: ");
    Text second = signLine(&rest, "");

    if (!untrusted.z || !comment.z || rest.n
        || !signDecode(first, &proof, sizeof proof)
        || !signDecode(second, global, sizeof global))
        return "it is not what minisign writes";
    if (memcmp(proof.id, key->id, sizeof key->id) != 0)
        return text_format(a, "it was made with key %s, and the trusted key is %s",
                           signId(a, proof.id), signId(a, key->id));
    if (!signIsGood(key, &proof, bytes))
        return "it is not that of these bytes";
    if (!signIsGoodComment(a, key, &proof, comment, global))
        return "its trusted comment is not the one that was signed";
    return NULL;
}

#else

MIG_FUNC int sign_init(void)
{
    return 1;
}

MIG_FUNC int sign_is_built(void)
{
    return 0;
}

MIG_FUNC int sign_read_key(Text text, SignKey *key)
{
    (void)text;
    (void)key;
    return 0;
}

MIG_FUNC const char *sign_problem(Arena *a, const SignKey *key, Text bytes,
                                  Text signature)
{
    (void)a;
    (void)key;
    (void)bytes;
    (void)signature;
    return "this build checks no signatures";
}

#endif
