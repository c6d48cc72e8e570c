# Guichet alone, for a database elsewhere: see compose.yaml.

FROM rust:1.95-slim-bookworm AS build
# The allocator is made with make.
RUN apt-get update && apt-get install --yes --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
ENV SQLX_OFFLINE=true
# Without the sandbox: the simulated platforms are for demonstrations and tests.
RUN cargo build --release --locked --no-default-features --bin guichet

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/guichet guichet
COPY --from=build /build/target/release/guichet /usr/local/bin/guichet
# The roots of TLS trust are compiled in, so the image needs no ca-certificates.
USER 10001
WORKDIR /var/lib/guichet
ENV GUICHET_DATA=/var/lib/guichet
VOLUME /var/lib/guichet
ENTRYPOINT ["guichet"]
CMD ["serve"]
