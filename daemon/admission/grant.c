/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Grants, see grant.h. */

#include "daemon/admission/grant.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Dom0's agent does not count: dom0_take() takes its devices. */
static const struct agent *other_holder(const struct agents *agents,
                                        uint32_t device_id, uint32_t domid)
{
    size_t i;

    for (i = 0; i < agents->nr_agents; i++) {
        const struct agent *agent = &agents->agents[i];

        if (agent_has_device(agent, device_id) &&
            !(agent->entry.flags & SCMI_MED_AGENT_HWDOM) &&
            !(agent_is_bound(agent) && agent->entry.domid == domid))
            return agent;
    }
    return NULL;
}

bool grant_find_conflict(const struct agents *agents, const struct plan *plan,
                         uint32_t domid, struct conflict *ret_conflict)
{
    size_t i;

    for (i = 0; i < plan->nr_device_ids; i++) {
        uint32_t device_id = plan->device_ids[i];
        const struct agent *holder = other_holder(agents, device_id, domid);

        if (!holder)
            continue;
        *ret_conflict = (struct conflict){
            .path = plan_path_of(plan, device_id),
            .device_id = device_id,
            .holder = holder,
        };
        return true;
    }
    return false;
}

int grant_explain_conflict(const struct conflict *conflict,
                           const char *holder_name, struct reason *why)
{
    const struct scmi_med_agent *holder = &conflict->holder->entry;
    char device[HOST_PATH_SIZE + 64];

    snprintf(device, sizeof(device), "device \"%s\" (SCMI device id %u)",
             conflict->path, conflict->device_id);
    if (holder->flags & SCMI_MED_AGENT_BOUND)
        return reason_set(why, -EBUSY, "%s is held by domain %u%s%s%s", device,
                          holder->domid, holder_name ? " (" : "",
                          holder_name ? holder_name : "",
                          holder_name ? ")" : "");
    if (holder->flags & SCMI_MED_AGENT_QUARANTINED)
        return reason_set(why, -EBUSY, "%s is still permitted to agent %u, "
                          "which is quarantined: the firmware did not confirm "
                          "that its last domain lost it", device,
                          holder->agent_id);
    return reason_set(why, -EBUSY, "%s is held by agent %u", device,
                      holder->agent_id);
}

static const char *scmi_status_name(int32_t status)
{
    static const char *const names[] = {
        "SUCCESS", "NOT_SUPPORTED", "INVALID_PARAMETERS", "DENIED",
        "NOT_FOUND", "OUT_OF_RANGE", "BUSY", "COMMS_ERROR", "GENERIC_ERROR",
        "HARDWARE_ERROR", "PROTOCOL_ERROR",
    };

    if (status > 0 || status <= -(int)(sizeof(names) / sizeof(names[0])))
        return "an unknown status";
    return names[-status];
}

/* Agents whose state nobody can take back are not given to anybody. */
static int check_firmware(const struct agents *agents, struct reason *why)
{
    if (!(agents->info.features & SCMI_MED_FEATURE_TRUSTED))
        return reason_set(why, -EOPNOTSUPP, "Xen cannot talk to the SCMI "
                          "firmware as its trusted agent: see \"xl dmesg\"");
    return 0;
}

static int explain_shortage(const struct agents *agents, struct reason *why)
{
    struct agents_count count = agents_count(agents);

    if (!count.total)
        return reason_set(why, -EBUSY, "the host device tree has no SCMI "
                          "agent for guests");
    if (count.quarantined)
        return reason_set(why, -EBUSY, "all %u SCMI agents for guests are in "
                          "use: %u by domains, %u quarantined because the "
                          "firmware did not confirm their reset", count.total,
                          count.bound, count.quarantined);
    return reason_set(why, -EBUSY, "all %u SCMI agents for guests are in use",
                      count.total);
}

