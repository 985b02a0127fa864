/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The messages of SCMI's Base protocol that TF-A's own server lacks: agents and
 * their permissions (Arm DEN0056, section 4.2). Everything else goes to it.
 */

#include <string.h>

#include <drivers/scmi-msg.h>
#include <drivers/scmi.h>
#include <lib/utils_def.h>

#include "board_scmi.h"
#include "common.h"

#define PROTOCOL_ATTRIBUTES		0x1U
#define MESSAGE_ATTRIBUTES		0x2U
#define DISCOVER_AGENT			0x7U
#define SET_DEVICE_PERMISSIONS		0x9U
#define SET_PROTOCOL_PERMISSIONS	0xaU
#define RESET_AGENT_CONFIGURATION	0xbU

#define AGENT_SELF			0xffffffffU

#define FLAG_ALLOW			(1U << 0)
#define FLAG_RESET_PERMISSIONS		(1U << 0)

static uint32_t argument(const struct scmi_msg *msg, unsigned int n)
{
	uint32_t value = 0U;

	if (msg->in_size >= (n + 1U) * sizeof(value))
		memcpy(&value, msg->in + n * sizeof(value), sizeof(value));
	return value;
}

static void discover_agent(struct scmi_msg *msg)
{
	uint32_t agent_id = argument(msg, 0);
	struct {
		int32_t status;
		uint32_t agent_id;
		char name[16];
	} answer = { .status = SCMI_SUCCESS };

	if (msg->in_size != sizeof(agent_id)) {
		scmi_status_response(msg, SCMI_PROTOCOL_ERROR);
		return;
	}
	if (agent_id == AGENT_SELF)
		agent_id = msg->agent_id;
	if (agent_id > BOARD_AGENTS) {
		scmi_status_response(msg, SCMI_NOT_FOUND);
		return;
	}
	answer.agent_id = agent_id;
	if (board_call.fault.kind == BOARD_FAULT_IDENTITY && argument(msg, 0) == AGENT_SELF)
		answer.agent_id = board_call.fault.a;
	strlcpy(answer.name, board_agent_name(agent_id), sizeof(answer.name));
	scmi_write_response(msg, &answer, sizeof(answer));
}

/* What the three messages for the trusted agent have in common. */
static bool check_trusted(struct scmi_msg *msg, size_t nr_arguments, uint32_t flags)
{
	uint32_t agent_id = argument(msg, 0);
	int32_t status;

	if (msg->in_size != nr_arguments * sizeof(uint32_t))
		status = SCMI_PROTOCOL_ERROR;
	else if (msg->agent_id != BOARD_AGENT_TRUSTED)
		status = SCMI_DENIED;
	else if (agent_id == 0U || agent_id > BOARD_AGENTS)
		status = SCMI_NOT_FOUND;
	else if ((flags & ~1U) != 0U)
		status = SCMI_INVALID_PARAMETERS;
	else
		return true;
	scmi_status_response(msg, status);
	return false;
}

static void set_device_permissions(struct scmi_msg *msg)
{
	uint32_t flags = argument(msg, 2);

	if (!check_trusted(msg, 3, flags))
		return;
	scmi_status_response(msg, board_set_device(argument(msg, 0), argument(msg, 1),
						   (flags & FLAG_ALLOW) != 0U)
				  ? SCMI_SUCCESS : SCMI_NOT_FOUND);
}

static void set_protocol_permissions(struct scmi_msg *msg)
{
	uint32_t flags = argument(msg, 3);

	if (!check_trusted(msg, 4, flags))
		return;
	scmi_status_response(msg, board_set_protocol(argument(msg, 0), argument(msg, 1),
						     argument(msg, 2),
						     (flags & FLAG_ALLOW) != 0U)
				  ? SCMI_SUCCESS : SCMI_NOT_FOUND);
}

static void reset_agent_configuration(struct scmi_msg *msg)
{
	uint32_t flags = argument(msg, 1);

	if (!check_trusted(msg, 2, flags))
		return;
	board_reset_agent(argument(msg, 0), (flags & FLAG_RESET_PERMISSIONS) != 0U);
	scmi_status_response(msg, SCMI_SUCCESS);
}

static scmi_msg_handler_t handler_of(uint32_t message_id)
{
	switch (message_id) {
	case DISCOVER_AGENT:
		return discover_agent;
	case SET_DEVICE_PERMISSIONS:
		return set_device_permissions;
	case SET_PROTOCOL_PERMISSIONS:
		return set_protocol_permissions;
	case RESET_AGENT_CONFIGURATION:
		return reset_agent_configuration;
	default:
		return NULL;
	}
}

/*
 * TF-A's handler of a message. Not by its scmi_process_message(), which prints
 * each unknown message on the console that Xen and the guests share.
 */
