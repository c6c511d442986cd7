/*
** Fuzzes commands on damaged database files: the input is the file.
*/
#include "fuzz.h"
#include "temporary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    sqlite3 *db = connectionOpen();
    unsigned char *copy = sqlite3_malloc64(n + 1);

    MUST(copy != NULL);
    memcpy(copy, data, n);
    MUST(sqlite3_deserialize(db, "main", copy, (i64)n, (i64)n + 1,
                             SQLITE_DESERIALIZE_FREEONCLOSE
                             | SQLITE_DESERIALIZE_RESIZEABLE) == SQLITE_OK);
    connectionUse(db, data, n);
    connectionClose(db);
    return 0;
}
