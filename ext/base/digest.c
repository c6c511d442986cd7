/*
** Digests.  See digest.h.
*/
#include "digest.h"

#include <sodium.h>

MIG_FUNC int digest_init(void)
{
    return sodium_init() >= 0;
}

MIG_FUNC void digest_text(Text bytes, char hex[DIGEST_HEX])
{
    crypto_hash_sha256_state state;
    unsigned char hash[crypto_hash_sha256_BYTES];
    const unsigned char *z = (const unsigned char *)bytes.z;
    int from = 0, i;

    crypto_hash_sha256_init(&state);
    for (i = 0; i + 1 < bytes.n; i++) {
        if (z[i] == '\r' && z[i + 1] == '\n') {
            crypto_hash_sha256_update(&state, z + from,
                                      (unsigned long long)(i - from));
            from = i + 1;
        }
    }
    crypto_hash_sha256_update(&state, z + from,
                              (unsigned long long)(bytes.n - from));
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(hex, DIGEST_HEX, hash, sizeof hash);
}
