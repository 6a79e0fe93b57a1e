import * as z from 'zod/mini';
import { errorCodes } from './errors.ts';
import { eventNames } from './events.ts';

/** What both transports send, as data, so that each side can refuse what it does not know. */
export const requestIdSchema = z.string().check(z.minLength(1), z.maxLength(64));

export const requestMessageSchema = z.object({
  kind: z.literal('request'),
  requestId: requestIdSchema,
  route: z.string().check(z.maxLength(64)),
  input: z.unknown(),
});

export const cancelMessageSchema = z.object({ kind: z.literal('cancel'), requestId: requestIdSchema });

/** Renderer to engine. */
export const clientMessageSchema = z.discriminatedUnion('kind', [requestMessageSchema, cancelMessageSchema]);
export type ClientMessage = z.output<typeof clientMessageSchema>;

const envelopeSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), data: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error: z.object({
      code: z.enum(errorCodes),
      message: z.string(),
      details: z.object({
        remedy: z.optional(z.string()),
        fields: z.optional(z.record(z.string(), z.string())),
        sqlState: z.optional(z.string()),
        position: z.optional(z.object({ offset: z.int(), line: z.int(), column: z.int() })),
      }),
    }),
  }),
]);

/** Engine to renderer. Payloads are the engine's own; their types come from the contract. */
export const serverMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), requestId: requestIdSchema, envelope: envelopeSchema }),
  z.object({ kind: z.literal('event'), event: z.enum(eventNames), payload: z.unknown() }),
]);
export type ServerMessage = z.output<typeof serverMessageSchema>;
