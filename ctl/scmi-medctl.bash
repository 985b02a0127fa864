# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Completion of scmi-medctl's command line, for bash. It needs nothing else:
# what the daemon knows is asked of scmi-medctl, with the options typed so far.

# Adds those of the words that start as the current one does. Nothing is
# expanded: the words may come from elsewhere. Where readline breaks a word, only
# what is behind is replaced; an "@", which could begin the name of a host, too.
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

# Names of files are left to bash, which knows of blanks, folders and "~".
_scmi_medctl_file() {
    compopt -o default
}

# The first column of a table, as far as it is plain; $1: its verb, $2: pattern.
_scmi_medctl_list() {
    local first
    while read -r first _; do
        [[ $first =~ ^$2$ ]] && printf '%s\n' "$first"
    done < <(scmi-medctl "${socket[@]}" --no-headings "$1" 2> /dev/null < /dev/null)
}

# What an argument of a verb can be.
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
