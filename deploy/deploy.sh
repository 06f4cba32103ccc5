#!/bin/bash
# Puts the executables on the machines of an installation, the first time and every time after: copies, checks,
# switches, restarts, waits for /healthz, and goes back to the release before when it does not answer.
set -euo pipefail

KEEP=3
# Beside twice the executable (what arrives, what is kept).
SPARE_KB=50000
USAGE='Usage: deploy/deploy.sh APP_HOST USER PATH [PROXY_HOST PROXY_USER]
       deploy/deploy.sh --worker HOST USER PATH

  deploy/deploy.sh app.internal deploy /opt/prospectlab
  deploy/deploy.sh app.internal deploy /opt/prospectlab proxy.internal deploy

APP_HOST gets the server, PROXY_HOST the edge, both below PATH; with --worker HOST gets an extra worker. The users
need ssh, PATH must be theirs, and sudo (or being root) is needed the first time, when a unit file has changed, and
for "systemctl restart". Nothing is changed anywhere before every machine has everything and has tried it.

Environment:
  DIST            folder of the executables (default: dist beside deploy; dist/linux-arm64 for such machines)
  HEALTH_SECONDS  how long a new release may take to answer (default 120: it may have tables to change)
  SERVER_HEALTH   where the server answers on its own machine (default http://127.0.0.1:5000/healthz)
  EDGE_HEALTH     where the edge does on its own (default http://127.0.0.1:5001/healthz)
  PROXY_HEALTH    where nginx does on the proxy host (default http://127.0.0.1:5080; empty: it is not asked)'

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
DIST=${DIST:-$HERE/../dist}
HEALTH_SECONDS=${HEALTH_SECONDS:-120}
SERVER_HEALTH=${SERVER_HEALTH:-http://127.0.0.1:5000/healthz}
EDGE_HEALTH=${EDGE_HEALTH:-http://127.0.0.1:5001/healthz}
PROXY_HEALTH=${PROXY_HEALTH-http://127.0.0.1:5080}

say() { echo "deploy: $*"; }
fail() { echo "deploy: $*" >&2; exit 1; }
usage() { echo "$USAGE" >&2; exit 2; }

[ "${1:-}" != --help ] || { echo "$USAGE"; exit 0; }
app_role=server
if [ "${1:-}" = --worker ]; then
    shift
    app_role=worker
    [ $# -eq 3 ] || usage
fi
[ $# -eq 3 ] || [ $# -eq 5 ] || usage
for word in "$1" "$2" "${4:-none}" "${5:-none}"; do
    [[ $word =~ ^[A-Za-z0-9_][A-Za-z0-9._:-]*$ ]] || fail "this is no name of a machine or a user: $word"
done
path=${3%/}
[[ $path =~ ^/[A-Za-z0-9._/\ -]+$ && $path/ != */../* ]] ||
    fail "PATH must be absolute and hold only letters, digits, spaces and . _ - /: $3"
app=$2@$1 proxy=
[ $# -ne 5 ] || proxy=$5@$4

# One connection per machine: a password is asked for once.
control=$(mktemp -d)
SSH=(ssh -o ConnectTimeout=15 -o ServerAliveInterval=15 -o ControlMaster=auto -o ControlPersist=600
    -o "ControlPath=$control/%C")
finish() {
    for target in "$app" ${proxy:+"$proxy"}; do "${SSH[@]}" -O exit "$target" >/dev/null 2>&1 || true; done
    rm -rf "$control"
}
trap finish EXIT

# ssh hands one string to the shell over there: every word is quoted for it.
quoted() {
    local word
    for word in "$@"; do printf "'%s' " "${word//\'/\'\\\'\'}"; done
}
there() { # target command...
    local target=$1
    shift
    "${SSH[@]}" "$target" "$(quoted "$@")" </dev/null
}
tool() { # target action...
    local target=$1
    shift
    there "$target" bash "$path/tools/remote.sh" "$@"
}
# With a terminal where there is one: sudo over there may ask for a password.
root_tool() { # target action...
    local target=$1
    shift
    if [ -t 0 ]; then "${SSH[@]}" -t "$target" "$(quoted bash "$path/tools/remote.sh" "$@")"; else tool "$target" "$@"; fi
}

file_for() { # role platform
    local program=prospectlab file here
    [ "$1" != edge ] || program=prospectlab-edge
    here=$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
    file=$DIST/$2/$program
    [ -f "$file" ] || [ "$2" != "$here" ] || file=$DIST/$program
    [ -f "$file" ] || fail "there is no $file: npm run build -- --target $2"
    echo "$file"
}

# The release is over there and has been tried. Prints its name.
bring() { # role target
    local role=$1 target=$2 program=prospectlab room=$path/server platform file sum name
    [ "$role" != edge ] || program=prospectlab-edge room=$path/edge
    there "$target" mkdir -p "$path/tools" ||
        fail "$target: $path cannot be made by this user; once, over there: sudo install -d -o ${target%%@*} '$path'"
    tar -C "$HERE" -cz remote.sh systemd nginx | "${SSH[@]}" "$target" "$(quoted tar -C "$path/tools" -xz --no-same-owner)" ||
        fail "$target: the tools could not be copied"
    platform=$(tool "$target" check "$role" "$path" 0) || fail "$target is not ready"
    file=$(file_for "$role" "$platform") || exit 1
    sum=$(sha256sum "$file" | cut -d' ' -f1)
    name=$(sed -n 's/^ *"version": "\([0-9A-Za-z.-]*\)".*/\1/p' "$HERE/../package.json" | head -n 1)
    name=${name:-unknown}-${sum:0:12}
    if ! tool "$target" has "$role" "$path" "$name"; then
        tool "$target" check "$role" "$path" $(($(wc -c < "$file") / 512 + SPARE_KB)) >/dev/null || fail "$target has no room"
        say "$target: copying $program" >&2
        "${SSH[@]}" -C "$target" "$(quoted dd "of=$room/incoming/$program" bs=1M status=none)" < "$file" ||
            fail "$target: the copy broke off"
        tool "$target" take "$role" "$path" "$name" "$sum" || fail "$target refused it"
    fi
    echo "$name"
}

untouched='nothing was switched, the running release goes on'
for target in "$app" ${proxy:+"$proxy"}; do
    there "$target" true || fail "$target cannot be reached: $untouched"
done
app_new=$(bring "$app_role" "$app") || fail "$untouched"
app_old=$(tool "$app" current "$app_role" "$path")
if [ -n "$proxy" ]; then
    edge_new=$(bring edge "$proxy") || fail "$untouched"
    edge_old=$(tool "$proxy" current edge "$path")
fi

app_switched='' edge_switched=''
roll_back() { # why
    local failed=
    echo "deploy: $*" >&2
    back "$edge_switched" "$proxy" edge "${edge_old:--}" "${edge_new:-}" "$EDGE_HEALTH" || failed=1
    back "$app_switched" "$app" "$app_role" "$app_old" "$app_new" "$SERVER_HEALTH" || failed=1
    [ -z "$failed" ] || fail 'NOT EVERYTHING IS AS IT WAS: look at the machines (journalctl -u "prospectlab*")'
    fail 'failed; every machine runs the release it ran before'
}
back() { # switched target role old new health
    [ -n "$1" ] && [ "$4" != "$5" ] || return 0
    if [ "$4" = - ]; then
        echo "deploy: $2: there is no earlier release to go back to; the new one was left in its place" >&2
        return 1
    fi
    root_tool "$2" back "$3" "$path" "$4" && { [ "$3" = worker ] || tool "$2" wait "$6" "$HEALTH_SECONDS"; } || return 1
    echo "deploy: $2: rolled back to $4" >&2
}

app_switched=1
root_tool "$app" switch "$app_role" "$path" "$app_new" || roll_back "$app: $app_new could not be started"
if [ "$app_role" = server ]; then
    tool "$app" wait "$SERVER_HEALTH" "$HEALTH_SECONDS" || roll_back "$app: $app_new does not answer"
fi
if [ -n "$proxy" ]; then
    edge_switched=1
    root_tool "$proxy" switch edge "$path" "$edge_new" || roll_back "$proxy: $edge_new could not be started"
    tool "$proxy" wait "$EDGE_HEALTH" "$HEALTH_SECONDS" || roll_back "$proxy: $edge_new does not answer"
    if [ -n "$PROXY_HEALTH" ] && ! tool "$proxy" wait "$PROXY_HEALTH/healthz" "$HEALTH_SECONDS"; then
        # The first time nginx may still be to come.
        [ "$edge_old" = - ] || roll_back "$proxy: the server cannot be reached through nginx"
        say "$proxy: nginx does not lead to the server yet; its files are in deploy/nginx"
    fi
fi

tool "$app" tidy "$app_role" "$path" "$KEEP"
say "$app: $app_role $app_new (before: $app_old)"
if [ -n "$proxy" ]; then
    tool "$proxy" tidy edge "$path" "$KEEP"
    say "$proxy: edge $edge_new (before: $edge_old)"
fi
