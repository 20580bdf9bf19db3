# The image links the distribution's libpq, which has TLS; the program is otherwise self-contained.

FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --locked --profile dist --no-default-features --features system-libpq \
    && cp target/dist/hentra /usr/local/bin/hentra

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libpq5 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /var/lib/hentra --shell /usr/sbin/nologin hentra \
    && install --directory --owner=hentra --group=hentra --mode=0750 /var/lib/hentra
COPY --from=build /usr/local/bin/hentra /usr/local/bin/hentra
ENV HENTRA_PROFILE=production \
    HENTRA_BIND=0.0.0.0:8080 \
    HENTRA_DATABASE_URL=sqlite:///var/lib/hentra/hentra.db
USER hentra
WORKDIR /var/lib/hentra
VOLUME /var/lib/hentra
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["hentra", "health", "--url", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["hentra"]
CMD ["serve"]
