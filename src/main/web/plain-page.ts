import type { ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';

/** What a person sees who comes to a door that stays shut: what happened and what to do. */
export const refusals = {
  badRequest: { status: 400, sentence: 'Poolscope could not read this request.' },
  needsToken: {
    status: 401,
    sentence:
      'This page needs the token of the running Poolscope. Copy the whole address that Poolscope printed where it was started (it ends in ?token=…) into the address bar.',
  },
  foreignHost: {
    status: 403,
    sentence:
      'Poolscope answers only to 127.0.0.1 and localhost on its own port. Open the address it printed.',
  },
  foreignOrigin: { status: 403, sentence: 'Only pages of this Poolscope may connect to it.' },
  notFound: { status: 404, sentence: 'There is nothing at this address.' },
  downloadGone: {
    status: 404,
    sentence: 'This download is gone: an address works once, within a minute. Export again for a new one.',
  },
  uploadGone: {
    status: 404,
    sentence: 'This upload is gone: an address works once, within ten minutes. Open the file again.',
  },
  wrongMethod: { status: 405, sentence: 'Poolscope serves pages with GET only.' },
} as const;

export type Refusal = (typeof refusals)[keyof typeof refusals];

export function refuse(response: ServerResponse, { status, sentence }: Refusal): void {
  const title = `Poolscope: ${STATUS_CODES[status]?.toLowerCase()}`;
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 36em; margin: 15vh auto; padding: 0 1em">
<h1 style="font-size: 1.25em">${title}</h1>
<p>${sentence}</p>
</body>
</html>
`;
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8' });
  response.end(response.req.method === 'HEAD' ? undefined : page);
}
