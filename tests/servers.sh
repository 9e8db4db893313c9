#!/bin/sh
# Install the servers the tests run against, where this user may. Elsewhere the tests skip and say what is missing.
set -u
PATH="$PATH:/usr/sbin"
packages="mosquitto mosquitto-clients dbus faketime"
if command -v mosquitto >/dev/null && command -v mosquitto_sub >/dev/null && command -v dbus-daemon >/dev/null \
  && command -v faketime >/dev/null; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing $packages ..."
  # shellcheck disable=SC2086  # a list of packages
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
else
  echo "The tests that need mosquitto or dbus will be skipped (apt install $packages)"
fi
