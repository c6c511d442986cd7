/*
** Fuzzes signatures: the input is a signature file, for the bytes and the key below.
** None is good but the two that were made, whatever their untrusted comment.
*/
#include "fuzz.h"

static const char key[] = "RWTnjn82Cy6kKh43sphyS8KamLeC6upqlrDW/F/kAGgt6si5rNL0pA94";
static const char signedBytes[] = "migrate\n";

/* All that is signed of the two, from the second line on. */
static const char *const good[] = {
    "RUTnjn82Cy6kKqMoJy2NEas/vbAjt+CteUqyQ+SQ20boX1H50kJYWoJ6kPhBpcS1tsesBm1yNzf7/iKhtRafVjdvex608/Q+Fw4=\n"
    "trusted comment: file:bytes\n"
    "V3egMczS4M5Nka5RoRO8KPnvaeP1FIDDeJp7kNaPq6Hqv4aWlpEIqRps21AAJdl1fZCgobfG6ztUlSKDvsbcAw==\n",
    "RWTnjn82Cy6kKr03HC9fuSMTdQR/ofyrIimciC5XJuPTN+OCinAA2Swk/eOXaIaf+vFHdyc7TonRny8frpkvQkYeMZ+khwGG3AY=\n"
    "trusted comment: file:bytes\n"
    "+2yrmmC2U9M8a/KK5OQP3xfR9m9I63Rs3dsx2vx7R/dkyaJtNBTipJiKCyQPITb5FbhtU2/4pFEbcaKYvzcABQ==\n",
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Text input = {(const char *)data, (int)n}, rest = input;
    Err err = {ERR_NONE, NULL};
    const char *problem;
    SignKey ours, theirs;
    Arena a;

    arena_init(&a, &err);
    MUST(sign_init() && sign_read_key(text_of(key), &ours));
    sign_read_key(input, &theirs);
    problem = sign_problem(&a, &ours, text_of(signedBytes), input);
    text_cut(&rest, '\n');
    if (n < 1000 && memchr(data, '\r', n) == NULL)
        MUST((problem == NULL) == ((text_is(rest, good[0]) || text_is(rest, good[1]))
                                   && text_starts(input, "untrusted comment: ")));
    arena_release(&a);
    err_release(&err);
    return 0;
}
