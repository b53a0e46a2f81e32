#!/bin/sh
# Has another program check the record: Tessera's own fsck, of the version that
# tools/go.mod pins, downloads every tile and entry under URL/record/ and
# recomputes the signed root.
#
#   record/fsck.sh http://127.0.0.1:8080
#   record/fsck.sh http://127.0.0.1:8080 saved-key.txt
#
# Without a saved verifier key it takes the site's own (/record/key). fsck's exit
# status says nothing, and once it has found damage it never ends: its words are
# read as they come.
set -eu
[ $# -ge 1 ] || { echo "usage: $0 URL [verifier key file]" >&2; exit 2; }
url=${1%/}
tmp=$(mktemp -d)
pid=
trap 'test -z "$pid" || kill "$pid" 2>/dev/null || true; rm -rf "$tmp"' EXIT
if [ $# -ge 2 ]; then
	tr -d '\n' <"$2" >"$tmp/key"
elif command -v curl >/dev/null; then
	curl -fsS "$url/record/key" | tr -d '\n' >"$tmp/key"
else
	wget -qO- "$url/record/key" | tr -d '\n' >"$tmp/key"
fi
cd "$(dirname "$0")/../tools"
fsck=$(go tool -n fsck)
"$fsck" -ui=false -v=1 -N=4 -storage_url="$url/record/" -public_key="$tmp/key" >"$tmp/out" 2>&1 &
pid=$!
while kill -0 "$pid" 2>/dev/null && ! grep -q "fsck failed\|Invalid" "$tmp/out"; do
	sleep 0.2
done
cat "$tmp/out"
if grep -q "fsck failed\|Invalid" "$tmp/out" || ! grep -q "Completed ranges" "$tmp/out"; then
	echo "NOT ACCEPTED by fsck" >&2
	exit 1
fi
echo "ACCEPTED by fsck"
