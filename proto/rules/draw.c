/* draw.c - 抽签 of a spot check, by commit and reveal: the pool is frozen when the draw is opened, and neither side can
 * choose its number knowing the other's. Clause 2; the algorithm is in proto/lots.h. */
#include "proto/lots.h"

#include "proto/decide.h"
#include "proto/rules/rules.h"

#include <stdlib.h>
#include <string.h>

enum { POOL_BYTES = 8000 };

/* ---- the pool ---- */

static bool is_in(const struct record *project, const struct record *draw)
{
    unsigned state = rec_state(project);
    if (state == ST_project_completed || state == ST_project_withdrawn || state == ST_project_suspended) return false;
    if (rec_has(draw, draw_county) && rec_num(draw, draw_county) != rec_num(project, project_county)) return false;
    return !rec_has(draw, draw_among) || rec_num(draw, draw_among) == rec_num(project, project_list);
}

static int by_code(const void *left, const void *right)
{
    return text_order(*(const struct text *)left, *(const struct text *)right);
}

static enum err freeze_pool(struct act *act, struct change *change)
{
    struct text *codes = arena_get(act->arena, LOTS_POOL_MAX * sizeof *codes);
    char *pool = arena_get(act->arena, POOL_BYTES);
    uint8_t *hash = arena_get(act->arena, LOTS_BYTES);
    unsigned count = 0;
    if (codes == NULL || pool == NULL || hash == NULL) return act_refuse(act, ERR_MEMORY);
    for (uint64_t id = 0; (id = state_next_id(act->space, KIND_project, id)) > 0 && count < LOTS_POOL_MAX;) {
        struct record project;
        enum err err = act_read(act, KIND_project, id, &project);
        if (err != OK) return act_refuse(act, err);
        if (is_in(&project, &change->after)) codes[count++] = rec_text(&project, project_code);
    }
    if (count < rec_num(&change->after, draw_count))
        return act_refuse_field(act, ERR_POOL_SMALL, change, draw_count, count);
    qsort(codes, count, sizeof *codes, by_code);
    struct str str = str_in(pool, POOL_BYTES);
    for (unsigned i = 0; i < count; i++) {
        if (i > 0) str_put(&str, " ");
        str_text(&str, codes[i]);
    }
    if (str.cut) return act_refuse_field(act, ERR_LIMIT, change, draw_pool, 0);
    struct text text = {pool, (uint32_t)str.used};
    lots_pool_hash(text, hash);
    rec_set_text(&change->after, draw_pool, text);
    rec_set_text(&change->after, draw_pool_hash, (struct text){(char *)hash, LOTS_BYTES});
    return OK;
}

/* Each inspection has one draw; another is opened only when that one ran out. */
static bool has_draw(struct act *act, const struct record *draw)
{
    struct value value = number_value(rec_num(draw, draw_inspection));
    struct walk walk;
    struct record other;
    uint64_t id;
    walk_start(&walk, act->space, IX_draw_inspection, &value, 1);
    while (walk_next(&walk, &id))
        if (act_read(act, KIND_draw, id, &other) == OK && rec_state(&other) != ST_draw_void) return true;
    return false;
}

enum err rule_draw_open(struct act *act, struct change *change)
{
    struct record inspection;
    enum err err = act_read(act, KIND_inspection, (uint64_t)rec_num(&change->after, draw_inspection), &inspection);
    if (err != OK) return act_refuse(act, err);
    bool random = rec_num(&inspection, inspection_type) == OPT_inspection_random;
    if (!random || rec_state(&inspection) != ST_inspection_planned || rec_has(&inspection, inspection_projects))
        return act_refuse_field(act, ERR_NO_DRAW_HERE, change, draw_inspection, 0);
    if (has_draw(act, &change->after)) return act_refuse_field(act, ERR_DRAW_THERE, change, draw_inspection, 0);
    if (rec_num(&change->after, draw_due) < act_today(act).n)
        return act_refuse_field(act, ERR_DATE_PAST, change, draw_due, 0);
    return freeze_pool(act, change);
}

