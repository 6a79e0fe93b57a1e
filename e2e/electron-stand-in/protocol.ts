import type { BrowserContext, Request as PageRequest } from 'playwright';
import { fromPageUrl, isStandInUrl, registerScheme } from './addresses.ts';

type Handler = (request: Request) => Response | Promise<Response>;

const handlers = new Map<string, Handler>();

export const protocol = {
  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
    for (const { scheme, privileges } of schemes) {
      // Only such a scheme behaves like the https origin that stands for it here.
      if (!privileges?.standard || !privileges.secure || !privileges.supportFetchAPI) {
        throw new Error(`The stand-in knows only standard, secure schemes with fetch; ${scheme} is not one.`);
      }
      registerScheme(scheme);
    }
  },
  handle(scheme: string, handler: Handler): void {
    handlers.set(scheme, handler);
  },
} satisfies Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle'>;

/**
 * Answers every request of every page: those to a registered scheme by its handler, headers and
 * all, so that the page lives under the program's own Content-Security-Policy. Nothing reaches the network.
 * @param mayNavigate asked before any frame goes anywhere
 */
export async function answerRequests(
  context: BrowserContext,
  mayNavigate: (request: PageRequest) => boolean,
): Promise<void> {
  await context.route('**/*', async (route) => {
    const request = route.request();
    // "aborted" leaves the page as it is, as a prevented navigation does.
    if (request.isNavigationRequest() && !mayNavigate(request)) return route.abort('aborted');
    if (!isStandInUrl(request.url())) return route.abort('internetdisconnected');
    const url = fromPageUrl(request.url());
    const handler = handlers.get(url.slice(0, url.indexOf(':')));
    if (handler === undefined) return route.abort('namenotresolved');
    const init = { method: request.method(), headers: request.headers() };
    const response = await handler(new Request(url, init));
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  });
}
