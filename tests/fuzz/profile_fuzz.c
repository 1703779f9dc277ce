/* profile_fuzz.c - a profile's files on a workstation: key card and address, whole, damaged or somebody else's.
 *
 * Input: the length of the address file in a byte, the address, the key file. */
#include "client/core/profile.h"
#include "tests/fuzz/scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    struct profile profile, again;
    struct refusal why;
    static bool made;
    if (!made) {
        char path[SCRATCH_PATH_MAX + 10];
        snprintf(path, sizeof path, "%s/p", scratch());
        HOLDS(mkdir(path, 0700) == 0 && setenv("DUBAN_HOME", scratch_path, 1) == 0);
        made = true;
    }
    struct text address = input_text(&input, input_byte(&input));
    scratch_write("p/address", address.at, address.length);
    scratch_write("p/key", input.at, input.left);
    enum err err = profile_load("p", &profile, &why);
    HOLDS(err == OK || (err == why.err && err == ERR_FORMAT));
    if (err != OK) return 0;
    const struct addresses read = profile.addresses;
    HOLDS(read.count > 0 && read.count <= ADDRESSES_MAX && profile.card.device != 0);
    for (unsigned i = 0; i < read.count; i++)
        HOLDS(read.at[i].port != 0 && read.at[i].host[0] != '\0');
    HOLDS(profile_set_addresses(&profile, &read) == OK);
    HOLDS(profile_load("p", &again, &why) == OK);
    HOLDS(addresses_equal(&again.addresses, &read));
    return 0;
}
