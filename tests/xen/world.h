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
    FIRMWARE_HUGE,              /* a length beyond the channel */
    FIRMWARE_DENIES,            /* SCMI status DENIED */
    FIRMWARE_BUSY,              /* SCMI status BUSY */
    FIRMWARE_NOT_FOUND,         /* SCMI status NOT_FOUND */
};

struct firmware {
    enum firmware_fault fault;
    uint32_t faulty_message;    /* only this header, or ~0 for all */
#define BASE_MESSAGE(id) SCMI_HEADER(SCMI_BASE, id)
    uint32_t skip;              /* let that many through first */
    uint32_t times, failed;     /* 0: always; else so often, and how often it has */
    uint32_t missing;           /* bit n: message n is not supported */
    uint32_t devices[NR_PAGES + 1];     /* bit n: device 10 + n is permitted */
    unsigned int resets[NR_PAGES + 1];
    unsigned int calls;         /* not of the Base protocol: those of domains */
    unsigned int trusted_calls;
    uint64_t last[8];           /* registers of the last call */
    uint32_t words[8];          /* of the last message, from its header on */
    void (*during_call)(void);  /* what happens while a domain's is in the firmware */
    /* In place of an answer: what the call returns. */
    unsigned long (*on_message)(uint32_t *page, unsigned int agent);
    /* In place of all counting: the start and the end of each call, a domain's or not. */
    void (*on_call)(unsigned int agent, bool domains, bool start);
    uint32_t odd_id;            /* discovery says this is agent 5's id */
    bool everybody;             /* any agent may set permissions */
    bool reset_permits;         /* a reset of permissions permits everything */
    bool says_it_has;           /* what is missing, and answers NOT_SUPPORTED then */
    bool asserts_denied;        /* a denial of what is not permitted is a failure */
    uint32_t clock_version;     /* or 0: 0x20000 */
    /* Bit n: id n is on, or asserted; and each agent's vote for clocks. */
    uint32_t clocks[NR_PAGES + 1], power, asserted;
    char order[64];             /* of a teardown's messages: r, d, R, i */
    unsigned int busy;          /* so many messages more get the status BUSY */
};

extern struct firmware firmware;
/* Resources 1, 2, 0 of each kind are those of the devices 10, 11, 12. */
#define RESOURCE(device) ((device) == 12 ? 0 : (device) - 9)

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
extern int world_events;            /* so many sleepers have an interrupt to take */
extern unsigned int world_softirqs; /* times when there was time for others */
extern unsigned int world_waits;    /* calls that were to try again */
/* What another CPU does before a page is unmapped. */
extern void (*world_on_unmap)(struct domain *d);
uint32_t *world_page(unsigned int agent);       /* the firmware's */
uint32_t *world_face(uint16_t domid);           /* that the domain sees */
struct domain *world_domain(uint16_t domid);
long world_op(unsigned int cmd, struct scmi_med_op *op);
/* Commands, by the names of their fields. */
long world_assign(uint32_t domid, uint32_t agent_id);
long world_release(uint32_t domid);
long world_reset_agent(uint32_t agent_id);
long world_permit(uint32_t domid, uint32_t device_id, uint32_t flags, int32_t *status);
struct scmi_med_agent world_agent(uint32_t agent_id);
long world_grant(uint32_t domid, uint32_t protocol, uint32_t id, uint32_t flags);
/* A domain's message: its status, or 1 if there is nobody who takes it. */
#define WORLD_NOBODY 1
#define world_message(domid, protocol, id, ...) \
    world_send(domid, SCMI_HEADER(protocol, id), sizeof((uint32_t[]){ __VA_ARGS__ }) / 4, \
               (const uint32_t[24]){ __VA_ARGS__ })
int32_t world_send(uint16_t domid, uint32_t header, size_t nr, const uint32_t *words);
extern uint32_t world_answer[26];   /* the length of the last one, then its words */
/* Clock 0 on or off; must pass, or be denied, or find nobody. */
void world_guest_call(uint16_t domid, bool expect_forwarded);
int world_setup(void **state);      /* booted, with domains 1 and 2 */

/* memory.c */
void memory_reset(void);
extern unsigned long memory_dom0[64];
uint32_t *memory_face(unsigned long mfn);       /* or NULL */
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
