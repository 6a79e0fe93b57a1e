import * as z from 'zod/mini';
import { choiceOr, text, wholeNumber } from './checks.ts';

const hostText = (label: string) =>
  text(label, 255).check(
    z.refine((host) => !/[\s@,]/.test(host), {
      error: `${label} must be one name or address, without spaces, commas or "@".`,
    }),
  );
const portNumber = (label: string) => wholeNumber(label, 1, 65_535, String);

/** Which of several hosts will do, as libpq's `target_session_attrs` names them. */
export const targetSessionAttrs = [
  'any',
  'read-write',
  'read-only',
  'primary',
  'standby',
  'prefer-standby',
] as const;
export type TargetSessionAttrs = (typeof targetSessionAttrs)[number];

/** Where connections go and as whom. */
export const targetFields = {
  name: text('Name', 80),
  /** DNS name, IP address, or the folder of a Unix socket when it starts with "/". */
  host: hostText('Host'),
  port: portNumber('Port'),
  /** Tried in order after the first, as libpq does with a list of hosts. */
  moreHosts: z._default(
    z
      .array(
        z.object({ host: hostText('Each further host'), port: portNumber('The port of a further host') }),
      )
      .check(z.maxLength(9, { error: 'At most ten hosts can be named in all.' })),
    [],
  ),
  targetSessionAttrs: choiceOr('any', 'Session attributes', targetSessionAttrs),
  database: text('Database', 63),
  user: text('User', 63),
  /** Shown in pg_stat_activity, so that the server's own tools can tell whose sessions these are. */
  applicationName: text('Application name', 63),
};
