# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes the table of interface.h from doc/org.scmimed.varlink. Knows as much of
# varlink's language as that file uses, and fails on anything else.

function fail(message) {
    print "doc/org.scmimed.varlink: " message > "/dev/stderr"
    exit 1
}

# The members of "(name: type, ...)" as an array with that name.
function print_fields(array, members,    list, nr, i, name, type, nullable, is_list) {
    print "static const struct interface_field " array "[] = {"
    gsub(/ /, "", members)
    nr = split(members, list, ",")
    for (i = 1; i <= nr; i++) {
        name = type = list[i]
        sub(/:.*/, "", name)
        sub(/.*:/, "", type)
        nullable = sub(/^\?/, "", type)
        is_list = sub(/^\[\]/, "", type)
        if (!(type in c_type))
            fail("not supported or not yet defined: " list[i])
        print "    { \"" name "\", " c_type[type] ", " is_list ", " nullable ", " \
            (type in is_object ? type : "NULL") " },"
    }
    print "    { NULL, 0, 0, 0, NULL },\n};\n"
}

BEGIN {
    c_type["int"] = "INTERFACE_INT"
    c_type["signed"] = "INTERFACE_SIGNED"
    c_type["string"] = "INTERFACE_STRING"
}

{
    if (/# signed:/)
        sub(/int/, "signed")
    sub(/#.*/, "")
    text = text " " $0
}

END {
    print "/* Made by ctl/client/interface.awk. */\n"
    print "#include \"ctl/client/interface.h\"\n"
    # An enumeration is sent as a string, and a later release may extend it.
    gsub(/: *\([^()]*\)/, ": string", text)
    while (match(text, /(type|method|error) +[A-Za-z]+ *\([^()]*\)( *-> *\([^()]*\))?/)) {
        split(substr(text, RSTART, RLENGTH), part, /[()]/)
        text = substr(text, 1, RSTART - 1) substr(text, RSTART + RLENGTH)
        split(part[1], word, " ")
        if (word[1] == "type") {
            print_fields(word[2], part[2])
            c_type[word[2]] = "INTERFACE_OBJECT"
            is_object[word[2]] = 1
        } else if (word[1] == "method") {
            print_fields(word[2] "_parameters", part[2])
            print_fields(word[2] "_reply", part[4])
            methods = methods "    { \"" word[2] "\", " word[2] "_parameters, " \
                word[2] "_reply },\n"
        }
    }
    if (text !~ /^ *interface org\.scmimed *$/)
        fail("cannot parse " text)
    print "const struct interface_method interface_methods[] = {"
    print methods "    { NULL, NULL, NULL },\n};"
}
