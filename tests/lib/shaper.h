/* shaper.h - a thin and faulty line: two network namespaces, one for clients and one for the daemon, whose only way to
 * each other leads through this process, packet by packet.
 *
 * A TUN device stands in each namespace. A thread reads IP packets from one and writes them into the other: at a rate,
 * after a delay, lost, doubled or overtaken by later ones, as a seed decides. Namespaces are the kernel's own, and so
 * is TCP on both sides; nothing but the line is simulated. Wants root, or a kernel that lets users make namespaces. */
#ifndef TESTS_LIB_SHAPER_H
#define TESTS_LIB_SHAPER_H

#include <stdbool.h>
#include <stdint.h>

#define SHAPER_HOST "10.47.0.1"  /* the daemon's address */
#define SHAPER_MOVED "10.47.0.9" /* another one of the daemon's machine */

struct shaper;

enum shaper_side { SHAPER_DAEMON, SHAPER_CLIENTS };

/* How the line is, in both directions alike. All 0: nothing is done to what passes. */
struct shaper_line {
    unsigned rate;                 /* bits a second; 0: without limit. What would wait longer than 4 s is dropped */
    unsigned delay_ms;             /* each way: half of the round trip */
    unsigned lost, doubled, later; /* of a hundred packets; `later` ones arrive behind those that follow them */
    bool cut;                      /* nothing passes, and nobody is told */
};

/* Makes both namespaces and the line between them. NULL when that is not possible here: *why says what refused. To be
 * called before any other thread is started. The caller is on no side yet. */
struct shaper *shaper_new(uint64_t seed, const char **why);
void shaper_free(struct shaper *shaper);

/* The calling thread, and all that it starts from now on, is on that side. */
void shaper_enter(struct shaper *shaper, enum shaper_side side);

/* From now on the line is so; what is under way arrives as it would have, unless the line is cut. */
void shaper_set(struct shaper *shaper, const struct shaper_line *line);

/* As soon as so many further bytes of IP packets have passed from the daemon to clients (to_client) or the other way,
 * the line is cut; the packet that reaches the number does not pass. */
void shaper_cut_after(struct shaper *shaper, bool to_client, uint64_t bytes);

/* The clients' machine gets another address and keeps no former one, as when a laptop changes networks. */
void shaper_roam(struct shaper *shaper);

/* A gateway on the way has forgotten every connection, as one does that begins anew: what belongs to them passes no
 * more, and nobody is told. New ones pass. */
void shaper_forget(struct shaper *shaper);

/* Bytes of IP packets delivered so far, and packets. */
uint64_t shaper_bytes(struct shaper *shaper, bool to_client);
unsigned shaper_packets(struct shaper *shaper, bool to_client);
/* Is the line cut (by shaper_set or by shaper_cut_after)? */
bool shaper_is_cut(struct shaper *shaper);

#endif
