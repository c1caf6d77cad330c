export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-content-center gap-2 p-6 text-center">
      <h1 className="text-lg font-semibold">There is no page here</h1>
      <p className="text-muted">
        Impressions are watched on{' '}
        <a className="text-accent underline underline-offset-2" href="/">
          the live tail
        </a>
        .
      </p>
    </main>
  )
}
