# syntax=docker/dockerfile:1

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
# The target folder is a cache and not part of the layer, so the binary is taken out in the same step.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/usr/local/cargo/git \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked -p traild \
    && install -D -m 0755 target/release/traild /out/traild \
    && mkdir /out/data

# glibc, libgcc and CA certificates; no shell, no package manager, user 65532.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/traild /traild
COPY --from=build --chown=65532:65532 /out/data /data
# Where `traild healthcheck` finds the admin port, too.
ENV TRAILD_CONFIG=/etc/traild/traild.toml
# Relative paths of the configuration, such as the quarantine's, end up on the volume.
WORKDIR /data
VOLUME /data
EXPOSE 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s --retries=3 CMD ["/traild", "healthcheck"]
ENTRYPOINT ["/traild"]
CMD ["run", "--config", "/etc/traild/traild.toml"]
