# restanza and the bots in bots/. See compose.yaml for it beside a Prosody.
#
#   docker build -t restanza .
#   docker run --env-file .env -p 127.0.0.1:9003:9003 -e HOST=0.0.0.0 restanza

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json tsconfig.json ./
COPY src ./src
COPY bots ./bots
# The user comes with the image. It owns none of the code, only the place for what restanza keeps.
RUN mkdir /app/.restanza && chown node:node /app/.restanza
USER node
VOLUME /app/.restanza
EXPOSE 9003
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 9003}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node.js itself, not npm, so that SIGTERM reaches it.
CMD ["node", "--import", "tsx", "src/cli/main.ts", "serve"]
