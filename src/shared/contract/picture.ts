import * as z from 'zod/mini';
import type { JoinedPicture, PoolerServer } from '../model/picture.ts';
import { profileIdSchema } from '../model/profile.ts';
import { route } from './define.ts';

/** Most clients a picture holds one by one. */
export const maximumPictureClients = 1000;

/** Routes of the joined picture of one console (`profileId`) and the servers behind it. */
export const pictureRoutes = {
  /**
   * Who waits for whom at this moment, from one refresh of the console's CLIENTS and SERVERS and one
   * sample of each server's sessions that is open in Poolscope. Opens no connection: a server whose
   * profile is closed stays unknown, and `servers` says so.
   */
  'picture.get': route<JoinedPicture>()(
    z.object({
      profileId: profileIdSchema,
      /** Only one database of the pooler; null for all. */
      database: z._default(z.nullable(z.string()), null),
      /** Clients listed one by one, those that wait longest first; the rest is counted in `omittedClients`. */
      maxClients: z._default(z.int().check(z.gte(1), z.lte(maximumPictureClients)), 200),
    }),
  ),
  /** The servers behind the pooler's databases, and which profile each is taken for. */
  'picture.servers': route<PoolerServer[]>()(z.object({ profileId: profileIdSchema })),
  /**
   * Says which profile a server is, where host and port do not tell (another name, a tunnel).
   * `serverProfileId: null` goes back to matching by host and port. Kept in the data folder.
   */
  'picture.chooseServer': route<PoolerServer[]>()(
    z.object({
      profileId: profileIdSchema,
      host: z.nullable(z.string()),
      port: z.nullable(z.int()),
      serverProfileId: z.nullable(profileIdSchema),
    }),
  ),
};
