import * as z from 'zod/mini';

const port = z
  .int({ error: 'Enter a port from 1024 to 65535.' })
  .check(
    z.gte(1024, { error: 'Enter a port from 1024 to 65535.' }),
    z.lte(65_535, { error: 'Enter a port from 1024 to 65535.' }),
  );

export const endpointSettingsSchema = z.object({ enabled: z.boolean(), port });

/** The address that Prometheus and others fetch from. Off unless the user wants it. */
export type EndpointSettings = z.output<typeof endpointSettingsSchema>;

const intervalText = 'Enter a whole number of seconds from 5 to 3,600.';
const intervalMs = z
  .int({ error: intervalText })
  .check(z.gte(5000, { error: intervalText }), z.lte(3_600_000, { error: intervalText }));

export const pushSettingsSchema = z
  .object({
    enabled: z.boolean(),
    /** Of the collector; empty until the user gives one. */
    url: z.string().check(z.maxLength(2048, { error: 'The address can be at most 2,048 characters long.' })),
    /** Milliseconds from one push to the next. */
    intervalMs,
  })
  .check((context) => {
    const { enabled, url } = context.value;
    const problem = enabled || url !== '' ? collectorUrlProblem(url) : null;
    if (problem !== null)
      context.issues.push({ code: 'custom', path: ['url'], message: problem, input: url });
  });

/** Where metrics are pushed to, and how often. Off unless the user wants it. */
export type PushSettings = z.output<typeof pushSettingsSchema>;

export const endpointDefaults: EndpointSettings = { enabled: false, port: 5481 };
export const pushDefaults: PushSettings = { enabled: false, url: '', intervalMs: 60_000 };

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/** What keeps an address from being pushed to, as a sentence; null when nothing does. */
export function collectorUrlProblem(text: string): string | null {
  if (text === '') return 'Enter the address of the collector.';
  const url = URL.parse(text);
  if (url === null) return 'Enter an address such as https://collector.example.com/v1/metrics.';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopbackHosts.has(url.hostname)))
    return 'Enter an https address. Plain http is for collectors on this machine (localhost) only.';
  if (url.username !== '' || url.password !== '')
    return 'Leave user and password out of the address: headers are kept as a secret, the address is not.';
  if (url.search !== '' || url.hash !== '')
    return 'Leave out what follows "?" or "#": keys belong into the headers, which are kept as a secret.';
  return null;
}

export const pushHeadersChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keep') }),
  z.object({ kind: z.literal('clear') }),
  z.object({
    kind: z.literal('set'),
    /** One header a line, as in "Authorization: Bearer abc". */
    value: z.string().check(z.maxLength(8192, { error: 'Headers can be at most 8,192 characters long.' })),
  }),
]);

export type PushHeadersChange = z.output<typeof pushHeadersChangeSchema>;
