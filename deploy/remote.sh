#!/bin/bash
# The half of deploy.sh that runs on a machine of the installation. Usage:
#   remote.sh check   ROLE PATH KILOBYTES     may a release be put here? prints the platform, such as linux-x64
#   remote.sh has     ROLE PATH NAME          is that release here?
#   remote.sh take    ROLE PATH NAME SHA256   the file in PATH/…/incoming becomes a release, if it is whole and runs
#   remote.sh current ROLE PATH               prints the name of the current release, or -
#   remote.sh switch  ROLE PATH NAME          makes it the current one, installs the unit, restarts
#   remote.sh back    ROLE PATH NAME          the release before is the current one again
#   remote.sh wait    URL SECONDS             until http://ADDRESS:PORT/PATH answers 200
#   remote.sh tidy    ROLE PATH KEEP          removes all but the newest releases
# ROLE: server, worker or edge.
set -euo pipefail

SYSTEM=/etc/systemd/system
SETTINGS=/etc/prospectlab

fail() { echo "$(uname -n): $*" >&2; exit 1; }

program_of() { if [ "$1" = edge ]; then echo prospectlab-edge; else echo prospectlab; fi; }
user_of() { program_of "$1"; }
unit_of() { if [ "$1" = server ]; then echo prospectlab; else echo "prospectlab-$1"; fi; }
settings_of() { if [ "$1" = server ]; then echo prospectlab.env; else echo "$1.env"; fi; }
# The server and a worker run the same file.
room_of() { if [ "$1" = edge ]; then echo "$2/edge"; else echo "$2/server"; fi; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif [ -t 0 ]; then sudo "$@"
    else sudo -n "$@" || fail "$(id -un) may not do this without a password: sudo $*"
    fi
}

check() { # role path kilobytes
    local room free
    room=$(room_of "$1" "$2")
    mkdir -p "$room/releases" "$room/incoming"
    # The service's own user has to get there.
    chmod 755 "$2" "$room" "$room/releases"
    rm -rf "${room:?}/incoming/"*
    free=$(df -Pk "$room" | awk 'NR == 2 { print $4 }')
    [ "$free" -ge "$3" ] || fail "not enough room below $room: $free kB are free, $3 kB are needed"
    echo "$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')"
}

has() { # role path name
    [ -x "$(room_of "$1" "$2")/releases/$3/$(program_of "$1")" ]
}

take() { # role path name sha256
    local room program draft said
    room=$(room_of "$1" "$2") program=$(program_of "$1") draft=$room/incoming/$3
    echo "$4  $room/incoming/$program" | sha256sum --check --status ||
        fail "$program is not what was sent: its sha256 differs"
    mkdir -p "$draft"
    mv "$room/incoming/$program" "$draft/"
    chmod 755 "$draft" "$draft/$program"
    said=$(cd / && "$draft/$program" --help 2>&1 >/dev/null) ||
        fail "$program does not run on this machine ($(uname -m)): ${said:0:300}"
    rm -rf "${room:?}/releases/$3"
    mv "$draft" "$room/releases/$3"
}

current() { # role path
    local link
    link=$(room_of "$1" "$2")/current
    if [ -L "$link" ]; then basename "$(readlink "$link")"; else echo -; fi
}

# Atomic: there is no moment without a current release.
point() { # room name
    ln -sfn "releases/$2" "$1/current.new"
    mv -fT "$1/current.new" "$1/current"
    touch "$1/releases/$2"
}

# User, settings file and unit, where they are missing or not what they should be.
install_unit() { # role path
    local user unit settings wanted
    user=$(user_of "$1") unit=$(unit_of "$1").service settings=$(settings_of "$1") wanted=$2/tools/unit.new
    id "$user" >/dev/null 2>&1 ||
        as_root useradd --system --user-group --no-create-home --home-dir "/var/lib/$user" --shell /usr/sbin/nologin "$user"
    if [ ! -e "$SETTINGS/$settings" ]; then
        as_root install -d -m 755 "$SETTINGS"
        as_root install -m 640 -g "$user" "$2/tools/systemd/$settings" "$SETTINGS/$settings"
        echo "$(uname -n): made $SETTINGS/$settings: look through it, then systemctl restart $unit" >&2
    fi
    # deploy.sh lets only letters, digits, spaces and . _ - / into PATH.
    sed "s#/opt/prospectlab#$2#g" "$2/tools/systemd/$unit" > "$wanted"
    if ! cmp -s "$wanted" "$SYSTEM/$unit"; then
        as_root install -m 644 "$wanted" "$SYSTEM/$unit"
        as_root systemctl daemon-reload
        as_root systemctl enable --quiet "$unit"
    fi
}

switch() { # role path name
    install_unit "$1" "$2"
    point "$(room_of "$1" "$2")" "$3"
    as_root systemctl restart "$(unit_of "$1").service"
}

back() { # role path name
    point "$(room_of "$1" "$2")" "$3"
    as_root systemctl restart "$(unit_of "$1").service"
}

# One question without curl or wget, which a bare machine has not: prints the status, then the body.
ask() { # url
    local rest=${1#http://} address status line
    address=${rest%%/*}
    exec 3<>"/dev/tcp/${address%:*}/${address##*:}" || return 1
    printf 'GET /%s HTTP/1.0\r\nHost: %s\r\n\r\n' "${rest#*/}" "$address" >&3
    IFS=' ' read -r -t 10 _ status _ <&3 || return 1
    while IFS= read -r -t 10 line <&3 && [ "$line" != $'\r' ]; do :; done
    echo "$status $(timeout 10 head -c 300 <&3 | tr -cd '[:print:]')"
    exec 3>&-
}

wait_for() { # url seconds
    local until=$((SECONDS + $2)) answer='nothing'
    while :; do
        answer=$(ask "$1" 2>/dev/null) || answer='nothing'
        [ "${answer%% *}" != 200 ] || return 0
        [ "$SECONDS" -lt "$until" ] || fail "$1 still answers after $2 s: $answer"
        sleep 0.3
    done
}

tidy() { # role path keep
    local room
    room=$(room_of "$1" "$2")
    find "$room/releases" -mindepth 1 -maxdepth 1 -type d ! -name "$(current "$1" "$2")" -printf '%T@ %f\n' |
        sort -rn | tail -n "+$3" | cut -d' ' -f2 |
        while IFS= read -r name; do rm -rf "${room:?}/releases/${name:?}"; done
}

action=${1:-}
shift || true
case $action in
    check | has | take | current | switch | back | tidy) "$action" "$@" ;;
    wait) wait_for "$@" ;;
    *) fail "remote.sh: there is no action \"$action\"" ;;
esac
