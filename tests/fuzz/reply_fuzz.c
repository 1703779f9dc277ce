/* reply_fuzz.c - frames from a daemon: what a client reads. */
#include "tests/fuzz/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_frame(data, size, false);
    return 0;
}
