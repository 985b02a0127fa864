# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Sourced: a private apt root for another suite or architecture, so that
# nothing of it touches the machine. The mirror is the machine's own.

KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# The URIs of the machine's Debian archives, main ($1 = '') or security.
apt_uris() {
    {
        cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2> /dev/null |
            sed -n 's/^[[:space:]]*deb[[:space:]]\+\(\[[^]]*\][[:space:]]*\)\?\([^[:space:]]*\)[[:space:]].*/\2/p'
        cat /etc/apt/sources.list.d/*.sources 2> /dev/null |
            sed -n 's/^URIs:[[:space:]]*//p' | tr ' ' '\n'
    } | sed 's,/*$,,' | sort -u | {
        if [ "${1:-}" = security ]; then
            grep -E '/debian-security$'
        else
            grep -E '/debian$'
        fi
    }
}

# apt_root SUITE ARCH: prepares it and points APT_CONFIG to it.
apt_root() {
    local suite=$1 arch=$2 root=$CACHE/apt-$1-$2 uri security
    uri=$(apt_uris | head -n 1) || true
    [ -n "$uri" ] || die "no Debian archive among the machine's apt sources"
    security=$(apt_uris security | head -n 1) || true
    mkdir -p "$root"/{lists/partial,archives/partial,etc/apt.conf.d,etc/preferences.d}
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
    } > "$root/etc/sources.list"
    cat > "$root/apt.conf" <<EOF
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
EOF
    export APT_CONFIG=$root/apt.conf
    APT_ROOT=$root
    # Lists of today are good enough, and keep later runs off the network.
    if [ -z "$(find "$root/updated" -mmin -720 2> /dev/null)" ]; then
        apt-get -q update && touch "$root/updated"
    fi
}

# apt_unpack FOLDER PACKAGE...: these packages and all they depend on. No
# maintainer script runs.
apt_unpack() {
    local folder=$1 deb
    shift
    mkdir -p "$folder"
    apt-get -q -y --no-install-recommends --download-only install "$@"
    for deb in $(apt-get -qq -y --no-install-recommends --print-uris \
            -o Dir::Cache::Archives=/nonexistent install "$@" 2> /dev/null | cut -d' ' -f2); do
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
    for base in $(apt_uris) $(apt_uris security); do
        for uri in "$base/pool/$2" "$base/pool/updates/$2"; do
            /usr/lib/apt/apt-helper download-file "$uri" "$file" "SHA256:$3" && return
        done
    done
    return 1
}
