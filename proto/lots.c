/* lots.c - see lots.h. */
#include "proto/lots.h"

#include <sodium.h>
#include <string.h>

static void hash_start(crypto_generichash_state *state, const char *tag)
{
    crypto_generichash_init(state, NULL, 0, LOTS_BYTES);
    crypto_generichash_update(state, (const uint8_t *)tag, strlen(tag));
}

void lots_pool_hash(struct text pool, uint8_t hash[LOTS_BYTES])
{
    crypto_generichash_state state;
    hash_start(&state, "duban-pool1");
    crypto_generichash_update(&state, (const uint8_t *)pool.at, pool.length);
    crypto_generichash_final(&state, hash, LOTS_BYTES);
}

void lots_commitment(const uint8_t nonce[LOTS_BYTES], uint8_t commitment[LOTS_BYTES])
{
    crypto_generichash_state state;
    hash_start(&state, "duban-nonce1");
    crypto_generichash_update(&state, nonce, LOTS_BYTES);
    crypto_generichash_final(&state, commitment, LOTS_BYTES);
}

void lots_seed(const uint8_t office[LOTS_BYTES], const uint8_t other[LOTS_BYTES], const uint8_t pool_hash[LOTS_BYTES],
               unsigned count, uint8_t seed[LOTS_BYTES])
{
    crypto_generichash_state state;
    const uint8_t drawn = (uint8_t)count;
    hash_start(&state, "duban-draw1");
    crypto_generichash_update(&state, office, LOTS_BYTES);
    crypto_generichash_update(&state, other, LOTS_BYTES);
    crypto_generichash_update(&state, pool_hash, LOTS_BYTES);
    crypto_generichash_update(&state, &drawn, 1);
    crypto_generichash_final(&state, seed, LOTS_BYTES);
}

static void put_32(uint8_t *to, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(number >> (24 - 8 * i));
}

static uint64_t number_of(const uint8_t seed[LOTS_BYTES], uint32_t place, uint32_t try)
{
    crypto_generichash_state state;
    uint8_t counter[8], hash[LOTS_BYTES];
    uint64_t number = 0;
    put_32(counter, place);
    put_32(counter + 4, try);
    hash_start(&state, "duban-pick1");
    crypto_generichash_update(&state, seed, LOTS_BYTES);
    crypto_generichash_update(&state, counter, sizeof counter);
    crypto_generichash_final(&state, hash, sizeof hash);
    for (int i = 0; i < 8; i++)
        number = number << 8 | hash[i];
    return number;
}

/* Evenly below `limit`: numbers past its largest multiple are passed over. */
static uint64_t below(const uint8_t seed[LOTS_BYTES], uint32_t place, uint64_t limit)
{
    uint64_t over = (UINT64_MAX % limit + 1) % limit; /* 2^64 mod limit */
    for (uint32_t try = 0;; try++) {
        uint64_t number = number_of(seed, place, try);
        if (number <= UINT64_MAX - over) return number % limit;
    }
}

/* Splits the pool; 0 when its codes do not ascend, or are too many. */
static unsigned split(struct text pool, struct text *codes)
{
    unsigned count = 0;
    for (uint32_t at = 0; at < pool.length;) {
        const char *space = memchr(pool.at + at, ' ', pool.length - at);
        uint32_t end = space != NULL ? (uint32_t)(space - pool.at) : pool.length;
        if (count == LOTS_POOL_MAX || end == at || (space != NULL && end + 1 == pool.length)) return 0;
        codes[count] = (struct text){pool.at + at, end - at};
        if (count > 0 && text_order(codes[count - 1], codes[count]) >= 0) return 0;
        count++;
        at = end + 1;
    }
    return count;
}

bool lots_choose(struct text pool, const uint8_t seed[LOTS_BYTES], unsigned count, struct text *chosen)
{
    struct text codes[LOTS_POOL_MAX];
    unsigned n = split(pool, codes);
    if (count > n) return false;
    for (unsigned i = 0; i < count; i++) {
        unsigned other = i + (unsigned)below(seed, i, n - i);
        struct text code = codes[other];
        codes[other] = codes[i];
        chosen[i] = codes[i] = code;
    }
    return true;
}
