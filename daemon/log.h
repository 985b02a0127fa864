/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's log: entries with fields if standard error is connected to the
 * journal, else lines on standard error.
 */

#ifndef SCMI_MED_LOG_H
#define SCMI_MED_LOG_H

#include <stddef.h>
#include <syslog.h>     /* LOG_ERR ... LOG_DEBUG */

/* Events that an operator searches for: journalctl MESSAGE_ID=... */
#define LOG_ID_STARTED      "d5e0afa0a9ab4fe5a18182288197257d"
#define LOG_ID_GRANTED      "9947a70e8d914026bf4d5aa2e597d11f"
#define LOG_ID_REFUSED      "bfdeacdb488b4bd494d92040146acc53"
#define LOG_ID_RELEASED     "5c41ed0ab0924525a56f6b0b4d1f8acb"
#define LOG_ID_QUARANTINED  "8ed0da83dfdf4f239714ca9066473c79"
#define LOG_ID_ROLLBACK     "ef76a4aeadc3495e929e9a123ff1dfba"
#define LOG_ID_TREE_READ    "f41e2b6c5a4d438db610ae7b1721c17c"
#define LOG_ID_RESET        "ee5c1b2f5dfb481e9dfbf44e652c53c5"
#define LOG_ID_POLICY_READ  "4cf6a6c6f0074a2abf967d8a5827381a"
#define LOG_ID_LIMIT        "ceedc4f626a4476fa306511bcd22c301"
#define LOG_ID_ATTACHED     "7e37b57f4a0c4f5ea555047c938c1c96"
#define LOG_ID_DETACHED     "8cdd56cb7d8744a7bd4950609e32d8e3"
#define LOG_ID_RESTORED     "dcd42976b3fb475fb1b33694443f45ec"

/* Fields: SCMI_MED_DOMID=, _DOMAIN=, _AGENT=, _DEVICE= and MESSAGE_ID=. */
struct log_context {
    int domid;                  /* 0: no guest */
    const char *domain;         /* name, NULL: none */
    int agent_id;               /* -1: none */
    char *const *devices;       /* paths */
    size_t nr_devices;
    const char *message_id;     /* NULL: none */
};

/* Messages of a higher number are dropped. The default is LOG_INFO. */
void log_set_level(int priority);

/* Parses "error", "warning", "notice", "info" or "debug"; else returns -1. */
int log_parse_level(const char *name);

/* context may be NULL. */
void log_write(int priority, const struct log_context *context,
               const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * The listener, which may be NULL, gets each message that has an ID when it is
 * logged, also if the level drops it.
 */
typedef void log_listener(void *context, int priority,
                          const struct log_context *log_context,
                          const char *message);
void log_set_listener(log_listener *listener, void *context);

/* For tests: replaces the output. NULL restores it. */
void log_set_sink(void (*sink)(int priority, const char *message));

#define log_error(...)      log_write(LOG_ERR, NULL, __VA_ARGS__)
#define log_warning(...)    log_write(LOG_WARNING, NULL, __VA_ARGS__)
#define log_debug(...)      log_write(LOG_DEBUG, NULL, __VA_ARGS__)

#endif
