import type { Server } from 'node:http'
import next from 'next'
import type { Pages } from './pages.ts'

/** The page as Next's development server makes it, with hot reload on the same port. */
export async function openDevPages(server: Server, folder: string): Promise<Pages> {
  const app = next({ dev: true, dir: folder, httpServer: server })
  const handle = app.getRequestHandler()
  await app.prepare()
  return {
    handle: (request, response) => {
      void handle(request, response)
      return true
    },
    close: () => app.close(),
  }
}
