/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls per second, see rates.h. */

#include "ctl/top/rates.h"

#include <stdlib.h>

static json_int_t number_of(const json_t *agent, const char *key)
{
    return json_integer_value(json_object_get(agent, key));
}

static const json_t *find_agent(const json_t *agents, const json_t *wanted)
{
    const json_t *agent;
    size_t i;

    json_array_foreach(agents, i, agent)
        if (number_of(agent, "agent") == number_of(wanted, "agent"))
            return agent;
    return NULL;
}

/* Null and a missing value are equal. */
static bool same_value(const json_t *one, const json_t *two, const char *key)
{
    const json_t *a = json_object_get(one, key), *b = json_object_get(two, key);

    return json_is_null(a) || !a ? json_is_null(b) || !b : json_equal(a, b);
}

/* The growth per second of a counter; false if it went backwards. */
static bool rate(const json_t *before, const json_t *now, const char *key,
                 int64_t ms, double *ret)
{
    json_int_t old = number_of(before, key), new = number_of(now, key);

    if (new < old)
        return false;
    *ret = (double)(new - old) * 1000 / (double)ms;
    return true;
}

static struct rates rates_between(const json_t *before, const json_t *now,
                                  int64_t ms)
{
    struct rates rates = { 0 };

    if (!before || ms <= 0 || !same_value(before, now, "domid") ||
        !same_value(before, now, "domain"))
        return rates;
    rates.known = rate(before, now, "calls", ms, &rates.calls) &&
                  rate(before, now, "refused", ms, &rates.refused) &&
                  rate(before, now, "throttled", ms, &rates.throttled);
    return rates.known ? rates : (struct rates){ 0 };
}

/* The busiest first; then agents with a domain; then by number. */
static int compare(const void *one, const void *two)
{
    const struct rated_agent *a = one, *b = two;
    double calls_a = a->rates.calls + a->rates.refused + a->rates.throttled;
    double calls_b = b->rates.calls + b->rates.refused + b->rates.throttled;
    bool bound_a = json_is_integer(json_object_get(a->agent, "domid"));
    bool bound_b = json_is_integer(json_object_get(b->agent, "domid"));
    json_int_t id_a = number_of(a->agent, "agent");
    json_int_t id_b = number_of(b->agent, "agent");

    if (calls_a > calls_b || calls_a < calls_b)
        return calls_a > calls_b ? -1 : 1;
    if (bound_a != bound_b)
        return bound_a ? -1 : 1;
    return id_a < id_b ? -1 : id_a > id_b;
}

struct rated_agent *rates_new(const struct sample *before,
                              const struct sample *now, size_t *ret_nr)
{
    size_t i, nr = json_array_size(now->agents);
    struct rated_agent *rated = calloc(nr + 1, sizeof(*rated));
    const json_t *agent;

    if (!rated)
        return NULL;
    json_array_foreach(now->agents, i, agent) {
        rated[i].agent = agent;
        rated[i].rates = rates_between(find_agent(before->agents, agent),
                                       agent, now->ms - before->ms);
    }
    qsort(rated, nr, sizeof(*rated), compare);
    *ret_nr = nr;
    return rated;
}

struct rates rates_total(const struct rated_agent *rated, size_t nr)
{
    struct rates total = { 0 };
    size_t i;

    for (i = 0; i < nr; i++) {
        if (!rated[i].rates.known)
            continue;
        total.known = true;
        total.calls += rated[i].rates.calls;
        total.refused += rated[i].rates.refused;
        total.throttled += rated[i].rates.throttled;
    }
    return total;
}
