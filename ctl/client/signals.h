/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals of verbs that go on until they are ended: as bytes to be polled. */

#ifndef SCMI_MED_CTL_CLIENT_SIGNALS_H
#define SCMI_MED_CTL_CLIENT_SIGNALS_H

/*
 * From now on, SIGINT, SIGTERM and SIGHUP are caught, and those of more, ended
 * by 0; SIGPIPE is ignored. What is ignored already stays so. Returns a file
 * descriptor that is readable when there was one, or -1 with errno.
 */
int signals_open(const int *more);

/* The next signal that was caught; 0: none. */
int signals_next(void);

/* Whether the signal asks to end. */
int signals_is_end(int number);

/* Everything as it was. */
void signals_close(void);

#endif
