/*
** Trust.  See trust.h.
*/
#include "trust.h"

#include "../base/file.h"
#include "../base/sign.h"

#ifdef MIGRATE_TRUSTED_KEY
#ifdef MIGRATE_OMIT_SIGNATURES
#error "MIGRATE_TRUSTED_KEY needs signatures: build without MIGRATE_OMIT_SIGNATURES"
#endif
#define TRUST_COMPILED MIGRATE_TRUSTED_KEY
#else
#define TRUST_COMPILED NULL
#endif

/* minisign's own limits on comments come to less. */
#define TRUST_SIGNATURE_MAX 16384

MIG_FUNC int trust_has_compiled(void)
{
    return TRUST_COMPILED != NULL;
}

/* Reads a key; origin is what a message calls it. */
static void trustReadKey(Arena *a, const char *origin, const char *text,
                         SignKey *key)
{
    if (!sign_is_built())
        err_set(a->err, ERR_UNSUPPORTED, "%s: this build checks no signatures; take "
                "one that was made with libsodium", origin);
    else if (!sign_read_key(text_of(text), key))
        err_set(a->err, ERR_BAD_CONFIG, "%s = %s: not a public key of minisign; it is "
                "the second line of minisign.pub", origin, text);
}

/* Refuses a key that is not the one compiled in, if there is one. */
static void trustCompare(Arena *a, const char *origin, const SignKey *key)
{
    SignKey compiled;

    if (!TRUST_COMPILED || !ok(a))
        return;
    trustReadKey(a, "the key compiled in", TRUST_COMPILED, &compiled);
    if (ok(a) && memcmp(key, &compiled, sizeof compiled) != 0)
        err_set(a->err, ERR_REFUSED, "%s: another key is compiled in, and no other "
                "is trusted", origin);
}

MIG_FUNC void trust_check_key(Arena *a, const char *text)
{
    SignKey key;

    trustReadKey(a, "trusted_key", text, &key);
    trustCompare(a, "trusted_key", &key);
}

/* True if a key is trusted: reads it.  False, with the Err set, if it cannot be. */
static int trustKey(Arena *a, const Config *config, SignKey *key)
{
    const char *origin = "trusted_key";
    const char *text = config_text(config, "trusted_key");

    if (!text) {
        origin = "$MIGRATE_TRUSTED_KEY";
        text = file_env("MIGRATE_TRUSTED_KEY");
    }
    if (!text || !*text) {
        origin = "the key compiled in";
        text = TRUST_COMPILED;
    }
    if (!text)
        return 0;
    trustReadKey(a, origin, text, key);
    trustCompare(a, origin, key);
    return ok(a);
}

MIG_FUNC void trust_check_directory(Arena *a, const Config *config, const char *path)
{
    SignKey key;

    if (trustKey(a, config, &key))
        err_set(a->err, ERR_BAD_SIGNATURE, "%s: a source must be signed with the "
                "trusted key, and a directory cannot be; make a bundle of it with "
                "\"migrate bundle\" and sign that", path);
}

/* The signature beside a file, read once as well. */
static Text trustSignature(Arena *a, const char *path)
{
    const char *beside = text_format(a, "%s.minisig", path);
    char *buffer = ARENA_NEW(a, char, TRUST_SIGNATURE_MAX + 1);
    Text signature = {NULL, 0};
    int whole;

    if (ok(a) && file_kind(beside) != FILE_REGULAR) {
        err_set(a->err, ERR_BAD_SIGNATURE, "%s: there is no %s beside it; make it "
                "with \"minisign -S -m %s\"", path, beside, path);
        return signature;
    }
    signature = file_read_head(a, beside, buffer, TRUST_SIGNATURE_MAX, &whole);
    if (ok(a) && !whole)
        err_set(a->err, ERR_BAD_SIGNATURE, "%s: %s is too long for a signature",
                path, beside);
    return signature;
}

MIG_FUNC void trust_check_file(Arena *a, const Config *config, const char *path,
                               Text bytes)
{
    const char *problem;
    Text signature;
    SignKey key;

    if (!ok(a) || !trustKey(a, config, &key))
        return;
    signature = trustSignature(a, path);
    if (!ok(a))
        return;
    problem = sign_problem(a, &key, bytes, signature);
    if (problem)
        err_set(a->err, ERR_BAD_SIGNATURE, "%s: its signature is not good: %s", path,
                problem);
}
