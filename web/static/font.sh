#!/bin/sh
# Makes font/atkinson.woff2 anew: Atkinson Hyperlegible Next (OFL 1.1), Latin,
# weights 400 to 700, 40 KB at most, with ʼ (U+02BC, the Maya glottal stop) drawn as ’.
# Needs npm, and Debian's fonttools and python3-brotli. The output is committed, so
# nobody needs this who only builds; without the tools it says so and leaves the file alone.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
version=5.3.0
for tool in npm pyftsubset; do
	command -v $tool >/dev/null || { echo "font.sh: $tool is missing; font/atkinson.woff2 stays as it is"; exit 0; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent @fontsource-variable/atkinson-hyperlegible-next@$version >/dev/null
tar xzf ./*.tgz
cp package/LICENSE "$here/font/OFL.txt"
/usr/bin/python3 - package/files/atkinson-hyperlegible-next-latin-wght-normal.woff2 with.ttf <<'PY'
import sys
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
font = TTFont(sys.argv[1], recalcTimestamp=False)
font.flavor = None
for table in font["cmap"].tables:
    if table.isUnicode() and 0x2019 in table.cmap:
        table.cmap[0x02BC] = table.cmap[0x2019]
font = instancer.instantiateVariableFont(font, {"wght": (400, 700)})
font.save(sys.argv[2])
PY
pyftsubset with.ttf --unicodes='*' --layout-features='ccmp,locl,kern,mark,mkmk,tnum' \
	--no-hinting --flavor=woff2 --output-file="$here/font/atkinson.woff2"
size=$(wc -c <"$here/font/atkinson.woff2")
echo "font/atkinson.woff2: $size bytes"
[ "$size" -le 40960 ]