/* ---- commit and reveal ---- */

/* Where the actor's side keeps what it gave. */
struct side {
    unsigned commitment, nonce;
};

static enum err side_of(struct act *act, const struct change *change, struct side *side)
{
    bool office = act->actor->functions >> REL_office & 1;
    int64_t other = rec_num(&change->before, draw_other), unit = (int64_t)act->actor->unit;
    *side = office ? (struct side){draw_commitment_office, draw_nonce_office}
                   : (struct side){draw_commitment_other, draw_nonce_other};
    return office || other == 0 || other == unit ? OK : act_refuse(act, ERR_OTHER_DRAWS);
}

enum err rule_draw_commit(struct act *act, struct change *change)
{
    struct side side;
    enum err err = side_of(act, change, &side);
    if (err != OK) return err;
    if (rec_has(&change->before, side.commitment)) return act_refuse(act, ERR_COMMITTED);
    if (side.commitment == draw_commitment_other) rec_set(&change->after, draw_other, (int64_t)act->actor->unit);
    rec_move(&change->after, side.commitment, &change->after, draw_commitment);
    rec_unset(&change->after, draw_commitment);
    if (rec_has(&change->after, draw_commitment_office) && rec_has(&change->after, draw_commitment_other))
        rec_set(&change->after, F_STATE, ST_draw_revealing);
    return OK;
}

static const uint8_t *bytes_of(const struct record *record, unsigned position)
{
    return (const uint8_t *)rec_text(record, position).at;
}

/* The lot falls: into the draw, and into the inspection that it is for. */
static enum err fall(struct act *act, struct change *change)
{
    struct record *draw = &change->after;
    uint8_t *seed = arena_get(act->arena, LOTS_BYTES);
    struct text chosen[LIST_MAX];
    int64_t *ids = arena_get(act->arena, LIST_MAX * sizeof *ids);
    unsigned count = (unsigned)rec_num(draw, draw_count);
    struct change *inspection;
    if (seed == NULL || ids == NULL) return act_refuse(act, ERR_MEMORY);
    lots_seed(bytes_of(draw, draw_nonce_office), bytes_of(draw, draw_nonce_other), bytes_of(draw, draw_pool_hash),
              count, seed);
    if (!lots_choose(rec_text(draw, draw_pool), seed, count, chosen)) return act_refuse(act, ERR_DAMAGED);
    for (unsigned i = 0; i < count; i++) {
        struct value code = text_value(chosen[i]);
        ids[i] = (int64_t)state_find(act->space, IX_project_code, &code, 1);
    }
    rec_set_text(draw, draw_seed, (struct text){(char *)seed, LOTS_BYTES});
    rec_set_list(draw, draw_drawn, ids, count);
    rec_set(draw, F_STATE, ST_draw_drawn);
    enum err err = act_touch(act, KIND_inspection, (uint64_t)rec_num(draw, draw_inspection), &inspection);
    if (err != OK) return err;
    rec_set_list(&inspection->after, inspection_projects, ids, count);
    return OK;
}

enum err rule_draw_reveal(struct act *act, struct change *change)
{
    struct side side;
    uint8_t commitment[LOTS_BYTES];
    enum err err = side_of(act, change, &side);
    if (err != OK) return err;
    if (rec_has(&change->before, side.nonce)) return act_refuse_field(act, ERR_FIXED, change, draw_nonce, 0);
    lots_commitment(bytes_of(&change->after, draw_nonce), commitment);
    if (memcmp(commitment, bytes_of(&change->after, side.commitment), LOTS_BYTES) != 0)
        return act_refuse_field(act, ERR_OTHER_NUMBER, change, draw_nonce, 0);
    rec_move(&change->after, side.nonce, &change->after, draw_nonce);
    rec_unset(&change->after, draw_nonce);
    bool both = rec_has(&change->after, draw_nonce_office) && rec_has(&change->after, draw_nonce_other);
    return both ? fall(act, change) : OK;
}
