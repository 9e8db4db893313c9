# aquiver's services, one image: docker-compose.yml says which runs what (docs/compose.md).

FROM python:3.11.14-slim-bookworm AS build

ENV NUMBA_CACHE_DIR=/var/cache/aquiver
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY aquiver aquiver
COPY collector collector
COPY detector detector
COPY dashboards dashboards
RUN python -m venv /opt/aquiver \
 && /opt/aquiver/bin/pip install --no-cache-dir --disable-pip-version-check \
    --constraint constraints.txt '.[demo,fast,influx,notify,report]'
# The inner loops are compiled here: a root that is read-only could not keep them.
WORKDIR /
RUN mkdir -p /var/cache/aquiver \
 && /opt/aquiver/bin/python -m detector.warm_up

FROM python:3.11.14-slim-bookworm

ENV PATH=/opt/aquiver/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    NUMBA_CACHE_DIR=/var/cache/aquiver \
    AQUIVER_DATA=/data
COPY --from=build /opt/aquiver /opt/aquiver
COPY --from=build --chown=1000:1000 /var/cache/aquiver /var/cache/aquiver
# Named volumes take the owner of what they are mounted on, so that nobody needs to be root. openssl makes certificates.
RUN groupadd --gid 1000 aquiver \
 && useradd --uid 1000 --gid 1000 --no-create-home --home-dir /data --shell /usr/sbin/nologin aquiver \
 && install -d -o 1000 -g 1000 -m 0700 /data /grafana /secrets /secrets/keep /secrets/mosquitto /secrets/influxdb \
    /secrets/grafana /secrets/collector /secrets/detector /secrets/recorder /secrets/judge /secrets/notify /secrets/tools \
 && openssl version
USER 1000:1000
WORKDIR /
HEALTHCHECK CMD ["python", "-m", "aquiver.commands.health", "--alive"]
ENTRYPOINT ["aquiver"]
CMD ["--help"]
