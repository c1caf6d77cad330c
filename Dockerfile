# The server and its page in an image that has nothing else: no package manager's tree, no sources, no shell scripts.
# docs/SUPPLY-CHAIN.md says why the base is a version and not a digest, and how to make it one.
ARG NODE_IMAGE=node:22.23.3-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund
COPY . .
RUN npm run build && node --import tsx scripts/licences.ts --texts > NOTICES.txt

FROM ${NODE_IMAGE}
WORKDIR /app
COPY --from=build /build/package.json /build/NOTICES.txt ./
COPY --from=build /build/dist/server.js /build/dist/decode-worker.js /build/dist/keys.js ./dist/
COPY --from=build /build/out ./out
# Others can reach it, so it does not start without FLAGTAIL_CONFIG and a way to sign in (FLAGTAIL_TOKEN, or one in the config), or
# somebody's word that it may be open: FLAGTAIL_AUTH=none.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/healthz').then(({ok})=>process.exit(ok?0:1),()=>process.exit(1))"]
CMD ["node", "dist/server.js"]
