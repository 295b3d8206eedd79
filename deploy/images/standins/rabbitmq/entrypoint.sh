#!/bin/sh
# What the official image's entry does: the node runs as its own user, who owns its data.
set -eu
if [ "$(id -u)" = 0 ]; then
    chown -R rabbitmq:rabbitmq /var/lib/rabbitmq
    # Debian's own scripts change to the user by themselves, and would lose what they are told.
    exec setpriv --reuid rabbitmq --regid rabbitmq --init-groups "$0" "$@"
fi
case $1 in
    rabbitmq-server) shift && exec /usr/lib/rabbitmq/bin/rabbitmq-server "$@" ;;
    *) exec "$@" ;;
esac
