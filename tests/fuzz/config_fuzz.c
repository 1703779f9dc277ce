/* config_fuzz.c - duband.conf as an administrator may write it. */
#include "server/serve.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config config;
    struct refusal why;
    char host[HOST_MAX + 1];
    uint16_t port;
    const char *directory = scratch();
    scratch_write("duband.conf", data, size);
    enum err err = config_load(&config, directory, &why);
    HOLDS(err == OK || (err == why.err && err == ERR_FORMAT));
    HOLDS(config.listen[0] != '\0' && config.map_mb > 0 && config.reserve_mb > 0);
    if (config_address(&config, host, sizeof host, &port)) HOLDS(host[0] != '\0' && port != 0);
    HOLDS(config_store(&config).map_bytes > 0);
    return 0;
}
