#!/bin/sh
# Starts a throw-away PostgreSQL, runs a command with GLOSA_TEST_POSTGRES naming
# it, and stops it again:
#
#   db/dbtest/postgres.sh go test ./...
#
# After -F it does not sync to disk, as PostgreSQL's own -F: quicker, for tests
# that pull no plug.
#
# Without a command it prints the URL and keeps the server until it is interrupted.
# Needs PostgreSQL's programs (Debian: apt-get install postgresql), not its service.
# Without -F the server has its usual durability. It listens on no network port, and leaves
# nothing behind. As root it runs as the user postgres, since it refuses root.
set -eu

sync=on
if [ "${1-}" = -F ]; then
	sync=off
	shift
fi
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1) || true
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb 2>/dev/null || echo /)")
if [ ! -x "$bin/initdb" ]; then
	echo "postgres.sh: no PostgreSQL programs found (Debian: apt-get install postgresql)" >&2
	exit 3
fi

dir=$(mktemp -d "${TMPDIR:-/tmp}/glosa-pg.XXXXXX")
as=""
if [ "$(id -u)" = 0 ]; then
	chown postgres "$dir"
	as="runuser -u postgres --"
fi
chmod 0755 "$dir" # the socket inside is for any user of this machine while the tests run

stop() {
	(cd "$dir" && $as "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1) || true
	rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

cd_run() { (cd "$dir" && $as "$@"); }
cd_run "$bin/initdb" -D "$dir/data" -U glosa -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/log" 2>&1 || {
	cat "$dir/log" >&2
	exit 3
}
cd_run "$bin/pg_ctl" -D "$dir/data" -l "$dir/data/server.log" -w -o "-k $dir -h '' -c max_connections=200 -c fsync=$sync \
-c shared_buffers=32MB -c max_wal_size=256MB -c autovacuum_naptime=10s -c log_min_messages=fatal" start >>"$dir/log" 2>&1 || {
	cat "$dir/log" "$dir/data/server.log" >&2
	exit 3
}

GLOSA_TEST_POSTGRES="postgres://glosa@/postgres?host=$dir"
export GLOSA_TEST_POSTGRES
if [ $# -eq 0 ]; then
	echo "$GLOSA_TEST_POSTGRES"
	while :; do sleep 3600 & wait $!; done
fi
status=0
"$@" || status=$?
exit $status
