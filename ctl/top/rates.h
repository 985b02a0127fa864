/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls per second, from what the agents have counted at two moments. */

#ifndef SCMI_MED_CTL_TOP_RATES_H
#define SCMI_MED_CTL_TOP_RATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

/* What ListAgents said, and when. */
struct sample {
    json_t *agents;         /* of ListAgents */
    int64_t ms;             /* of a clock that only goes forward */
};

/* Per second. Not known if there is nothing to compare with. */
struct rates {
    bool known;
    double calls, refused, throttled;
};

struct rated_agent {
    const json_t *agent;    /* as long as the later sample is */
    struct rates rates;
};

/*
 * The agents of the later sample, the busiest first; to be freed. before may
 * have no agents, then no rate is known. Nor is it of an agent that was not
 * there before, that has changed its domain since, or that has counted
 * backwards. NULL without memory.
 */
struct rated_agent *rates_new(const struct sample *before,
                              const struct sample *now, size_t *ret_nr);

/* The sum of those that are known. */
struct rates rates_total(const struct rated_agent *rated, size_t nr);

#endif
