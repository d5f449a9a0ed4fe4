#!/usr/bin/env bash
# Unpacks the Orthanc packages of four Debian releases, each with its dependencies, into a tree of its own outside the
# repository, and makes the certificates of the tests. Nothing is installed on this machine: no service exists that could
# start, and the packages' maintainer scripts do not run. Repeatable; a tree that is complete is left alone.
#
#   test/daemon/setup.sh [--force] [suite | version | all]…        default: all
set -euo pipefail

CACHE="${PACSLINT_DAEMONS:-/var/cache/pacslint-daemons}"
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
PACKAGES=(orthanc orthanc-dicomweb dcmtk openssl libc-bin tzdata)
SUITES=(bullseye bookworm trixie sid)

NAME="daemon:setup"
. "$HERE/../debian.sh"

suite_of() {
  case "$1" in
    bullseye | 1.9.1) echo bullseye ;;
    bookworm | 1.10.1) echo bookworm ;;
    trixie | 1.12.7) echo trixie ;;
    sid | 1.13.0) echo sid ;;
    *) die "unknown release '$1': one of 1.9.1 1.10.1 1.12.7 1.13.0 (${SUITES[*]})" ;;
  esac
}

unpack() { # <suite>: fills <suite>.new
  local suite="$1" new="$CACHE/$1.new" state="$CACHE/$1.apt"
  apt_state "$state" "$suite"
  rm -rf "$new"
  mkdir -p "$new"
  apt_in "$state" -y --download-only install "${PACKAGES[@]}" >>"$state/log" 2>&1 ||
    { tail -5 "$state/log" >&2; die "the packages of $suite could not be fetched"; }
  # Since trixie packages rely on /lib and the like being links into /usr; harmless before.
  local folder
  for folder in bin sbin lib lib64; do
    mkdir -p "$new/usr/$folder"
    ln -s "usr/$folder" "$new/$folder"
  done
  local package
  for package in "$state"/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$new"
  done
  mkdir -p "$new"/{proc,dev,tmp,run,root}
  ln -sf /usr/share/zoneinfo/Etc/UTC "$new/etc/localtime" # Orthanc does not start without
  echo "127.0.0.1 localhost" >"$new/etc/hosts"
  local version
  version="$(dpkg-deb -f "$(ls "$state"/cache/archives/orthanc_*.deb)" Version)"
  echo "$version" >"$new/pacslint-package"
  # bullseye calls its 1.9.1 "1.9.2+really1.9.1"
  echo "$version" | sed -E 's/^([0-9.]+\+really)?([0-9.]+).*/\2/' >"$new/pacslint-release"
  stand_in "$new"
  rm -rf "$state"
}

# libcivetweb asks libssl at run time for SSL_get_peer_certificate, which OpenSSL 3 no longer exports, and calls the null
# pointer at the first TLS handshake. /opt/stock has what libssl-dev would add (an unversioned name); /opt/stand-in has a
# library of that name that adds this one function and passes everything else on.
stand_in() { # <tree>
  local tree="$1" ssl crypto
  ssl="$(cd "$tree" && ls usr/lib/*/libssl.so.*)"
  crypto="$(cd "$tree" && ls usr/lib/*/libcrypto.so.*)"
  mkdir -p "$tree/opt/stock" "$tree/opt/stand-in"
  ln -s "/$ssl" "$tree/opt/stock/libssl.so"
  ln -s "/$crypto" "$tree/opt/stock/libcrypto.so"
  ln -s "/$crypto" "$tree/opt/stand-in/libcrypto.so"
  if grep -q -a 'SSL_get1_peer_certificate' "$tree/$ssl"; then
    gcc -shared -fPIC -O1 -nostdlib -Wall -o "$tree/opt/stand-in/libssl.so" "$HERE/stand-in.c" "$tree/$ssl" "$tree/$crypto"
  else
    ln -s "/$ssl" "$tree/opt/stand-in/libssl.so"
  fi
}

certificates() {
  local folder="$CACHE/certificates" new="$CACHE/certificates.new"
  [ -e "$folder/complete" ] && return
  rm -rf "$folder" "$new"
  mkdir -p "$new"
  (
    cd "$new"
    local authority name
    for authority in trusted rogue; do # two authorities: the one that servers trust, and a stranger
      openssl req -x509 -newkey rsa:2048 -nodes -days 7300 -subj "/CN=pacslint $authority authority" \
        -keyout "$authority-ca.key" -out "$authority-ca.crt" 2>/dev/null
    done
    for name in server client rogue other; do
      authority=trusted
      [ "$name" = rogue ] && authority=rogue
      openssl req -newkey rsa:2048 -nodes -subj "/CN=pacslint $name" -keyout "$name.key" -out "$name.csr" 2>/dev/null
      openssl x509 -req -days 7300 -in "$name.csr" -CA "$authority-ca.crt" -CAkey "$authority-ca.key" \
        -CAcreateserial -out "$name.crt" 2>/dev/null
    done
    cat server.crt server.key >server.pem # as Orthanc wants it: certificate and key in one file
    cp server.crt server-no-key.pem
    echo "no certificate in here" >empty.pem
    touch complete
  )
  mv "$new" "$folder"
  say "certificates made"
}

[ "$(id -u)" = 0 ] || die "root is needed (chroot, network namespaces)"
need apt-get dpkg-deb tar gcc openssl ip unshare

force=""
wanted=()
for argument in "$@"; do
  case "$argument" in
    --force) force=1 ;;
    all) wanted=("${SUITES[@]}") ;;
    *) wanted+=("$(suite_of "$argument")") ;;
  esac
done
[ "${#wanted[@]}" -gt 0 ] || wanted=("${SUITES[@]}")

mkdir -p "$CACHE"
exec 9>"$CACHE/lock"
flock 9 # two set-ups at once would fill the same tree
certificates
for suite in "${wanted[@]}"; do
  if [ -z "$force" ] && [ -e "$CACHE/$suite/pacslint-release" ]; then
    say "Orthanc $(cat "$CACHE/$suite/pacslint-release") ($suite) is there"
    continue
  fi
  unpack "$suite"
  rm -rf "${CACHE:?}/$suite"
  mv "$CACHE/$suite.new" "$CACHE/$suite"
  say "Orthanc $(cat "$CACHE/$suite/pacslint-release") ($suite) unpacked"
done
