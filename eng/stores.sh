#!/usr/bin/env bash
# Makes real etcd, Consul and ZooKeeper available to the tests: in containers, and as programs of this machine. Prints one line for each thing it does, and
# why for what it cannot do; the tests that need it are then skipped with that reason. Never fails, changes nothing the second time.
#
# HA_TEST_STORES=external:...  nothing is done     HA_TEST_STORES=local  no Docker engine is installed or started
# HA_TEST_STORES_INSTALL=no    nothing is installed, started, fetched or built
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=/var/lib/ha-test-stores
socket=$home/docker.sock
wanted=${HA_TEST_STORES:-}
docker=()

say() { echo "stores: $*"; }
has() { command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ]; }
is_root() { [ "$(id -u)" = 0 ]; }
lacks_image() { ! "${docker[@]}" image inspect "$1" >/dev/null 2>&1; }

find_consul() {
    local place
    for place in "${HA_TEST_CONSUL_BIN:-}" "$(command -v consul || true)" $home/consul/usr/bin/consul; do
        [ -n "$place" ] && [ -x "$place" ] && { echo "$place"; return 0; }
    done
    return 1
}

find_engine() {
    has docker || return 1
    docker=(docker)
    timeout 5 docker version >/dev/null 2>&1 && return 0
    [ -z "${DOCKER_HOST:-}" ] && [ -S $socket ] || return 1
    docker=(docker --host "unix://$socket")
    timeout 5 "${docker[@]}" version >/dev/null 2>&1
}

# Packages that are missing, by the program or file that shows it.
missing_packages() {
    has setpriv || echo util-linux
    has ip || echo iproute2
    has nft || echo nftables
    has etcd || echo etcd-server
    [ -e /usr/share/java/zookeeper.jar ] || echo libzookeeper-java
    has java || echo default-jre-headless
    [ "$wanted" = local ] && return
    has docker || find_engine || echo docker.io
    has dockerd || find_engine || echo docker.io
    has debootstrap || echo debootstrap
}

install_packages() {
    local packages
    packages=$(missing_packages | sort -u | tr '\n' ' ')
    [ -z "${packages// /}" ] && return
    if ! is_root || ! has apt-get; then
        say "not installed, as that needs root on Debian: $packages"
        return
    fi
    say "installing $packages"
    # The packages' own services are not wanted: neither an etcd on its usual port nor an engine of the machine's.
    local quiet=/usr/sbin/policy-rc.d
    if [ ! -e $quiet ]; then
        printf '#!/bin/sh\nexit 101\n' >$quiet && chmod +x $quiet
        # shellcheck disable=SC2064
        trap "rm -f $quiet" EXIT
    fi
    export DEBIAN_FRONTEND=noninteractive
    timeout 180 apt-get update -q >/dev/null 2>&1
    # shellcheck disable=SC2086
    timeout 600 apt-get -o DPkg::Lock::Timeout=120 install -qy --no-install-recommends $packages >$home/apt.log 2>&1 || say "apt-get install failed, see $home/apt.log"
    [ -e $quiet ] && rm -f $quiet
}

# Debian dropped Consul after release 11. The newer release's sources, with the older one's name, in lists of their own.
install_consul() {
    find_consul >/dev/null && return
    if ! is_root || ! has apt-get; then
        say "Consul is not installed, as that needs root on Debian (or name one in HA_TEST_CONSUL_BIN)"
        return
    fi
    say "fetching Consul from Debian 11"
    local apt=$home/bullseye keys mirror
    keys=$(ls /usr/share/keyrings/debian-archive-keyring.* 2>/dev/null | head -n 1)
    mirror=$(grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | head -n 1 | tr -d ' ')
    mkdir -p $apt/lists/partial $apt/cache/archives/partial $home/consul
    echo "deb [signed-by=$keys] ${mirror:-http://deb.debian.org/debian} bullseye main" >$apt/sources.list
    local options=(-o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root)
    if (cd $apt && timeout 180 apt-get "${options[@]}" update -q && timeout 180 apt-get "${options[@]}" download consul) >$home/consul.log 2>&1 \
        && dpkg -x $apt/consul_*.deb $home/consul; then
        rm -rf $apt
    else
        say "Consul could not be fetched, see $home/consul.log"
    fi
}

