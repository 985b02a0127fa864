# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Sourced: a private apt root for another suite or architecture, so that
# nothing of it touches the machine. The mirror is the machine's own.

KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# The machine's own apt, whatever root is in use here.
machine_apt() {
    local tool=$1
    shift
    env -u APT_CONFIG "$tool" "$@"
}

# The URIs of the machine's Debian archives, the likeliest first: the main ones
# ($1 = main) or those of security updates ($1 = security).
apt_uris() {
    local uri suite list rank kind
    machine_apt apt-get update --print-uris |
        sed -n "s,^'\(.*\)/dists/\([^/]*\)/InRelease' \([^ ]*\) .*,\1 \2 \3,p" |
        while read -r uri suite list; do
            case $suite in
            *-security) kind=security ;;
            *-*) continue ;;
            *) kind=main ;;
            esac
            [ "$kind" = "$1" ] || continue
            rank=2
            case $uri in */debian | */debian-security) rank=1 ;; esac
            list=/var/lib/apt/lists/$list
            if [ -r "$list" ]; then
                # Others' archives use Debian's names of suites, too.
                grep -q '^Origin: Debian$' "$list" || continue
                rank=0
            fi
            echo "$rank ${uri%/}"
        done | sort -u | cut -d' ' -f2
}

# retry COMMAND...: a mirror may be busy for a moment.
retry() {
    local attempt
    for attempt in 1 2 3; do
        "$@" && return
        echo "attempt $attempt of 3 failed: $*"
        sleep $((attempt * 5))
    done
    return 1
}

# apt_root SUITE ARCH: prepares it and points APT_CONFIG to it.
apt_root() {
    local suite=$1 arch=$2 root=$CACHE/apt-$1-$2 uri security
    uri=$(apt_uris main | head -n 1)
    [ -n "$uri" ] || die "no Debian archive among the machine's apt sources (/etc/apt/sources.list*)"
    security=$(apt_uris security | head -n 1)
    export APT_CONFIG=$root/apt.conf
    APT_ROOT=$root
    mkdir -p "$root"/{lists/partial,archives/partial,etc/apt.conf.d,etc/preferences.d}
    # It may be in use already: then it stays as it is.
    exec 8> "$root/lock"
    flock 8
    touch "$root/status"
    {
        local s
        for s in "$suite" "$suite-updates"; do
            echo "deb [arch=$arch signed-by=$KEYRING] $uri $s main"
            echo "deb-src [signed-by=$KEYRING] $uri $s main"
        done
        if [ -n "$security" ]; then
            echo "deb [arch=$arch signed-by=$KEYRING] $security $suite-security main"
            echo "deb-src [signed-by=$KEYRING] $security $suite-security main"
        fi
    } > "$root/etc/sources.list.new"
    cat > "$root/apt.conf.new" <<EOF
Dir "$root/";
Dir::Etc "$root/etc/";
Dir::Etc::Parts "$root/etc/apt.conf.d";
Dir::State "$root/";
Dir::State::Lists "$root/lists";
Dir::State::Status "$root/status";
Dir::Cache "$root/";
Dir::Cache::Archives "$root/archives";
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
$(machine_apt apt-config dump | grep -E '^Acquire::(https?::.*Proxy|Check-)')
EOF
    put_in_place "$root/etc/sources.list"
    put_in_place "$root/apt.conf"
    # Lists of today are good enough, and keep later runs off the network.
    if [ -z "$(find "$root/updated" -mmin -720 2> /dev/null)" ]; then
        retry apt-get -q update
        touch "$root/updated"
    fi
    exec 8>&-
}

# put_in_place FILE: its new text, if it is another one.
put_in_place() {
    cmp -s "$1.new" "$1" || mv "$1.new" "$1"
}

# apt_unpack FOLDER PACKAGE...: these packages and all they depend on. No
# maintainer script runs. Their files are in APT_DEBS then.
apt_unpack() {
    local folder=$1 debs deb
    APT_DEBS=()
    shift
    mkdir -p "$folder"
    # Only one at a time can put packages into its archive.
    retry flock "$APT_ROOT/lock" apt-get -q -y --no-install-recommends --download-only install "$@"
    # Their names, as if none were here.
    debs=$(apt-get -qq -y --no-install-recommends --print-uris \
        -o Dir::Cache::Archives="$APT_ROOT/none" install "$@" | cut -d' ' -f2)
    for deb in $debs; do
        APT_DEBS+=("$APT_ROOT/archives/$deb")
        dpkg-deb --fsys-tarfile "$APT_ROOT/archives/$deb" |
            tar -x --keep-directory-symlink -C "$folder"
    done
}

# apt_source FOLDER PACKAGE: its source tarballs, not unpacked.
apt_source() {
    mkdir -p "$1"
    (cd "$1" && apt-get -q source --download-only "$2")
}

# apt_pool FOLDER POOL-PATH SHA256: one file that an index does not list any
# more (or whose newer version the mirror does not hold).
apt_pool() {
    local file=$1/${2##*/} base uri
    [ -f "$file" ] && echo "$3  $file" | sha256sum -c --quiet && return
    mkdir -p "$1"
    for base in $(apt_uris main) $(apt_uris security); do
        for uri in "$base/pool/$2" "$base/pool/updates/$2"; do
            /usr/lib/apt/apt-helper download-file "$uri" "$file" "SHA256:$3" && return
        done
    done
    return 1
}
