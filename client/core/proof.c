/* proof.c - see proof.h. */
#include "client/core/proof.h"

#include <string.h>

/* A signature of some other act proves nothing about this one. */
static bool same_act(const struct history_line *line, unsigned kind, uint64_t id, const struct command *command)
{
    bool other = command->target > 0 && (uint64_t)command->target != id;
    return command->kind == kind && command->kind == line->kind && command->action == line->action && !other;
}

enum proof proof_check(const uint8_t registry[REGISTRY_ID_BYTES], unsigned kind, uint64_t id,
                       const struct history_line *line, const uint8_t *key, struct arena *arena,
                       struct command *command)
{
    const struct action *action = action_row(line->kind, line->action);
    struct refusal why;
    *command = (struct command){.args = record_make(kind, 0)};
    if (!line->is_signed) {
        bool wanted = line->operator != 0 && action != NULL && (action->flags & A_SIGNED);
        return wanted ? PROOF_MISSING : PROOF_UNSIGNED;
    }
    if (line->command.length == 0) return PROOF_ELSEWHERE;
    if (line->key.length != KEY_BYTES || line->signature.length != SIGNATURE_BYTES) return PROOF_BAD;
    const uint8_t *used = (const uint8_t *)line->key.at;
    if (key != NULL && memcmp(used, key, KEY_BYTES) != 0) return PROOF_OTHER_KEY;
    if (!command_verify(used, registry, line->command.at, line->command.length, (const uint8_t *)line->signature.at))
        return PROOF_BAD;
    if (command_peek(line->command.at, line->command.length, command) != OK || !same_act(line, kind, id, command))
        return PROOF_BAD;
    /* fields of tables that have changed since can't be shown any more; what was signed is proved all the same */
    struct command whole;
    if (command_unpack(line->command.at, line->command.length, arena, &whole, &why) == OK) *command = whole;
    return PROOF_GOOD;
}
