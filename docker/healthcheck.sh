#!/usr/bin/env bash
# Asks the listener on loopback whether it speaks MQTT; exits 0 if so. Needs bash and coreutils only.
#
# The question is a CONNECT of protocol level 127, which no MQTT has. A server must answer it with CONNACK, return code 1,
# and close [MQTT-3.1.2-2]: no session begins, so no hook runs, no key of Redis changes and no client is disturbed. A Redis
# that is away does not make a node unhealthy: it recovers by itself, and a restart would only cut off its clients.
set -u

port="${REDSHANK_MQTT__LISTENERS__0__PORT:-1883}"
exec 3<> "/dev/tcp/127.0.0.1/$port" || exit 1
# A listener behind a load balancer wants to be told whose connection it is: our own.
[ "${REDSHANK_MQTT__LISTENERS__0__PROXY_PROTOCOL:-false}" = true ] && printf 'PROXY UNKNOWN\r\n' >&3
# type, length 12 | length 4, "MQTT" | level 127 | flags: clean session | keep alive 10 s | client id of length 0
printf '\x10\x0c\x00\x04MQTT\x7f\x02\x00\x0a\x00\x00' >&3
answer="$(timeout 4 head -c 4 <&3 | od -An -tx1 | tr -d ' \n')"
[ "$answer" = 20020001 ] && exit 0
echo "no CONNACK on port $port, but '$answer'"
exit 1
