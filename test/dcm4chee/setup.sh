#!/usr/bin/env bash
# Unpacks OpenLDAP's slapd and its tools (of this machine's own Debian release) into a folder outside the repository: the
# judge of the directory tests. Nothing is installed, so that no service starts. Repeatable; what is there is left alone.
#
#   test/dcm4chee/setup.sh [--force]
set -euo pipefail

TOOLS="${PACSLINT_TOOLS:-/var/cache/pacslint-tools}"

NAME="dcm4chee:setup"
. "$(dirname "${BASH_SOURCE[0]}")/../debian.sh"

need apt-get apt-cache dpkg-deb tar flock
mkdir -p "$TOOLS"
exec 9>"$TOOLS/slapd.lock"
flock 9 # two set-ups at once would fill the same folder
if [ "${1:-}" != --force ] && [ -x "$TOOLS/slapd/usr/sbin/slapd" ]; then
  say "$(cat "$TOOLS/slapd/version") is there"
  exit 0
fi

new="$TOOLS/slapd.new"
rm -rf "$new"
mkdir -p "$new/debs"
apt-cache show slapd >/dev/null 2>&1 || apt-get -q update >/dev/null
# slapd and the libraries that a small machine may lack; the C library and the rest are the machine's own.
libraries="$(apt-cache depends --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances slapd ldap-utils |
  awk '$1 == "Depends:" && $2 ~ /^lib(ldap|odbc|ltdl|wrap|sasl2|argon2|crypt|icu|gnutls|nettle|hogweed|p11)/ { print $2 }' | sort -u)"
# shellcheck disable=SC2086
(cd "$new/debs" && apt-get -q download slapd ldap-utils $libraries >"$new/log" 2>&1) ||
  { tail -5 "$new/log" >&2; die "the packages could not be fetched"; }
for deb in "$new"/debs/*.deb; do
  dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$new"
done
basename "$(ls "$new"/debs/slapd_*.deb)" .deb >"$new/version"
rm -rf "$new/debs"
[ -x "$new/usr/sbin/slapd" ] || die "the package has no slapd"
rm -rf "${TOOLS:?}/slapd"
mv "$new" "$TOOLS/slapd"
say "$(cat "$TOOLS/slapd/version") unpacked"
