/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Retries after transient failures, with a delay that doubles each time, from
 * RETRY_FIRST_MS to RETRY_MAX_MS.
 */

#ifndef SCMI_MED_RETRY_H
#define SCMI_MED_RETRY_H

#include "daemon/loop.h"

#define RETRY_FIRST_MS 1000
#define RETRY_MAX_MS 16000

struct retry;

/* The callback does the work again. Returns NULL without memory. */
struct retry *retry_new(struct loop *loop, void (*callback)(void *context),
                        void *context);
void retry_free(struct retry *retry);

/* Schedules a retry, unless one is scheduled; the callback may call it, too. */
void retry_later(struct retry *retry);

#endif
