/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a test can set up, and look at, in the world around the in-Xen files. */

#ifndef WORLD_H
#define WORLD_H

#include "harness.h"

#include "private.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

/* As on the emulated board. */
#define PAGES 0xbff00000UL
#define NR_PAGES 16U
#define FUNCTION_ID(agent) (0x82000010U + (agent))
#define GUEST_FUNCTION_ID FUNCTION_ID(1)
#define TRUSTED 2U
#define FRAME 0x22001

/* How the firmware answers messages. */
enum firmware_fault {
    FIRMWARE_OK,
    FIRMWARE_SMC_ERROR,         /* the call itself fails */
    FIRMWARE_SILENT,            /* the page stays as it is */
    FIRMWARE_ERROR_BIT,         /* the channel's status says error */
    FIRMWARE_WRONG_HEADER,
    FIRMWARE_SHORT,             /* a length without a status */
    FIRMWARE_LONG,              /* a length that does not fit the message */
    FIRMWARE_DENIES,            /* SCMI status DENIED */
    FIRMWARE_BUSY,              /* SCMI status BUSY */
};

struct firmware {
    enum firmware_fault fault;
    uint32_t faulty_message;    /* only this one, or ~0 for all */
    uint32_t skip;              /* let that many through first */
    uint32_t times, failed;     /* 0: always; else so often, and how often it has */
    uint32_t missing;           /* bit n: message n is not supported */
    uint32_t devices[NR_PAGES + 1];     /* bit n: device 10 + n is permitted */
    unsigned int resets[NR_PAGES + 1];
    unsigned int calls, trusted_calls;
    unsigned long result;       /* of a guest's call; 0: 0x5a5a0000 + agent */
    uint64_t last[8];           /* registers of the last call */
    void (*during_call)(void);  /* what happens while a call is in the firmware */
    /* In place of an answer: what the call returns. */
    unsigned long (*on_message)(uint32_t *page, unsigned int agent);
    /* In place of all counting: the start and the end of each call, message or not. */
    void (*on_call)(unsigned int agent, bool message, bool start);
    uint32_t odd_id;            /* discovery says this is agent 5's id */
    unsigned int busy;          /* so many messages more get the status BUSY */
};

extern struct firmware firmware;
/* Does what the message in the page says, and answers there. */
void firmware_obey(uint32_t *page, unsigned int agent);

/* world.c: a fresh world with the board's tree, before Xen's initcalls. */
void world_reset(void);
void world_boot(void);              /* the initcall, then Dom0 */
extern char world_log[16384];       /* all that was printed */
extern bool world_lenient;          /* what is not on the board is no failure */
extern int world_fail_alloc;        /* the n-th allocation from now fails */
extern int world_fail_map;          /* the n-th ioremap from now fails */
extern int world_preempt;           /* so many looks for work say: there is some */
extern s_time_t world_now;
#define WORLD_TICK 1000             /* that a look at the clock takes */
extern const struct sci_mediator_ops *world_sci;    /* as registered */
uint32_t *world_page(unsigned int agent);
struct domain *world_domain(uint16_t domid);
long world_op(unsigned int cmd, struct scmi_med_op *op);
/* Commands, by the names of their fields. */
long world_assign(uint32_t domid, uint32_t agent_id);
long world_release(uint32_t domid);
long world_reset_agent(uint32_t agent_id);
long world_permit(uint32_t domid, uint32_t device_id, uint32_t flags, int32_t *status);
struct scmi_med_agent world_agent(uint32_t agent_id);
/* A call of the guests' function ID; must come back as not supported if refused. */
void world_guest_call(uint16_t domid, bool expect_forwarded);
int world_setup(void **state);      /* booted, with domains 1 and 2 */
bool world_call(struct domain *d, register_t regs[8]);

/* tree.c: the blob, to be changed before world_boot(). */
extern void *tree_blob;
void tree_load(void);
void tree_free(void);
void tree_changed(void);            /* by libfdt's functions */
int tree_node(const char *path);    /* offset; fails the test if there is none */
void tree_add(const char *path);    /* a node below the root */
void tree_set_cells(const char *path, const char *property, size_t n, const uint32_t *cells);
void tree_set_string(const char *path, const char *property, const char *value);
void tree_delete(const char *path, const char *property);

#define CONTAINER "/chosen/xen/xen_scmi_config"

#endif
