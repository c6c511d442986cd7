/*
** Digests: SHA-256 (FIPS 180-4), in lower-case hex.
**
** It is our own, and not libsodium's, because a build without libsodium has to find
** the same checksums.
*/
#ifndef MIG_DIGEST_H
#define MIG_DIGEST_H

#include "text.h"

#define DIGEST_HEX 65   /* bytes of a SHA-256 in hex, with its NUL */

/* What sha256sum prints for these bytes. */
MIG_FUNC void digest_bytes(Text bytes, char hex[DIGEST_HEX]);

/* The same with CRLF read as LF: for a file with Unix line ends, what sha256sum
** prints. */
MIG_FUNC void digest_text(Text bytes, char hex[DIGEST_HEX]);

#endif
