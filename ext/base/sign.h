/*
** Signatures, as minisign makes them (https://jedisct1.github.io/minisign/).
** libsodium is seen in sign.c and nowhere else; a build without it
** (MIGRATE_OMIT_SIGNATURES) knows no key and finds no signature good.
**
** A public key is what minisign.pub holds: a comment, and a line of base64, which
** will do without the comment.  A signature is a file of four lines:
**
**     untrusted comment: whatever
**     base64 of: algorithm (Ed, or ED: of the BLAKE2b-512), key id, signature
**     trusted comment: signed with it
**     base64 of: the signature of signature and trusted comment
*/
#ifndef MIG_SIGN_H
#define MIG_SIGN_H

#include "text.h"

typedef struct SignKey {
    unsigned char algorithm[2];     /* "Ed" */
    unsigned char id[8];
    unsigned char key[32];
} SignKey;

/* Readies the library: false if it cannot be used. */
MIG_FUNC int sign_init(void);

/* True if this build can check signatures. */
MIG_FUNC int sign_is_built(void);

/* Reads a public key: false if that is none. */
MIG_FUNC int sign_read_key(Text text, SignKey *key);

/* What is wrong with the signature of bytes by key; NULL if it is good.  All of it
** is checked but the untrusted comment. */
MIG_FUNC const char *sign_problem(Arena *a, const SignKey *key, Text bytes,
                                  Text signature);

#endif
