#!/usr/bin/env bash
# Unpacks Debian's nginx and its stream module into a folder of its own, for the tests that ask nginx itself.
# Nothing is installed on this machine: no service exists that could start. Repeatable; a complete folder is left alone.
#
#   test/nginx/setup.sh        folder: PACSLINT_NGINX, default /var/cache/pacslint-nginx
set -euo pipefail

CACHE="${PACSLINT_NGINX:-/var/cache/pacslint-nginx}"
NAME="nginx:setup"
. "$(dirname "${BASH_SOURCE[0]}")/../debian.sh"

if "$CACHE/usr/sbin/nginx" -v 2>/dev/null; then
  say "already there: $CACHE"
  exit 0
fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
fetch() { apt-get -q -o APT::Sandbox::User=root download nginx libnginx-mod-stream >log 2>&1; }
fetch || { apt-get -q update >>log 2>&1 && fetch; } || { tail -5 log >&2; die "the packages could not be fetched"; }
mkdir -p "$CACHE"
for package in ./*.deb; do dpkg -x "$package" "$CACHE"; done
"$CACHE/usr/sbin/nginx" -v || die "nginx does not run here: its libraries are missing"
say "unpacked: $CACHE"
