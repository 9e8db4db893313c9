#!/bin/sh
# Run once by InfluxDB's image, after its set-up: Grafana gets an account that may read the bucket and nothing else.
set -eu
influx v1 auth create --username grafana --password "$(cat /secrets/influxdb/grafana-password)" \
  --read-bucket "$DOCKER_INFLUXDB_INIT_BUCKET_ID" --description "Grafana reads" >/dev/null
