/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Names that the daemon, the plugin and the client agree on: xenstore nodes,
 * sockets, states. No code.
 *
 * A request lives under /libxl/<domid>/scmi, which libxl removes together
 * with the domain. All values are text.
 *
 *   node                 written by  meaning
 *   version              plugin      SCMI_MED_REQUEST_VERSION
 *   device/<n>/path      plugin      host path of a device, n = 0, 1, ...
 *   state                plugin      "requested", in one transaction with
 *                                    the nodes above
 *                        daemon      then "granted" or "refused"
 *   error                daemon      if refused: the reason, one sentence
 *   agent                daemon      if granted: agent id, decimal; absent if
 *                                    no device uses SCMI, and then the nodes
 *                                    below do not count
 *   function-id          daemon      if granted: SMCCC function ID, 0x...
 *   frame                daemon      if granted: guest frame of the page, 0x...
 *   protocols            daemon      if granted: the protocols that the devices
 *                                    use: "0x11 0x14 0x16"
 *   device/<n>/<prop>    daemon      if granted: the SCMI references in the
 *                                    host node's property <prop> (clocks,
 *                                    power-domains, resets), each as
 *                                    protocol:id: "0x14:1 0x14:7"
 *   device/<n>/<names>   daemon      the names that go with them (clock-names,
 *                                    power-domain-names, reset-names), each
 *                                    followed by one blank; absent if the
 *                                    host has none
 *
 * A request without devices is valid: the domain gets an agent and no
 * permission.
 */

#ifndef SCMI_MED_NAMES_H
#define SCMI_MED_NAMES_H

#define SCMI_MED_REQUEST_VERSION    "1"

/* printf format, argument: domid as unsigned int. */
#define SCMI_MED_REQUEST_FMT        "/libxl/%u/scmi"

#define SCMI_MED_STATE_REQUESTED    "requested"
#define SCMI_MED_STATE_GRANTED      "granted"
#define SCMI_MED_STATE_REFUSED      "refused"

/* Most devices in one request: bounds the memory that one domain can take. */
#define SCMI_MED_REQUEST_MAX_DEVICES    64

/*
 * The daemon's control socket. The plugin connects to it to find out whether
 * the daemon runs.
 */
#define SCMI_MED_SOCKET_PATH        "/run/scmi-med/control"

/*
 * Suffix of the socket's path: the daemon's lock file. It exists while systemd
 * restarts the daemon, and is gone once the service has been stopped.
 */
#define SCMI_MED_LOCK_SUFFIX        ".lock"

/* Varlink interface on the control socket, see doc/org.scmimed.varlink. */
#define SCMI_MED_INTERFACE          "org.scmimed"

/* The flattened device tree of the host, as Xen gave it to the kernel. */
#define SCMI_MED_HOST_FDT_PATH      "/sys/firmware/fdt"

/* The administrator's policy, see scmi-med-policy(5). May be absent. */
#define SCMI_MED_POLICY_PATH        "/etc/scmi-med/policy.conf"

/* Where Dom0's kernel shows which driver is bound to which device. */
#define SCMI_MED_SYSFS_PATH         "/sys"

#endif /* SCMI_MED_NAMES_H */
