/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parsing the policy file, its errors, and the lookups. */

#include <sys/stat.h>
#include <unistd.h>

#include "lib/host/sharing.h"
#include "lib/policy/policy.h"
#include "tests/unit/tree-fixture.h"

static struct policy policy;

static int drop_all(void **state)
{
    policy_done(&policy);
    return drop_tree(state);
}

static int parse_text(const char *text)
{
    policy_done(&policy);
    return policy_parse("p.conf", text, strlen(text), &policy, &why);
}

static void assert_reason(const char *text)
{
    if (!strstr(why.text, text))
        fail_msg("\"%s\" does not say \"%s\"", why.text, text);
}

static void test_empty(void **state)
{
    static const char *const texts[] = {
        "", "\n", "\n\n", "#", "# no directive", "  \t# no\n\t\n", " ",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        assert_int_equal(parse_text(texts[i]), 0);
        assert_int_equal(policy.nr_allows + policy.nr_pins +
                         policy.nr_forbids, 0);
    }
}

static void test_good(void **state)
{
    (void)state;
    assert_int_equal(parse_text("# all of it\n"
                                "allow clock 119\n"
                                "\tallow  power-domain\t0x8 # why\n"
                                "allow pins uart-state /firmware/scmi\n"
                                "allow protocol 0x90 4294967295\n"
                                "\n"
                                "pin web 5\n"
                                "pin db#1 0x6\n"
                                "forbid /soc/gpio@1"), 0);
    assert_string_equal(policy.file, "p.conf");
    assert_int_equal(policy.nr_allows, 4);
    assert_int_equal(policy.allows[0].line, 2);
    assert_int_equal(policy.allows[0].protocol_id, 0x14);
    assert_int_equal(policy.allows[0].resource_id, 119);
    assert_true(policy.allows[0].has_id);
    assert_null(policy.allows[0].instance);
    assert_int_equal(policy.allows[1].protocol_id, 0x11);
    assert_int_equal(policy.allows[1].resource_id, 8);
    assert_int_equal(policy.allows[2].protocol_id, 0x19);
    assert_false(policy.allows[2].has_id);
    assert_string_equal(policy.allows[2].target, "uart-state");
    assert_string_equal(policy.allows[2].instance, "/firmware/scmi");
    assert_int_equal(policy.allows[3].protocol_id, 0x90);
    assert_int_equal(policy.allows[3].resource_id, UINT32_MAX);
    assert_int_equal(policy.nr_pins, 2);
    assert_int_equal(policy_pin_of_name(&policy, "web")->agent_id, 5);
    assert_int_equal(policy_pin_of_name(&policy, "db#1")->line, 8);
    assert_string_equal(policy_pin_of_agent(&policy, 6)->name, "db#1");
    assert_null(policy_pin_of_name(&policy, "we"));
    assert_null(policy_pin_of_name(&policy, NULL));
    assert_null(policy_pin_of_agent(&policy, 7));
    assert_int_equal(policy.nr_forbids, 1);
    assert_int_equal(policy.forbids[0].line, 9);
    assert_string_equal(policy.forbids[0].path, "/soc/gpio@1");
}

static void test_kinds(void **state)
{
    static const struct { const char *text; uint32_t protocol_id; } kinds[] = {
        { "allow clock 1", 0x14 }, { "allow power-domain 1", 0x11 },
        { "allow performance-domain 1", 0x13 }, { "allow sensor 1", 0x15 },
        { "allow reset 1", 0x16 }, { "allow voltage-domain 1", 0x17 },
        { "allow pin 1", 0x19 }, { "allow protocol 0x14 1", 0x14 },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        assert_int_equal(parse_text(kinds[i].text), 0);
        assert_int_equal(policy.allows[0].protocol_id, kinds[i].protocol_id);
    }
}

