/* config.c - duband.conf: an INI file beside the registry. See duband.conf(5) for the keys. */
#include "server/serve.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct loading {
    struct config *config;
    char fault[80]; /* the first key that is wrong */
};

static bool take_text(char *into, size_t max, const char *value)
{
    size_t length = strlen(value);
    if (length == 0 || length >= max) return false;
    memcpy(into, value, length + 1);
    return true;
}

static bool take_number(int64_t *into, int64_t lo, int64_t hi, const char *value)
{
    char *end;
    long long number = strtoll(value, &end, 10);
    if (*value == '\0' || *end != '\0' || number < lo || number > hi) return false;
    *into = number;
    return true;
}

static bool take_key(struct config *config, const char *key, const char *value)
{
    if (strcmp(key, "listen") == 0) return take_text(config->listen, sizeof config->listen, value);
    if (strcmp(key, "address") == 0) return take_text(config->address, sizeof config->address, value);
    if (strcmp(key, "map_mb") == 0) return take_number(&config->map_mb, 1, 16 << 20, value);
    if (strcmp(key, "reserve_mb") == 0) return take_number(&config->reserve_mb, 1, 1 << 20, value);
    return false;
}

static int on_key(void *user, const char *section, const char *key, const char *value)
{
    struct loading *loading = user;
    if (*section == '\0' && take_key(loading->config, key, value)) return 1;
    if (loading->fault[0] == '\0')
        snprintf(loading->fault, sizeof loading->fault, "%s = %s", key, value != NULL ? value : "");
    return 0;
}

enum err config_load(struct config *config, const char *directory, struct refusal *why)
{
    struct loading loading = {.config = config};
    char path[2200], text[REFUSAL_TEXT_MAX];
    *config = (struct config){.map_mb = 64 << 10, .reserve_mb = 64};
    if (!take_text(config->directory, sizeof config->directory, directory))
        return refuse_text(why, ERR_USAGE, "directory");
    snprintf(config->listen, sizeof config->listen, "tcp://127.0.0.1:%d", DEFAULT_PORT);
    snprintf(path, sizeof path, "%s/duband.conf", directory);
    int line = ini_parse(path, on_key, &loading);
    if (line == 0 || line == -1) return OK; /* -1: there is no such file */
    snprintf(text, sizeof text, "duband.conf:%d: %s", line, loading.fault);
    return refuse_text(why, ERR_FORMAT, text);
}

struct store_options config_store(const struct config *config)
{
    return (struct store_options){.map_bytes = (uint64_t)config->map_mb << 20,
                                  .reserve_bytes = (uint64_t)config->reserve_mb << 20};
}

bool config_address(const struct config *config, char *host, size_t max, uint16_t *port)
{
    const char *at = config->address[0] != '\0' ? config->address : config->listen;
    if (strncmp(at, "tcp://", 6) == 0) at += 6;
    const char *colon = strrchr(at, ':');
    if (colon == NULL) return false;
    long number = strtol(colon + 1, NULL, 10);
    bool brackets = *at == '[' && colon > at && colon[-1] == ']';
    size_t length = (size_t)(colon - at) - (brackets ? 2 : 0);
    if (number < 1 || number > 65535 || length == 0 || length >= max) return false;
    memcpy(host, at + (brackets ? 1 : 0), length);
    host[length] = '\0';
    *port = (uint16_t)number;
    return true;
}
