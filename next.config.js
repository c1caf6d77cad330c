/** The page is a static export served by our own server; `next dev` runs inside the dev server without it. */
export default {
  output: process.env.NODE_ENV === 'production' ? 'export' : undefined,
  allowedDevOrigins: ['127.0.0.1'],
  reactStrictMode: true,
  poweredByHeader: false,
  typescript: { ignoreBuildErrors: true }, // `npm test` checks types, of tests too; whoever starts it need not wait for that
}
