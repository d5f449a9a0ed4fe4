#!/usr/bin/env bash
# Unpacks Java (of this machine's own Debian release) into a folder outside the repository: the judge of what Java makes
# of lists of cipher suites. Nothing is installed. Repeatable; what is there is left alone.
#
#   test/dcm4chee/setup-java.sh [--force]
set -euo pipefail

TOOLS="${PACSLINT_TOOLS:-/var/cache/pacslint-tools}"

NAME="dcm4chee:setup-java"
. "$(dirname "${BASH_SOURCE[0]}")/../debian.sh"

need apt-get apt-cache dpkg-deb tar flock
mkdir -p "$TOOLS"
exec 9>"$TOOLS/java.lock"
flock 9 # two set-ups at once would fill the same folder
if [ "${1:-}" != --force ] && [ -x "$TOOLS/java/bin/java" ]; then
  say "$(cat "$TOOLS/java/version") is there"
  exit 0
fi

new="$TOOLS/java.new"
rm -rf "$new"
mkdir -p "$new/tree"
apt-cache show default-jre-headless >/dev/null 2>&1 || apt-get -q update >/dev/null
package="$(apt-cache depends default-jre-headless | awk '$1 == "Depends:" && $2 ~ /^openjdk-/ { print $2; exit }')"
[ -n "$package" ] || die "Debian's Java was not found"
fetch() { (cd "$new" && apt-get -q -o APT::Sandbox::User=root download "$package" >log 2>&1); }
fetch || { apt-get -q update >/dev/null && fetch; } || { tail -5 "$new/log" >&2; die "the package could not be fetched"; }
dpkg-deb --fsys-tarfile "$new"/*.deb | tar -x -C "$new/tree"

# Its configuration lies in /etc, where links lead that would miss it here: or find another Java's.
home="$(dirname "$(dirname "$(find "$new/tree" -path '*/bin/java' -type f | head -1)")")"
find "$home" -type l -lname '/etc/*' | while read -r link; do
  own="$new/tree$(readlink "$link")"
  [ ! -e "$own" ] || cp --remove-destination "$own" "$link"
done
basename "$new"/*.deb .deb >"$home/version"
"$home/bin/java" -version >/dev/null 2>&1 || die "Java does not run here: its libraries are missing"
rm -rf "${TOOLS:?}/java"
mv "$home" "$TOOLS/java"
rm -rf "$new"
say "$(cat "$TOOLS/java/version") unpacked"
