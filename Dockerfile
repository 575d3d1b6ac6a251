# Builds with BuildKit and with the legacy builder alike, so: no RUN --mount, no heredocs.
FROM node:26-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# --ignore-scripts: the one install script of ours fetches a Node, and this image is one
RUN npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build

FROM node:26-bookworm-slim AS production
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error

FROM node:26-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
WORKDIR /app
COPY --from=production /app/node_modules node_modules
COPY --from=build /app/dist dist
# The service finds its defaults beside dist. Of config/demo it must know nothing.
COPY config/*.yaml config/
COPY package.json ./
# Files stay root's: whoever gets into the service cannot rewrite it, read-only root file system or not.
# The user node, by number: Kubernetes' runAsNonRoot cannot judge a name.
USER 1000
EXPOSE 8080
# /healthz and not /readyz: an outage of the directory is no reason to restart the service.
HEALTHCHECK --interval=5s --timeout=3s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# The exec form: node is process 1 and gets SIGTERM itself. Other commands: docker run -i IMAGE hash-password
ENTRYPOINT ["node", "dist/cli.js"]
CMD ["serve"]
