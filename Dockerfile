# docker build -t feedwatch . && docker run --rm -v feedwatch:/data feedwatch
FROM python:3.13-slim AS builder

ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore

WORKDIR /build
RUN python -m venv /opt/feedwatch

# The locked dependencies alone: this layer is built anew only when the lock changes.
COPY requirements.lock ./
RUN /opt/feedwatch/bin/pip install --require-hashes --no-deps -r requirements.lock

COPY pyproject.toml README.md LICENSE config.yaml ./
COPY templates/ templates/
COPY samples/ samples/
COPY src/ src/
RUN /opt/feedwatch/bin/pip install --no-deps --no-build-isolation .


FROM python:3.13-slim

LABEL org.opencontainers.image.title="feedwatch" \
      org.opencontainers.image.description="Watches news feeds for what your watchlists name, and mails digests." \
      org.opencontainers.image.licenses="Apache-2.0"

# A fixed number, so that a mounted folder can be given to it: chown 10001:10001 data
RUN groupadd --gid 10001 feedwatch \
 && useradd --uid 10001 --gid feedwatch --no-create-home --home-dir /data --shell /usr/sbin/nologin feedwatch \
 && install --directory --owner feedwatch --group feedwatch /data

COPY --from=builder /opt/feedwatch /opt/feedwatch
# The example, so that the image runs as it is; mount your own over it.
COPY config.yaml /etc/feedwatch/config.yaml
COPY samples/ /etc/feedwatch/samples/

ENV PATH=/opt/feedwatch/bin:$PATH \
    FEEDWATCH_CONFIG=/etc/feedwatch/config.yaml \
    FEEDWATCH_DATA=/data

USER 10001:10001
WORKDIR /data
VOLUME /data

# SIGTERM lets what is under way end (for ten seconds at most); SIGHUP reads the configuration again.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=2m --timeout=20s --start-period=5m --retries=3 CMD ["feedwatch", "health"]

ENTRYPOINT ["feedwatch"]
CMD ["run"]
