#!/bin/sh
# Install the servers the tests run against, where this user may. Elsewhere the tests skip and say what is missing.
set -u
PATH="$PATH:/usr/sbin"
packages="mosquitto mosquitto-clients dbus libnotify-bin faketime"
missing=0
for program in mosquitto mosquitto_sub dbus-daemon notify-send faketime; do command -v "$program" >/dev/null || missing=1; done
[ "$missing" = 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing $packages ..."
  # shellcheck disable=SC2086  # a list of packages
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
else
  echo "The tests that need one of them will be skipped (apt install $packages)"
fi
