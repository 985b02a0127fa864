# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Completion of scmi-medctl's command line, for bash. It needs no other package.
# Domains, agents and devices come from scmi-medctl, with the --socket typed so far.

# Adds the words that start with the current one, $1. They are not expanded, since
# they may come from elsewhere. readline replaces only the text behind the last
# character of COMP_WORDBREAKS, and "@" itself too: it could begin a host name.
_scmi_medctl_add() {
    local cur=$1 word head='' part char
    for char in @ : =; do
        [[ $COMP_WORDBREAKS == *"$char"* && $cur == *"$char"* ]] || continue
        part=${cur%"$char"*}
        [[ $char == @ ]] || part+=$char
        ((${#part} > ${#head})) && head=$part
    done
    shift
    for word; do
        [[ $word == "$cur"* ]] && COMPREPLY+=("${word#"$head"}")
    done
}

# Leaves file names to bash, which handles blanks, folders and "~".
_scmi_medctl_file() {
    compopt -o default
}

# Prints the words in the first column of a table that match; $1: verb, $2: pattern.
_scmi_medctl_list() {
    local first
    while read -r first _; do
        [[ $first =~ ^$2$ ]] && printf '%s\n' "$first"
    done < <(scmi-medctl "${socket[@]}" --no-headings "$1" 2> /dev/null < /dev/null)
}

# Completes argument number $2 of the verb $1.
_scmi_medctl_argument() {
    local -a found=()
    case $1-$2 in
    show-0)
        mapfile -t found < <(_scmi_medctl_list domains '[0-9]+') ;;
    attach-0 | detach-0)
        mapfile -t found < <(_scmi_medctl_list domains '[1-9][0-9]*') ;;
    attach-1 | detach-1 | guest-dtb-*)
        mapfile -t found < <(_scmi_medctl_list devices '/[A-Za-z0-9,._+@/-]+') ;;
    reset-0 | limit-0)
        mapfile -t found < <(_scmi_medctl_list agents '[0-9]+') ;;
    limit-1)
        found=(none) ;;
    check-*)
        _scmi_medctl_file
        return ;;
    esac
    _scmi_medctl_add "$cur" "${found[@]}"
}

_scmi_medctl() {
    local line=${COMP_LINE:0:COMP_POINT} cur verb='' word i
    local -a words socket=()
    local -i nr=0
    COMPREPLY=()
    read -ra words <<< "$line"
    [[ $line == *[[:space:]] ]] && words+=('')
    cur=${words[-1]}
    for ((i = 1; i < ${#words[@]} - 1; i++)); do
        word=${words[i]}
        case $word in
        --socket | --device | --fdt | --policy | --output | -o | --delay | -d | --samples | -n)
            [[ $word == --socket ]] && socket=(--socket "${words[i + 1]}")
            i=$((i + 1)) ;;
        -*) ;;
        *) if [[ $verb ]]; then nr+=1; else verb=$word; fi ;;
        esac
    done
    case ${words[-2]} in
    --device)
        mapfile -t words < <(_scmi_medctl_list devices '/[A-Za-z0-9,._+@/-]+')
        _scmi_medctl_add "$cur" "${words[@]}"
        return ;;
    --socket | --fdt | --policy | --output | -o)
        _scmi_medctl_file
        return ;;
    --delay | -d | --samples | -n)
        return ;;
    esac
    if [[ $cur =~ ^--(socket|fdt|policy|output)= ]]; then
        _scmi_medctl_file
    elif [[ $cur == -* ]]; then
        _scmi_medctl_add "$cur" --json --no-headings --socket --device --fdt \
            --policy --output --delay --samples --help --version
    elif [[ $verb ]]; then
        _scmi_medctl_argument "$verb" "$nr"
    else
        _scmi_medctl_add "$cur" agents domains devices show status reload reset limit \
            attach detach monitor top check guest-dtb selftest
    fi
}

complete -F _scmi_medctl scmi-medctl
