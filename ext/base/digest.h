/*
** Digests.  libsodium is seen here and nowhere else.
*/
#ifndef MIG_DIGEST_H
#define MIG_DIGEST_H

#include "text.h"

#define DIGEST_HEX 65   /* bytes of a SHA-256 in hex, with its NUL */

/* Readies the library: false if it cannot be used. */
MIG_FUNC int digest_init(void);

/* The SHA-256 of a file's bytes with CRLF read as LF, in lower-case hex: what
** sha256sum prints for the same file with Unix line ends. */
MIG_FUNC void digest_text(Text bytes, char hex[DIGEST_HEX]);

#endif
