/* profile.h - where an operator's files are on this workstation.
 *
 * A profile is a directory with the sealed key file, the daemon's address and the encrypted cache. Several
 * operators share a workstation, each with a profile; the name is usually the login. XDG: the directories
 * stand under $XDG_DATA_HOME/duban (~/.local/share/duban), or where DUBAN_HOME says. */
#ifndef CLIENT_CORE_PROFILE_H
#define CLIENT_CORE_PROFILE_H

#include "client/core/address.h"

#include "proto/arena.h"
#include "proto/identity.h"

#include <stdbool.h>

enum { PROFILE_PATH_MAX = 2048, PROFILE_NAME_MAX = 64, PROFILES_MAX = 64 };

struct profile {
    char name[PROFILE_NAME_MAX + 1];
    char directory[PROFILE_PATH_MAX];
    struct key_card card;       /* what the key file says in the clear */
    struct addresses addresses; /* of the daemon */
    bool training; /* a file `training` stands beside the profiles: their registry is a scratch one */
};

/* The directory that holds the profiles; false when neither DUBAN_HOME nor HOME is set or it is too long. */
bool profile_home(char path[PROFILE_PATH_MAX]);

/* The names of the profiles with a key file, sorted; returns how many. */
unsigned profile_list(char names[PROFILES_MAX][PROFILE_NAME_MAX + 1]);

/* Reads a profile: its card and address. ERR_NO_KEY when there is no key file, ERR_FORMAT when it is
 * damaged or can be read by others, ERR_USAGE for a bad name. */
enum err profile_load(const char *name, struct profile *profile, struct refusal *why);

/* Makes a profile with a new key file. ERR_EXISTS when it has one already. ERR_IO. */
enum err profile_create(const char *name, const struct key_card *card, const uint8_t seed[SEED_BYTES],
                        const char *passphrase, const struct addresses *addresses, struct profile *profile,
                        struct refusal *why);

/* Seals the key anew under another passphrase. */
enum err profile_reseal(const struct profile *profile, const char *old_passphrase, const char *new_passphrase);

/* Notes where the daemon is now, and tells the operator's open programs to look. ERR_IO. */
enum err profile_set_addresses(struct profile *profile, const struct addresses *addresses);
/* Reads the addresses again. False when they can't be read: then what is known stays. */
bool profile_read_addresses(struct profile *profile);
/* Others of the operator's programs are told that something in the profile has changed. */
void profile_poke(const struct profile *profile);

/* Opens the seal. ERR_PASSPHRASE. The seed is the caller's to wipe. */
enum err profile_unlock(const struct profile *profile, const char *passphrase, uint8_t seed[SEED_BYTES]);

/* Is it a name that can stand in a path: 1 to 64 letters, digits, - _ . and not beginning with a dot? */
bool profile_name_valid(const char *name);

#endif
