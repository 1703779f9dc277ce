/* memory.c - see memory.h. */
#include "proto/memory.h"

#include <stdlib.h>
#include <string.h>

struct memory_node {
    struct memory_node *left, *right;
    uint32_t priority; /* a hash of the key: the larger stands higher */
    uint32_t key_length, value_length, value_room;
    uint8_t *value;
    uint8_t key[];
};

static uint32_t hash(const struct key *key)
{
    uint32_t sum = 2166136261u; /* FNV-1a, then mixed: only the balance depends on it */
    for (size_t i = 0; i < key->used; i++)
        sum = (sum ^ key->bytes[i]) * 16777619u;
    sum ^= sum >> 15;
    sum *= 2246822519u;
    return sum ^ sum >> 13;
}

static int compare(const struct key *key, const struct memory_node *node)
{
    size_t shorter = key->used < node->key_length ? key->used : node->key_length;
    int order = memcmp(key->bytes, node->key, shorter);
    if (order != 0) return order;
    return (key->used > node->key_length) - (key->used < node->key_length);
}

static struct text value_of(const struct memory_node *node)
{
    return (struct text){(const char *)node->value, node->value_length};
}

static enum err memory_get(void *self, enum table table, const struct key *key, struct text *value)
{
    struct memory *memory = self;
    const struct memory_node *node = memory->roots[table];
    while (node != NULL) {
        int order = compare(key, node);
        if (order == 0) {
            *value = value_of(node);
            return OK;
        }
        node = order < 0 ? node->left : node->right;
    }
    return ERR_NOT_FOUND;
}

static enum err found(const struct memory_node *best, struct key *key, struct text *value)
{
    if (best == NULL) return ERR_NOT_FOUND;
    memcpy(key->bytes, best->key, best->key_length);
    key->used = best->key_length;
    *value = value_of(best);
    return OK;
}

static enum err memory_seek(void *self, enum table table, struct key *key, struct text *value)
{
    struct memory *memory = self;
    const struct memory_node *node = memory->roots[table], *best = NULL;
    while (node != NULL) {
        if (compare(key, node) <= 0) {
            best = node;
            node = node->left;
        } else
            node = node->right;
    }
    return found(best, key, value);
}

static enum err memory_before(void *self, enum table table, struct key *key, struct text *value)
{
    struct memory *memory = self;
    const struct memory_node *node = memory->roots[table], *best = NULL;
    while (node != NULL) {
        if (compare(key, node) > 0) {
            best = node;
            node = node->right;
        } else
            node = node->left;
    }
    return found(best, key, value);
}

static bool set_value(struct memory *memory, struct memory_node *node, struct text value)
{
    if (value.length > node->value_room) {
        uint8_t *grown = realloc(node->value, value.length);
        if (grown == NULL) return false;
        memory->bytes += value.length - node->value_room;
        node->value = grown;
        node->value_room = value.length;
    }
    if (value.length > 0) memcpy(node->value, value.at, value.length);
    node->value_length = value.length;
    return true;
}

static struct memory_node *make(struct memory *memory, const struct key *key, struct text value)
{
    struct memory_node *node = calloc(1, sizeof *node + key->used);
    if (node == NULL) return NULL;
    memcpy(node->key, key->bytes, key->used);
    node->key_length = (uint32_t)key->used;
    node->priority = hash(key);
    if (set_value(memory, node, value)) {
        memory->bytes += sizeof *node + key->used;
        return node;
    }
    free(node);
    return NULL;
}

/* Parts a tree into what is below and what is above the key, which is not in it. */
static void split(struct memory_node *node, const struct key *key, struct memory_node **below,
                  struct memory_node **above)
{
    while (node != NULL) {
        if (compare(key, node) > 0) {
            *below = node;
            below = &node->right;
            node = node->right;
        } else {
            *above = node;
            above = &node->left;
            node = node->left;
        }
    }
    *below = NULL;
    *above = NULL;
}

static enum err memory_put(void *self, enum table table, const struct key *key, struct text value)
{
    struct memory *memory = self;
    struct memory_node **at = &memory->roots[table];
    uint32_t priority = hash(key);
    for (struct memory_node *node = *at; node != NULL; node = *at) {
        int order = compare(key, node);
        if (order == 0) return set_value(memory, node, value) ? OK : ERR_MEMORY;
        if (node->priority < priority) {
            /* The key may still be in this subtree only if its priority were not above: it is not. */
            break;
        }
        at = order < 0 ? &node->left : &node->right;
    }
    struct memory_node *made = make(memory, key, value);
    if (made == NULL) return ERR_MEMORY;
    split(*at, key, &made->left, &made->right);
    *at = made;
    return OK;
}

static enum err memory_del(void *self, enum table table, const struct key *key)
{
    struct memory *memory = self;
    struct memory_node **at = &memory->roots[table];
    while (*at != NULL) {
        int order = compare(key, *at);
        if (order == 0) break;
        at = order < 0 ? &(*at)->left : &(*at)->right;
    }
    struct memory_node *gone = *at;
    if (gone == NULL) return ERR_NOT_FOUND;
    struct memory_node *left = gone->left, *right = gone->right;
    while (left != NULL && right != NULL) { /* join the two subtrees where the node was */
        if (left->priority > right->priority) {
            *at = left;
            at = &left->right;
            left = left->right;
        } else {
            *at = right;
            at = &right->left;
            right = right->left;
        }
    }
    *at = left != NULL ? left : right;
    memory->bytes -= sizeof *gone + gone->key_length + gone->value_room;
    free(gone->value);
    free(gone);
    return OK;
}

void memory_init(struct memory *memory)
{
    *memory = (struct memory){.space = {.self = memory,
                                        .get = memory_get,
                                        .seek = memory_seek,
                                        .before = memory_before,
                                        .put = memory_put,
                                        .del = memory_del}};
}

/* Frees a tree without recursion: rotates every left child up first. */
static void free_tree(struct memory_node *node)
{
    while (node != NULL) {
        struct memory_node *next = node->left;
        if (next != NULL) {
            node->left = next->right;
            next->right = node;
        } else {
            next = node->right;
            free(node->value);
            free(node);
        }
        node = next;
    }
}

void memory_free(struct memory *memory)
{
    for (unsigned table = 0; table < TABLE_COUNT; table++)
        free_tree(memory->roots[table]);
    memory_init(memory);
}
