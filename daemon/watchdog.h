/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ends the process if the event loop is stuck: if one turn of it takes too much
 * of the processor. It measures what the process itself has run, not the time
 * that has passed: a process that gets no processor is late, but not stuck.
 *
 * A turn that waits for ever runs nothing: for that one there is the service
 * manager's watchdog, see main.c.
 */

#ifndef SCMI_MED_WATCHDOG_H
#define SCMI_MED_WATCHDOG_H

/*
 * From now on a turn may take so many ticks, each of so many milliseconds in
 * which the process ran. Returns 0, or a negative errno.
 */
int watchdog_start(unsigned int ticks, unsigned int tick_ms);
void watchdog_stop(void);

/* A turn begins, so the one before it has ended. */
void watchdog_turn(void);

#endif
