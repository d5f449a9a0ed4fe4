#!/usr/bin/env bash
# Unpacks kubectl (Debian trixie's package, which also runs on bookworm) into a folder outside the repository:
# the judge of the kustomize tests. Nothing is installed on this machine. Repeatable; what is there is left alone.
#
#   test/kubernetes/setup.sh [--force]
set -euo pipefail

TOOLS="${PACSLINT_TOOLS:-/var/cache/pacslint-tools}"
SUITE=trixie

say() { printf '%s\n' "kubernetes:setup: $*"; }
die() { say "$*" >&2; exit 1; }

# The mirror is the one this machine's own apt uses for its release.
mirror() {
  local codename
  codename="$(. /etc/os-release && echo "${VERSION_CODENAME:-}")"
  apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
    awk -v suite="$codename" '$2 == suite { print $1; exit }'
}

apt_in() { # <state folder> <apt-get arguments…>: an apt with a state of its own, blind to what this machine has
  local state="$1"
  shift
  apt-get -q -o "Dir::Etc::SourceList=$state/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o "Dir::State=$state" -o "Dir::State::Lists=$state/lists" -o "Dir::State::status=$state/status" \
    -o "Dir::Cache=$state/cache" -o Acquire::Languages=none -o APT::Sandbox::User=root \
    -o Debug::NoLocking=1 -o Acquire::Retries=3 "$@"
}

unpack() { # fills kubectl.new
  local new="$TOOLS/kubectl.new" state="$TOOLS/kubectl.apt" url
  url="$(mirror)"
  [ -n "$url" ] || die "apt has no source for this machine's own release"
  rm -rf "$new" "$state"
  mkdir -p "$new" "$state"/{lists,cache/archives}/partial
  : >"$state/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $url $SUITE main" >"$state/sources.list"
  apt_in "$state" update >"$state/log" 2>&1 || { tail -5 "$state/log" >&2; die "no index for $SUITE at this mirror"; }
  (cd "$state/cache/archives" && apt_in "$state" download kubectl >>"$state/log" 2>&1) ||
    { tail -5 "$state/log" >&2; die "the package could not be fetched"; }
  dpkg-deb --fsys-tarfile "$state"/cache/archives/kubectl_*.deb | tar -x -C "$new"
  rm -rf "$state"
}

for tool in apt-get dpkg-deb tar flock; do
  command -v "$tool" >/dev/null || die "$tool is missing"
done

mkdir -p "$TOOLS"
exec 9>"$TOOLS/kubectl.lock"
flock 9 # two set-ups at once would fill the same folder
binary="usr/bin/kubectl"
if [ "${1:-}" != --force ] && [ -x "$TOOLS/kubectl/$binary" ]; then
  say "$("$TOOLS/kubectl/$binary" version --client | head -1) is there"
  exit 0
fi
unpack
[ -x "$TOOLS/kubectl.new/$binary" ] || die "the package has no $binary: $(find "$TOOLS/kubectl.new" -name 'kubectl*' | head -5)"
rm -rf "${TOOLS:?}/kubectl"
mv "$TOOLS/kubectl.new" "$TOOLS/kubectl"
say "$("$TOOLS/kubectl/$binary" version --client | head -1) unpacked"
