/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Retries, see retry.h. */

#include "daemon/retry.h"

#include <stdbool.h>
#include <stdlib.h>

struct retry {
    struct loop_timer *timer;
    unsigned int delay_ms;      /* of the next retry */
    bool scheduled;
    void (*callback)(void *context);
    void *context;
};

static void on_timer(void *context)
{
    struct retry *retry = context;

    retry->scheduled = false;
    retry->callback(retry->context);
    if (!retry->scheduled)
        retry->delay_ms = RETRY_FIRST_MS;
}

struct retry *retry_new(struct loop *loop, void (*callback)(void *context),
                        void *context)
{
    struct retry *retry = calloc(1, sizeof(*retry));

    if (!retry)
        return NULL;
    *retry = (struct retry){
        .delay_ms = RETRY_FIRST_MS, .callback = callback, .context = context,
    };
    retry->timer = loop_timer_new(loop, on_timer, retry);
    if (!retry->timer) {
        free(retry);
        return NULL;
    }
    return retry;
}

void retry_free(struct retry *retry)
{
    if (!retry)
        return;
    loop_timer_free(retry->timer);
    free(retry);
}

void retry_later(struct retry *retry)
{
    if (retry->scheduled || loop_timer_start(retry->timer, retry->delay_ms))
        return;
    retry->scheduled = true;
    retry->delay_ms = retry->delay_ms * 2 < RETRY_MAX_MS ? retry->delay_ms * 2
                                                         : RETRY_MAX_MS;
}
