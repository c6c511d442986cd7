/*
** Runs a fuzzer's inputs once each, without libFuzzer: for builds of another kind.
**
**     replay FILE...
*/
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#pragma weak LLVMFuzzerInitialize       /* not every fuzzer has it */

int main(int argc, char **argv)
{
    static uint8_t bytes[1 << 20];
    int i;

    if (LLVMFuzzerInitialize)
        LLVMFuzzerInitialize(&argc, &argv);
    for (i = 1; i < argc; i++) {
        FILE *in = fopen(argv[i], "rb");
        size_t n = in ? fread(bytes, 1, sizeof bytes, in) : 0;
        if (!in || fclose(in) != 0)
            return 1;
        LLVMFuzzerTestOneInput(bytes, n);
    }
    return 0;
}