/* Binds the domain to the first agent that Xen accepts. */
static int assign(struct hyp *hyp, const struct agents *agents, uint32_t domid,
                  uint32_t *ret_agent_id, struct reason *why)
{
    uint64_t frame = agents->info.guest_frame;
    size_t i;
    int rc;

    for (i = 0; i < agents->nr_agents; i++) {
        uint32_t agent_id = agents->agents[i].entry.agent_id;

        if (!agent_is_free(&agents->agents[i]))
            continue;
        rc = hyp_assign(hyp, domid, agent_id, frame);
        switch (rc) {
        case 0:
            *ret_agent_id = agent_id;
            return 0;
        case -EBUSY:
        case -ENOTEMPTY:
            /* Taken since the table was read. */
            continue;
        case -ESRCH:
            return reason_set(why, rc, "the domain is gone");
        default:
            return reason_set(why, rc, "Xen could not bind the domain to SCMI "
                              "agent %u, shared page at frame 0x%llx: %s",
                              agent_id, (unsigned long long)frame,
                              strerror(-rc));
        }
    }
    return explain_shortage(agents, why);
}

static int set_permission(struct hyp *hyp, uint32_t domid, uint32_t device_id,
                          const struct plan *plan, bool allow,
                          struct reason *why)
{
    const char *path = plan_path_of(plan, device_id);
    const char *verb = allow ? "permit" : "deny";
    int32_t status = 0;
    int rc;

    rc = hyp_set_device_permission(hyp, domid, device_id, allow, &status);
    if (rc == -EIO && status)
        return reason_set(why, rc, "the SCMI firmware refused %sdevice \"%s\" "
                          "(SCMI device id %u): %s (%d)", allow ? "" :
                          "to deny ", path, device_id,
                          scmi_status_name(status), status);
    if (rc == -EIO)
        return reason_set(why, rc, "the SCMI firmware did not answer when "
                          "asked to %s device \"%s\" (SCMI device id %u)",
                          verb, path, device_id);
    if (rc == -ESRCH)
        return reason_set(why, rc, "the domain is gone");
    if (rc)
        return reason_set(why, rc, "Xen could not %s device \"%s\" (SCMI "
                          "device id %u): %s", verb, path, device_id,
                          strerror(-rc));
    return 0;
}

int grant_permit(struct hyp *hyp, uint32_t domid, uint32_t device_id,
                 const struct plan *plan, struct reason *why)
{
    return set_permission(hyp, domid, device_id, plan, true, why);
}

int grant_deny(struct hyp *hyp, uint32_t domid, uint32_t device_id,
               const struct plan *plan, struct reason *why)
{
    return set_permission(hyp, domid, device_id, plan, false, why);
}

int grant_make(struct hyp *hyp, const struct agents *agents, uint32_t domid,
               const struct plan *plan, struct grant *ret_grant,
               struct reason *why)
{
    struct grant grant = {
        .has_agent = true,
        .function_id = agents->info.function_id,
        .guest_frame = agents->info.guest_frame,
    };
    size_t i;
    int rc, undo_rc;

    if (!plan->needs_agent) {
        *ret_grant = (struct grant){ 0 };
        return 0;
    }

    rc = check_firmware(agents, why);
    if (!rc)
        rc = assign(hyp, agents, domid, &grant.agent_id, why);
    if (rc)
        return rc;

    for (i = 0; !rc && i < plan->nr_device_ids; i++)
        rc = grant_permit(hyp, domid, plan->device_ids[i], plan, why);
    if (!rc) {
        *ret_grant = grant;
        return 0;
    }

    undo_rc = grant_undo(hyp, domid);
    if (undo_rc && undo_rc != -ENOENT && undo_rc != -ESRCH) {
        struct reason first = *why;

        reason_set(why, rc, "%.*s; and SCMI agent %u %s (%s)",
                   REASON_SIZE - 128, first.text, grant.agent_id,
                   undo_rc == -EIO ? "is quarantined now"
                                   : "could not be taken back",
                   strerror(-undo_rc));
    }
    return rc;
}

int grant_undo(struct hyp *hyp, uint32_t domid)
{
    int32_t status;

    return hyp_release(hyp, domid, &status);
}

unsigned int grant_lift_quarantine(struct hyp *hyp,
                                   const struct agents *agents)
{
    unsigned int lifted = 0;
    int32_t status;
    size_t i;

    for (i = 0; i < agents->nr_agents; i++) {
        const struct agent *agent = &agents->agents[i];

        if (agent_is_for_guests(agent) && agent_is_quarantined(agent) &&
            !agent_is_bound(agent) &&
            !hyp_reset(hyp, agent->entry.agent_id, &status))
            lifted++;
    }
    return lifted;
}
