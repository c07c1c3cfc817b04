#!/bin/sh
# Builds the image without a daemon or an image registry, on Debian as root, out of Debian's packages alone:
#
#   apt-get install mmdebstrap buildah
#   deploy/build-here.sh [slim|with-r]
#
# The base, a Debian 13 without manuals and translations, is made by mmdebstrap from the machine's own package
# sources; afterwards `buildah images` shows localhost/secantd:TARGET.
set -eu
cd "$(dirname "$0")/.."
target=${1:-slim}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
build() { buildah --storage-driver vfs build --isolation chroot --format docker "$@"; }

if ! buildah --storage-driver vfs inspect --type image localhost/debian:trixie-slim > /dev/null 2>&1; then
  source=$(apt-get indextargets --format 'deb $(REPO_URI) trixie main' 'Created-By: Packages' 'Label: Debian' | head -n 1)
  mmdebstrap --quiet --variant=minbase --include=ca-certificates \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    trixie "$folder/base.tar" "$source"
  printf 'FROM scratch\nADD base.tar /\n' > "$folder/Containerfile"
  build -t localhost/debian:trixie-slim "$folder"
fi

set -- --build-arg BASE=localhost/debian:trixie-slim --target "$target" -t "localhost/secantd:$target"
for file in /etc/pip.conf "$HOME/.config/pip/pip.conf"; do
  [ ! -s "$file" ] || { set -- "$@" --secret "id=pip,src=$file"; break; }
done
ca=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
[ ! -s "$ca" ] || set -- "$@" --secret "id=ca,src=$ca"
build "$@" -f deploy/Containerfile .
buildah --storage-driver vfs images --format "{{.Name}}:{{.Tag}} {{.Size}}" --filter "reference=localhost/secantd:$target"
