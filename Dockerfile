# Two images of one system: `engine` (the controller) and `asterisk` (with this project's dialplan). compose.yaml puts them together
# with Redis. Both read the same settings as `npm start`; see docs/containers.md.

FROM node:24-slim AS engine
WORKDIR /opt/intake110
COPY package.json package-lock.json .npmrc ./
# The pinned Node among the optional packages is for machines without one; this image is one.
RUN npm ci --omit=dev --omit=optional --loglevel=error && npm cache clean --force
COPY src src
COPY prompts prompts
COPY config config
COPY words words
RUN mkdir -p /var/lib/intake110 && chown node:node /var/lib/intake110
ENV NODE_ENV=production INTAKE_STATE_DIR=/var/lib/intake110
USER node
VOLUME /var/lib/intake110
EXPOSE 8110
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.INTAKE_HTTP_PORT || 8110}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]

FROM debian:forky-slim AS asterisk
RUN apt-get update \
  && apt-get install -y --no-install-recommends asterisk libstdc++6 \
  && rm -rf /var/lib/apt/lists/* \
  && dpkg --compare-versions "$(dpkg-query -f '${source:Upstream-Version}' -W asterisk | sed 's/+.*//; s/^[0-9]*://')" ge 22.10.1
# The configuration is rendered at each start by the same code as on a machine without containers.
COPY --from=engine /usr/local/bin/node /usr/local/bin/node
COPY --from=engine /opt/intake110 /opt/intake110
WORKDIR /opt/intake110
COPY dialplan dialplan
COPY scripts scripts
# The same number as the engine's user: they share the state folder.
RUN useradd --uid 1000 --no-create-home --home-dir /var/lib/intake110 intake \
  && mkdir -p /var/lib/intake110 && chown intake:intake /var/lib/intake110
ENV INTAKE_STATE_DIR=/var/lib/intake110 INTAKE_AMI=yes MALLOC_ARENA_MAX=2
USER intake
VOLUME /var/lib/intake110
EXPOSE 5060/udp
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=3 \
  CMD ["asterisk", "-C", "/var/lib/intake110/asterisk/etc/asterisk.conf", "-rx", "core waitfullybooted"]
CMD ["sh", "-c", "conf=$(node scripts/render-asterisk.ts) && exec asterisk -f -n -C \"$conf\""]
