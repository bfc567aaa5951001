#!/usr/bin/env bash
# Builds images of the store servers from Debian's packages, for machines that reach no registry: ha-test-{etcd,consul,zookeeper,tools}:debian.
# usage: eng/images/build.sh IMAGE...     with DOCKER naming the command line (default: docker) and CONSUL a Consul program to pack
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
read -ra docker <<<"${DOCKER:-docker}"
base=ha-test-base:debian
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

has() { "${docker[@]}" image inspect "$1" >/dev/null 2>&1; }

# The smallest Debian: the registry's if it is there already, else one that debootstrap makes, as root.
if ! has "$base"; then
    if has debian:bookworm-slim; then
        "${docker[@]}" tag debian:bookworm-slim "$base"
    else
        mirror=$(grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | head -n 1 | tr -d ' ' || true)
        debootstrap --variant=minbase bookworm "$work/root" "${mirror:-http://deb.debian.org/debian}" >"$work/log" 2>&1 || { tail -n 5 "$work/log" >&2; exit 1; }
        rm -rf "$work"/root/var/cache/apt/archives/*.deb
        tar -C "$work/root" -c . | "${docker[@]}" import - "$base" >/dev/null
    fi
fi

for image in "$@"; do
    context=$work/$image
    mkdir "$context"
    cp "$here/$image.Dockerfile" "$context/Dockerfile"
    [ "$image" = zookeeper ] && cp "$here/zkServer.sh" "$context/"
    [ "$image" = consul ] && cp "${CONSUL:?names no Consul program}" "$context/consul"
    # The engine may have no way out of its own networks. The older builder is in every engine; the newer needs a plug-in.
    DOCKER_BUILDKIT=0 "${docker[@]}" build -q --network host --build-arg "BASE=$base" -t "ha-test-$image:debian" "$context" >"$work/log" 2>&1 || { tail -n 5 "$work/log" >&2; exit 1; }
done
