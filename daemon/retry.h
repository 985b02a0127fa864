/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * To do something again later that failed and may well go right then: after a
 * second, and after twice the time whenever it fails once more.
 */

#ifndef SCMI_MED_RETRY_H
#define SCMI_MED_RETRY_H

#include "daemon/loop.h"

#define RETRY_FIRST_MS 1000
#define RETRY_MAX_MS 16000

struct retry;

/* Calls back when it is time. NULL: no memory. */
struct retry *retry_new(struct loop *loop, void (*callback)(void *context),
                        void *context);
void retry_free(struct retry *retry);

/* It failed: see that there is a next time. Also from within the callback. */
void retry_later(struct retry *retry);

#endif
