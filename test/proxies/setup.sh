#!/usr/bin/env bash
# Unpacks Debian's Caddy, Apache httpd and HAProxy into a folder of their own, for the tests that ask them.
# Nothing is installed on this machine: no service exists that could start. Repeatable; a complete folder is left alone.
#
#   test/proxies/setup.sh        folder: PACSLINT_PROXIES, default /var/cache/pacslint-proxies
set -euo pipefail

CACHE="${PACSLINT_PROXIES:-/var/cache/pacslint-proxies}"
NAME="proxies:setup"
. "$(dirname "${BASH_SOURCE[0]}")/../debian.sh"

runs() {
  LD_LIBRARY_PATH="$CACHE/usr/lib/$(uname -m)-linux-gnu"
  export LD_LIBRARY_PATH
  "$CACHE/usr/bin/caddy" version && "$CACHE/usr/sbin/apache2" -v && "$CACHE/usr/sbin/haproxy" -v
}

if runs >/dev/null 2>&1; then
  say "already there: $CACHE"
  exit 0
fi

packages=(caddy haproxy apache2-bin libapr1 libaprutil1 libcurl4 libjansson4 liblua5.3-0 libopentracing-c-wrapper0 libopentracing1)
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
fetch() { apt-get -q -o APT::Sandbox::User=root download "${packages[@]}" >log 2>&1; }
fetch || { apt-get -q update >>log 2>&1 && fetch; } || { tail -5 log >&2; die "the packages could not be fetched"; }
mkdir -p "$CACHE"
for package in ./*.deb; do dpkg -x "$package" "$CACHE"; done
runs >/dev/null || die "a server does not run here: its libraries are missing"
say "unpacked: $CACHE"
