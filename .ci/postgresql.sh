# Sourced by .ci/run: sets TEST_DATABASE_URL to a PostgreSQL on loopback, and stop_postgresql to end what this started.
# Takes TEST_DATABASE_URL as given, else the server on port 5432, else starts one in $work; fails if it can do none.

own_postgresql() {
    local bin port=54329 user
    bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
    bin=${bin:-$(dirname "$(command -v initdb || echo /nowhere/initdb)")}
    [[ -x $bin/initdb ]] || return 1
    local as=()
    if [[ $(id -u) == 0 ]]; then # PostgreSQL refuses to run as root.
        as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
        chmod 755 "$work"
        install -d -o postgres "$work/postgresql"
    else
        mkdir "$work/postgresql"
    fi
    user=postgres
    "${as[@]}" "$bin/initdb" --pgdata="$work/postgresql/data" --username=$user --auth=trust >/dev/null
    "${as[@]}" "$bin/pg_ctl" --pgdata="$work/postgresql/data" --log="$work/postgresql/log" --wait \
        --options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work/postgresql" start >/dev/null
    # shellcheck disable=SC2317 # called by the trap of .ci/run
    eval "stop_postgresql() { ${as[*]} '$bin/pg_ctl' --pgdata='$work/postgresql/data' --mode=immediate stop >/dev/null; }"
    export TEST_DATABASE_URL="postgresql://$user@127.0.0.1:$port/postgres"
}

if [[ -z ${TEST_DATABASE_URL:-} ]]; then
    if (echo >/dev/tcp/127.0.0.1/5432) 2>/dev/null; then
        export TEST_DATABASE_URL="postgresql://postgres@127.0.0.1:5432/postgres"
    elif ! own_postgresql; then
        echo "There is no PostgreSQL: install its server, or set TEST_DATABASE_URL." >&2
        exit 1
    fi
fi
echo "PostgreSQL for the gateway's tests: ${TEST_DATABASE_URL##*@}"
