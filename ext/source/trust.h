/*
** Trust: the key that a source must be signed with, and whether it is.
**
** The key is the one that was compiled in (-DMIGRATE_TRUSTED_KEY='"RW..."'); else
** the connection's, migrate_config('trusted_key'); else $MIGRATE_TRUSTED_KEY.
** Without one no signature is asked for.  One that is compiled in can be named
** again, but no other in its place: that is refused, and so is every source while
** $MIGRATE_TRUSTED_KEY names another.
*/
#ifndef MIG_TRUST_H
#define MIG_TRUST_H

#include "config.h"

/* True if a key is compiled in. */
MIG_FUNC int trust_has_compiled(void);

/* Reports a text that cannot be the connection's key.  Errors: bad-config (no key),
** refused (another one is compiled in), unsupported (a build without signatures). */
MIG_FUNC void trust_check_key(Arena *a, const char *text);

/* Reports a source that must not be believed: bytes, the content of the file at
** path, that are not signed by PATH.minisig, or a directory.
** Errors: bad-signature, and those of the key. */
MIG_FUNC void trust_check_file(Arena *a, const Config *config, const char *path,
                               Text bytes);
MIG_FUNC void trust_check_directory(Arena *a, const Config *config,
                                    const char *path);

#endif
