#!/bin/sh
# Makes images that stand in for those of docker-compose.yml where none can be pulled: PostgreSQL,
# RabbitMQ, Prometheus, PostgreSQL's exporter and Python are Debian 13's own packages, SeaweedFS is a
# wheel with the program in it, Mailpit is a small program beside this file. For Grafana there is none.
#
# Root, debootstrap and a container engine are needed. What Compose must be told goes to standard
# output:   deploy/images/standins/make.sh > standins.env
#           docker compose --env-file standins.env up
set -eu
cd "$(dirname "$0")"
prefix=${STANDINS:-classroom-standin}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

debian_13() {
    debootstrap --variant=minbase --include=ca-certificates,netbase,python3,python3-pip,python-is-python3,tzdata \
        trixie "$root"
    # Whoever builds here may have to trust more than Debian does, such as a filter on the way out.
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
    rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/var/log/* \
        "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/locale/*
}

{
    debian_13
    bundle=/etc/ssl/certs/ca-certificates.crt
    tar -C "$root" -c . | docker import --change "ENV SSL_CERT_FILE=$bundle PIP_CERT=$bundle \
NODE_EXTRA_CA_CERTS=$bundle LANG=C.UTF-8" --change 'CMD ["python3"]' - "$prefix/python:3.13"
    for name in postgresql rabbitmq mailpit object-store prometheus postgresql-exporter; do
        docker build --network host --build-arg "BASE=$prefix/python:3.13" --tag "$prefix/$name" "$name"
    done
} >&2

cat <<END
CLASSROOM_PYTHON_IMAGE=$prefix/python:3.13
CLASSROOM_POSTGRESQL_IMAGE=$prefix/postgresql
CLASSROOM_RABBITMQ_IMAGE=$prefix/rabbitmq
CLASSROOM_MAILPIT_IMAGE=$prefix/mailpit
CLASSROOM_OBJECT_STORE_IMAGE=$prefix/object-store
CLASSROOM_PROMETHEUS_IMAGE=$prefix/prometheus
CLASSROOM_POSTGRESQL_EXPORTER_IMAGE=$prefix/postgresql-exporter
CLASSROOM_BUILD_NETWORK=host
END
