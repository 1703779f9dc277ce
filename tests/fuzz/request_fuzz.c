/* request_fuzz.c - frames from a client: what the daemon reads of whoever got past the handshake. */
#include "tests/fuzz/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_frame(data, size, true);
    return 0;
}
