#!/bin/bash
# Stands in for systemctl where systemd is not process 1: starts and stops what the installed units say, with their
# settings and as their users. Units' protections are systemd's own and are checked elsewhere.
set -eu
pids=/run/units
mkdir -p "$pids"

setting() { sed -n "s/^$2=//p" "/etc/systemd/system/$1" | head -n 1; }

stop() {
    local pid
    [ -f "$pids/$1" ] || return 0
    pid=$(cat "$pids/$1")
    rm -f "$pids/$1"
    kill "$pid" 2>/dev/null || return 0
    while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
}

start() {
    local user state command
    user=$(setting "$1" User) state=/var/lib/$(setting "$1" StateDirectory) command=$(setting "$1" ExecStart)
    install -d -o "$user" -g "$user" "$state"
    [[ $command =~ ^\"(.*)\"\ ([a-z]+)$ ]]
    # Like systemd, it refuses to start what is not there.
    test -x "${BASH_REMATCH[1]}"
    (
        set -a
        export DATA_DIR="$state"
        # shellcheck disable=SC1090
        . "$(setting "$1" EnvironmentFile)"
        cd "$state"
        exec setsid setpriv --reuid "$user" --regid "$user" --clear-groups "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
    ) >>"/var/log/$1.log" 2>&1 </dev/null &
    echo $! > "$pids/$1"
}

echo "$*" >> /var/log/systemctl.log
case $1 in
    restart) stop "$2"; start "$2" ;;
    stop) stop "$2" ;;
    daemon-reload | enable) ;;
    *) echo "systemctl: not known here: $*" >&2; exit 1 ;;
esac
