#!/bin/sh
# Install the servers the tests run against, where this user may. Elsewhere the tests skip and say what is missing.
set -u
PATH="$PATH:/usr/sbin"
packages="mosquitto mosquitto-clients dbus faketime libnotify-bin chromium poppler-utils influxdb curl"
missing=0
for program in mosquitto mosquitto_sub dbus-daemon faketime notify-send chromium pdffonts influxd curl; do
  command -v "$program" >/dev/null || missing=1
done
axe=.venv/node/node_modules/axe-core/axe.min.js # checks that the page's HTML is accessible; used in tests only
dclint=.venv/node/node_modules/dclint/bin/dclint.cjs # knows the compose specification; used in tests only
schema=.venv/node/node_modules/@grafana/schema/package.json # the types of Grafana's boards, and a compiler; in tests only
[ -f "$axe" ] && [ -f "$dclint" ] && [ -f "$schema" ] || command -v npm >/dev/null || { packages="$packages npm"; missing=1; }
if [ "$missing" = 0 ]; then :
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing $packages ..."
  policy=/usr/sbin/policy-rc.d # while this is here, what is installed is not started as a service
  [ -e "$policy" ] || { trap 'rm -f "$policy"' EXIT; printf '#!/bin/sh\nexit 101\n' >"$policy"; chmod +x "$policy"; }
  # shellcheck disable=SC2086  # a list of packages
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
else
  echo "The tests that need one of them will be skipped (apt install $packages)"
fi
if { [ ! -f "$axe" ] || [ ! -f "$dclint" ] || [ ! -f "$schema" ]; } && command -v npm >/dev/null; then
  npm install --silent --no-fund --no-audit --prefix .venv/node axe-core@4 dclint@3.1.0 \
    @grafana/schema@13.2.3 typescript@5.9.3 >/dev/null \
    || echo "axe-core, dclint and the types of Grafana could not be installed"
fi