start_engine() {
    find_engine && return
    docker=()
    if ! is_root || ! has dockerd; then
        say "no Docker engine answers, and none is started: that needs root and dockerd"
        return 1
    fi
    say "starting a Docker engine at $socket"
    # Left by an engine that was killed; a new one would take its number for a running engine's.
    rm -f $home/docker.pid
    local options
    for options in "" "--iptables=false --ip6tables=false"; do
        # shellcheck disable=SC2086
        setsid dockerd --data-root $home/docker --exec-root $home/run --pidfile $home/docker.pid --host "unix://$socket" --log-level error $options \
            >$home/docker.log 2>&1 </dev/null 9>&- &
        local engine=$!
        for _ in $(seq 60); do
            if find_engine; then
                # Packets between the members of one bridge are no business of the machine's packet filter.
                sysctl -qw net.bridge.bridge-nf-call-iptables=0 2>/dev/null
                return
            fi
            kill -0 $engine 2>/dev/null || break
            sleep 0.5
        done
        kill $engine 2>/dev/null
    done
    docker=()
    say "the Docker engine does not start: $(grep -hE 'level=(fatal|error)|failed' $home/docker.log | tail -n 1)"
    return 1
}

# Official images where a registry is reachable, else ours.
get_images() {
    local kind official variable reachable=yes build=()
    for kind in etcd=quay.io/coreos/etcd:v3.5.21 consul=hashicorp/consul:1.20 zookeeper=zookeeper:3.9; do
        official=${kind#*=} kind=${kind%%=*}
        variable=HA_TEST_${kind^^}_IMAGE
        [ -n "${!variable:-}" ] || ! lacks_image "$official" || ! lacks_image "ha-test-$kind:debian" && continue
        if [ $reachable = yes ]; then
            say "fetching $official"
            timeout 120 "${docker[@]}" pull -q "$official" >/dev/null 2>&1 && continue
            say "no registry is reachable"
            reachable=no
        fi
        build+=("$kind")
    done
    # Root enters a container's network from outside; others need an image with the tool.
    is_root || ! lacks_image ha-test-tools:debian || build+=(tools)
    [ ${#build[@]} -eq 0 ] && return
    [ $reachable = yes ] && lacks_image ha-test-base:debian && timeout 120 "${docker[@]}" pull -q debian:bookworm-slim >/dev/null 2>&1
    if ! is_root && lacks_image debian:bookworm-slim && lacks_image ha-test-base:debian; then
        say "not built, as that needs root or debian:bookworm-slim: ${build[*]}"
        return
    fi
    for kind in "${build[@]}"; do
        say "building ha-test-$kind:debian"
        DOCKER="${docker[*]}" CONSUL=$(find_consul) timeout 600 "$here/images/build.sh" "$kind" || say "ha-test-$kind:debian could not be built"
    done
}

case $wanted in external:*) exit 0 ;; esac
if [ "${HA_TEST_STORES_INSTALL:-yes}" = no ]; then
    say "nothing is installed, as HA_TEST_STORES_INSTALL says"
    exit 0
fi
if is_root; then
    mkdir -p $home
    exec 9>$home/lock
    flock -w 900 9 || { say "another run of this script does not end"; exit 0; }
fi
install_packages
install_consul
[ "$wanted" = local ] || { start_engine && get_images; }
# The stand-in for pmxcfs speaks to the kernel itself: it needs the device and root, and no package.
[ -e /dev/fuse ] || ! is_root || ! modprobe -q fuse || say "loading the fuse module"
local_kinds=$({ has etcd && echo etcd; find_consul >/dev/null && echo consul; has java && [ -e /usr/share/java/zookeeper.jar ] && echo zookeeper; } | tr '\n' ' ')
say "containers: $([ ${#docker[@]} -gt 0 ] && echo "${docker[*]}" || echo none); programs: ${local_kinds:-none}"
exit 0
