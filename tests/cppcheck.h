/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For cppcheck: macros of the system's headers, which it does not read, and of make. */

#define SCMI_MED_VERSION_STRING "0"
#define JSON_INTEGER_FORMAT "lld"
#define json_array_foreach(array, i, value) \
    for ((i) = 0; ((value) = json_array_get(array, i)); (i)++)
/* cppcheck demands an address of accept4(), but not of accept(). */
#define accept4(fd, address, size, flags) accept(fd, address, size)