static void pass_on(struct scmi_msg *msg)
{
	scmi_msg_handler_t handler = NULL;

	switch (msg->protocol_id) {
	case SCMI_PROTOCOL_ID_BASE:
		handler = scmi_msg_get_base_handler(msg);
		break;
	case SCMI_PROTOCOL_ID_POWER_DOMAIN:
		handler = scmi_msg_get_pd_handler(msg);
		break;
	case SCMI_PROTOCOL_ID_CLOCK:
		handler = scmi_msg_get_clock_handler(msg);
		break;
	case SCMI_PROTOCOL_ID_RESET_DOMAIN:
		handler = scmi_msg_get_rstd_handler(msg);
		break;
	default:
		break;
	}
	if (handler != NULL)
		handler(msg);
	else
		scmi_status_response(msg, SCMI_NOT_SUPPORTED);
}

/* Whether a fault answers the message, and nobody obeys it. */
static bool fails(struct scmi_msg *msg)
{
	const struct board_fault *fault = &board_call.fault;
	bool is_base = msg->protocol_id == SCMI_PROTOCOL_ID_BASE;
	bool is_reset = is_base && msg->message_id == RESET_AGENT_CONFIGURATION;
	bool asks_for_reset = is_base && msg->message_id == MESSAGE_ATTRIBUTES &&
			      argument(msg, 0) == RESET_AGENT_CONFIGURATION;
	bool is_permission = is_base && (msg->message_id == SET_DEVICE_PERMISSIONS ||
					 msg->message_id == SET_PROTOCOL_PERMISSIONS);

	if (fault->kind == BOARD_FAULT_STATUS || (fault->kind == BOARD_FAULT_RESET && is_reset))
		scmi_status_response(msg, (int32_t)fault->a);
	else if (fault->kind == BOARD_FAULT_NO_RESET && is_reset)
		scmi_status_response(msg, SCMI_NOT_SUPPORTED);
	else if (fault->kind == BOARD_FAULT_NO_RESET && asks_for_reset)
		scmi_status_response(msg, SCMI_NOT_FOUND);
	else if (fault->kind == BOARD_FAULT_NTH && is_permission && board_fault_counts_down())
		scmi_status_response(msg, (int32_t)fault->b);
	else
		return false;
	return true;
}

static void process(struct scmi_msg *msg)
{
	static const uint32_t all_supported[2];
	uint32_t attributes[2];

	if (fails(msg))
		return;
	if (msg->protocol_id != SCMI_PROTOCOL_ID_BASE ||
	    board_call.fault.kind == BOARD_FAULT_OLD) {
		pass_on(msg);
	} else if (handler_of(msg->message_id) != NULL) {
		handler_of(msg->message_id)(msg);
	} else if (msg->message_id == MESSAGE_ATTRIBUTES &&
		   msg->in_size == sizeof(uint32_t) && handler_of(argument(msg, 0)) != NULL) {
		scmi_write_response(msg, (void *)all_supported, sizeof(all_supported));
	} else {
		pass_on(msg);
		if (msg->message_id == PROTOCOL_ATTRIBUTES &&
		    msg->out_size_out == sizeof(attributes)) {
			memcpy(attributes, msg->out, sizeof(attributes));
			attributes[1] |= BOARD_AGENTS << 8;
			memcpy(msg->out, attributes, sizeof(attributes));
		}
	}
}

/*
 * In place of scmi_process_message() in TF-A's shared memory transport. The
 * answer is made where its agent cannot change it meanwhile.
 */
void board_process_message(struct scmi_msg *msg)
{
	uint32_t answer[SMT_BUF_SLOT_SIZE / sizeof(uint32_t)] = { 0U };
	const uint64_t *x = board_call.x;
	struct scmi_msg inner = *msg;

	board_call.served = true;
	inner.out = (char *)answer;
	inner.out_size = MIN(msg->out_size, sizeof(answer));
	process(&inner);
	memcpy(msg->out, answer, inner.out_size_out);
	msg->out_size_out = inner.out_size_out;

	board_log("call agent=%u fid=0x%x x1=0x%lx x2=0x%lx x3=0x%lx x4=0x%lx x5=0x%lx "
		  "x6=0x%lx x7=0x%lx proto=0x%x msg=0x%x size=%u a0=0x%x a1=0x%x a2=0x%x "
		  "a3=0x%x status=%d", msg->agent_id, board_call.function_id, x[1], x[2], x[3],
		  x[4], x[5], x[6], x[7], msg->protocol_id, msg->message_id,
		  (unsigned int)msg->in_size, argument(msg, 0), argument(msg, 1),
		  argument(msg, 2), argument(msg, 3), (int32_t)answer[0]);
}
