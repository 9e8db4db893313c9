#!/bin/sh
# Install the servers the tests run against, where this user may. Elsewhere the tests skip and say what is missing.
set -u
PATH="$PATH:/usr/sbin"
if command -v mosquitto >/dev/null && command -v mosquitto_sub >/dev/null; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing mosquitto ..."
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq mosquitto mosquitto-clients >/dev/null
else
  echo "mosquitto is not installed: the tests that need it will be skipped (apt install mosquitto mosquitto-clients)"
fi
