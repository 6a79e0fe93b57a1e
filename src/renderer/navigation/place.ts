import { useSyncExternalStore } from 'react';

/** Of a database and of a pooler's console; each shows its own. */
const connectionTabs = [
  'live',
  'sessions',
  'names',
  'query',
  'advice',
  'pools',
  'picture',
  'clients',
  'servers',
  'databases',
  'tables',
  'configuration',
  'settings',
] as const;
export type ConnectionTab = (typeof connectionTabs)[number];

const alertParts = ['open', 'history', 'rules', 'delivery'] as const;
export type AlertPart = (typeof alertParts)[number];

/** Where the user is. Kept in the address's fragment, so that a reload keeps the place. */
export type Place =
  | { screen: 'overview' }
  | { screen: 'add' }
  | { screen: 'history' }
  /** One statement on many connections. */
  | { screen: 'query' }
  /** An incident bundle that was opened in this window. */
  | { screen: 'bundle'; bundleId: string }
  /** Alerts, of one connection or (null) of all, and what raises and tells them. */
  | { screen: 'alerts'; part: AlertPart; profileId: string | null }
  /** One alert, open or over. */
  | { screen: 'alert'; alertId: string }
  | { screen: 'connection'; profileId: string; tab: ConnectionTab };

const isTab = (text: string | undefined): text is ConnectionTab => connectionTabs.some((tab) => tab === text);

const isPart = (text: string | undefined): text is AlertPart => alertParts.some((part) => part === text);

/** Reads a fragment such as `#/connection/ab12/names`. Anything unknown is the overview. */
export function placeOfHash(hash: string): Place {
  const [screen, id, tab] = hash.replace(/^#\/?/, '').split('/');
  if (screen === 'add' || screen === 'history' || screen === 'query') return { screen };
  if (screen === 'bundle' && id !== undefined && id !== '') return { screen, bundleId: decode(id) };
  if (screen === 'alerts') {
    const profileId = tab === undefined || tab === '' ? null : decode(tab);
    return { screen, part: isPart(id) ? id : 'open', profileId };
  }
  if (screen === 'alert' && id !== undefined && id !== '') return { screen, alertId: decode(id) };
  if (screen === 'connection' && id !== undefined && id !== '') {
    return { screen: 'connection', profileId: decode(id), tab: isTab(tab) ? tab : 'live' };
  }
  return { screen: 'overview' };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function hashOfPlace(place: Place): string {
  if (place.screen === 'bundle') return `#/bundle/${encodeURIComponent(place.bundleId)}`;
  if (place.screen === 'alert') return `#/alert/${encodeURIComponent(place.alertId)}`;
  if (place.screen === 'alerts') {
    const { part, profileId } = place;
    return profileId === null ? `#/alerts/${part}` : `#/alerts/${part}/${encodeURIComponent(profileId)}`;
  }
  if (place.screen !== 'connection') return `#/${place.screen}`;
  return `#/connection/${encodeURIComponent(place.profileId)}/${place.tab}`;
}

const subscribe = (changed: () => void) => {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
};

let lastHash: string | undefined;
let lastPlace: Place = { screen: 'overview' };

/** Where the user is now; the same object until the address changes. */
export function currentPlace(): Place {
  if (window.location.hash !== lastHash) {
    lastHash = window.location.hash;
    lastPlace = placeOfHash(lastHash);
  }
  return lastPlace;
}

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, currentPlace);
}

export function go(place: Place): void {
  window.location.hash = hashOfPlace(place);
}

export const goToConnection = (profileId: string, tab: ConnectionTab = 'live'): void =>
  go({ screen: 'connection', profileId, tab });