static void test_bad(void **state)
{
    static const struct { const char *text, *reason; } bad[] = {
        { "deny clock 1", "p.conf:1: \"deny\" is no directive" },
        { "Allow clock 1", "p.conf:1: \"Allow\" is no directive" },
        { "\n\n allow\n", "p.conf:3: it does not say what to allow" },
        { "allow clock", "p.conf:1: it does not say what to allow" },
        { "allow clock # 1", "p.conf:1: it does not say what to allow" },
        { "allow clocks 1", "\"clocks\" is no kind of resource" },
        { "allow clo 1", "\"clo\" is no kind of resource" },
        { "allow power domain 1", "\"power\" is no kind of resource" },
        { "allow clock -1", "\"-1\" is no id" },
        { "allow clock +1", "\"+1\" is no id" },
        { "allow clock 0x", "\"0x\" is no id" },
        { "allow clock 1x", "\"1x\" is no id" },
        { "allow clock 4294967296", "\"4294967296\" is no id" },
        { "allow clock 99999999999999999999999", "is no id" },
        { "allow clock 0x100000000", "is no id" },
        { "allow clock 1 2", "\"2\" is not understood" },
        { "allow clock 1 /scmi x", "\"/scmi\" is not understood" },
        { "allow clock 1 2 3 4 5", "\"5\" and what follows is too much" },
        { "allow protocol 0x90", "which resource of the protocol" },
        { "allow protocol 0xf 1", "\"0xf\" is no protocol" },
        { "allow protocol 256 1", "\"256\" is no protocol" },
        { "allow protocol clock 1", "\"clock\" is no protocol" },
        { "pin web", "p.conf:1: it must be a domain and an agent" },
        { "pin web 5 6", "it must be a domain and an agent" },
        { "pin web five", "\"five\" is no agent" },
        { "pin w?b 5", "cannot be pinned" },
        { "pin web 5\npin db 6\npin web 7", "p.conf:3: domain \"web\" is "
          "pinned in line 1 already: remove one" },
        { "pin web 5\npin db 5", "p.conf:2: agent 5 is for domain \"web\" "
          "already, by line 1: choose another" },
        { "forbid", "it must be one device" },
        { "forbid /a /b", "it must be one device" },
        { "forbid soc", "\"soc\" is no path" },
        { "allow clock 1\r\n", "column 14 has the byte 0x0d" },
        { "allow clock 1\r\n", "with Unix line ends" },
        { "forbid /caf\xc3\xa9", "column 12 has the byte 0xc3" },
        { "# \x1b[2J", "column 3 has the byte 0x1b" },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        if (parse_text(bad[i].text) != -EINVAL)
            fail_msg("\"%s\" is taken", bad[i].text);
        assert_reason(bad[i].reason);
        assert_null(policy.file);
    }
}

static void test_bad_names(void **state)
{
    char name[128];

    (void)state;
    assert_int_equal(policy_parse("p.conf", "pin\0a 1", 7, &policy, &why),
                     -EINVAL);
    assert_reason("p.conf:1: column 4 has the byte 0x00");
    /* A truncated name could be that of another domain. */
    snprintf(name, sizeof(name), "pin %0*d 5", POLICY_NAME_SIZE, 1);
    assert_int_equal(parse_text(name), -EINVAL);
    assert_reason("must be shorter than 79 characters");
    snprintf(name, sizeof(name), "pin %0*d 5", POLICY_NAME_SIZE - 1, 1);
    assert_int_equal(parse_text(name), 0);
}

static void test_tree(void **state)
{
    (void)state;
    assert_int_equal(parse(), 0);
    assert_int_equal(parse_text("forbid /soc/bus@10000000/serial@1000"), 0);
    assert_int_equal(policy_check_tree(&policy, &tree, &why), 0);
    assert_int_equal(parse_text("\nforbid /soc/bus@10000000/serial@1001"), 0);
    assert_int_equal(policy_check_tree(&policy, &tree, &why), -EINVAL);
    assert_reason("p.conf:2: device \"/soc/bus@10000000/serial@1001\" is not "
                  "in the host device tree: correct the path");
    assert_int_equal(parse_text("forbid /soc/bus/serial"), 0);
    assert_int_equal(policy_check_tree(&policy, &tree, &why), -EINVAL);
    assert_reason("full path, \"/soc/bus@10000000/serial@1000\"");
    assert_int_equal(parse_text("allow clock 1 /soc"), 0);
    assert_int_equal(policy_check_tree(&policy, &tree, &why), -EINVAL);
    assert_reason("p.conf:1: \"/soc\" is no SCMI node");
    assert_int_equal(parse_text("allow clock 1 /firmware/scmi"), 0);
    assert_int_equal(policy_check_tree(&policy, &tree, &why), 0);
}

/* The directive that a refusal proposes allows exactly that resource. */
static void test_allows(void **state)
{
    char line[HOST_PATH_SIZE];
    size_t i, k, j, m, nr = 0;

    (void)state;
    assert_int_equal(parse(), 0);
    for (i = 0; i < tree.nr_devices; i++) {
        for (k = 0; k < tree.devices[i].nr_resources; k++) {
            const struct host_resource *r = &tree.devices[i].resources[k];

            policy_format_allow(&tree, r, line, sizeof(line));
            assert_int_equal(parse_text(line), 0);
            assert_int_equal(policy_check_tree(&policy, &tree, &why), 0);
            for (j = 0; j < tree.nr_devices; j++)
                for (m = 0; m < tree.devices[j].nr_resources; m++) {
                    const struct host_resource *s =
                        &tree.devices[j].resources[m];

                    assert_int_equal(!!policy_find_allow(&policy, &tree, s),
                                     !host_resource_compare(r, s));
                    nr++;
                }
        }
    }
    assert_true(nr > 100);
}

