/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls per second, from the counters of the agents at two times. */

#ifndef SCMI_MED_CTL_TOP_RATES_H
#define SCMI_MED_CTL_TOP_RATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

/* The reply of ListAgents. */
struct sample {
    json_t *agents;         /* of ListAgents */
    int64_t ms;             /* when it came, see monotonic_ms() */
};

/* Per second. */
struct rates {
    bool known;
    double calls, refused, throttled;
};

struct rated_agent {
    const json_t *agent;    /* part of the later sample */
    struct rates rates;
};

/*
 * The agents of the later sample, the busiest first; the caller frees the
 * array. An agent's rates are not known if it is missing in before, has got
 * another domain since, or a counter went backwards. before may have no agents
 * at all. Returns NULL without memory.
 */
struct rated_agent *rates_new(const struct sample *before,
                              const struct sample *now, size_t *ret_nr);

/* The sum of the known rates. */
struct rates rates_total(const struct rated_agent *rated, size_t nr);

#endif
