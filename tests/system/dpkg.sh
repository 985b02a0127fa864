# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Sourced: dpkg's database of a root file system whose packages were unpacked, as
# if dpkg had installed them. Then the dpkg there knows what further packages can
# depend on, and whose triggers they activate.

# note_triggers DATABASE PACKAGE: what it wants to be told of.
note_triggers() {
    local db=$1 package=$2 kind name how
    while read -r kind name; do
        case $kind in
        interest | interest-await) how='' ;;
        interest-noawait) how=/noawait ;;
        *) continue ;;
        esac
        case $name in
        /*) echo "$name $package$how" >> "$db/triggers/File" ;;
        *) echo "$package$how" >> "$db/triggers/$name" ;;
        esac
    done < "$db/info/$package.triggers"
}

# note_package DATABASE DEB
note_package() {
    local db=$1 deb=$2 name package control file
    control=$(mktemp -d)
    dpkg-deb -e "$deb" "$control"
    name=$(sed -n 's/^Package: //p' "$control/control")
    package=$name
    # The same package can be there for several architectures.
    ! grep -q '^Multi-Arch: same$' "$control/control" ||
        package=$name:$(sed -n 's/^Architecture: //p' "$control/control")
    sed '/^Package:/a Status: install ok installed' "$control/control" >> "$db/status"
    echo >> "$db/status"
    rm "$control/control"
    for file in "$control"/*; do
        [ ! -e "$file" ] || mv "$file" "$db/info/$package.${file##*/}"
    done
    dpkg-deb --fsys-tarfile "$deb" | tar -t | sed 's,^\.,,; s,/$,,; s,^$,/.,' > "$db/info/$package.list"
    [ ! -e "$db/info/$package.triggers" ] || note_triggers "$db" "$package"
    rmdir "$control"
}

# dpkg_database ROOT DEB...
dpkg_database() {
    local db=$1/var/lib/dpkg deb
    shift
    mkdir -p "$db"/{info,triggers,updates,parts,alternatives}
    echo 1 > "$db/info/format"
    : > "$db/status"
    : > "$db/available"
    # Without it dpkg takes all triggers for activated.
    : > "$db/triggers/Unincorp"
    for deb in "$@"; do
        note_package "$db" "$deb"
    done
}