static void test_forbid(void **state)
{
    (void)state;
    assert_int_equal(parse(), 0);
    assert_int_equal(parse_text("forbid /soc/bus@10000000/i2c@2000"), 0);
    assert_non_null(policy_find_forbid(&policy, &tree,
                                       "/soc/bus@10000000/i2c@2000"));
    assert_non_null(policy_find_forbid(&policy, &tree,
                                       "/soc/bus@10000000/i2c@2000/sensor@1"));
    assert_null(policy_find_forbid(&policy, &tree,
                                   "/soc/bus@10000000/i2c@20000"));
    assert_null(policy_find_forbid(&policy, &tree, "/soc/bus@10000000"));
    /* The firmware does not distinguish nodes with the same device id. */
    assert_null(policy_find_forbid(&policy, &tree,
                                   "/soc/bus@10000000/gpio@3000"));
    set_cells("/soc/bus@10000000/gpio@3000", "scmi_devid", 1, 8);
    assert_int_equal(parse(), 0);
    assert_non_null(policy_find_forbid(&policy, &tree,
                                       "/soc/bus@10000000/gpio@3000"));
    assert_int_equal(parse_text("forbid /"), 0);
    assert_non_null(policy_find_forbid(&policy, &tree, "/soc"));
    /* Nor can a node below a forbidden one be reached by another name. */
    add_node("/", "elsewhere@1");
    set_cells("/elsewhere@1", "scmi_devid", 1, 8);
    assert_int_equal(parse(), 0);
    assert_int_equal(parse_text("forbid /soc"), 0);
    assert_non_null(policy_find_forbid(&policy, &tree, "/elsewhere@1"));
}

static void test_file(void **state)
{
    char path[] = "/tmp/scmi-med-test-XXXXXX", more[4096];
    int fd = mkstemp(path), i;

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "pin web 5", 9), 9);
    assert_int_equal(policy_read(path, &policy, &why), 0);
    assert_int_equal(policy.nr_pins, 1);
    policy_done(&policy);

    assert_int_equal(fchmod(fd, 0620), 0);
    assert_int_equal(policy_read(path, &policy, &why), -EPERM);
    assert_reason("chmod 0644");
    assert_int_equal(fchmod(fd, 0602), 0);
    assert_int_equal(policy_read(path, &policy, &why), -EPERM);
    assert_int_equal(fchmod(fd, 0644), 0);

    memset(more, '\n', sizeof(more));
    assert_int_equal(ftruncate(fd, 0) + lseek(fd, 0, SEEK_SET), 0);
    for (i = 0; i < POLICY_MAX_SIZE / (int)sizeof(more); i++)
        assert_int_equal(write(fd, more, sizeof(more)), sizeof(more));
    assert_int_equal(policy_read(path, &policy, &why), 0);
    policy_done(&policy);
    assert_int_equal(write(fd, more, 1), 1);
    assert_int_equal(policy_read(path, &policy, &why), -EFBIG);
    assert_reason("65536 bytes");
    close(fd);
    unlink(path);

    assert_int_equal(policy_read(path, &policy, &why), -ENOENT);
    /* A FIFO without a writer does not block. */
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(policy_read(path, &policy, &why), -EINVAL);
    assert_reason("no regular file");
    unlink(path);
    assert_int_equal(policy_read("/etc", &policy, &why), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_empty, drop_all),
        cmocka_unit_test_teardown(test_good, drop_all),
        cmocka_unit_test_teardown(test_kinds, drop_all),
        cmocka_unit_test_teardown(test_bad, drop_all),
        cmocka_unit_test_teardown(test_bad_names, drop_all),
        cmocka_unit_test_setup_teardown(test_tree, load_everything, drop_all),
        cmocka_unit_test_setup_teardown(test_allows, load_everything,
                                        drop_all),
        cmocka_unit_test_setup_teardown(test_forbid, load_everything,
                                        drop_all),
        cmocka_unit_test_teardown(test_file, drop_all),
    };

    return cmocka_run_group_tests_name("lib policy", tests, NULL, NULL);
}
