import { describe, expect, it } from 'vitest';
import { hashOfPlace, type Place, placeOfHash } from './place.ts';

describe('the place in the address', () => {
  it('survives a reload, whatever the id holds', () => {
    const places: Place[] = [
      { screen: 'overview' },
      { screen: 'add' },
      { screen: 'history' },
      { screen: 'query' },
      { screen: 'bundle', bundleId: 'b/1 %' },
      { screen: 'connection', profileId: 'a/b c%', tab: 'names' },
    ];
    for (const place of places) expect(placeOfHash(hashOfPlace(place))).toEqual(place);
  });

  it('is the overview when the fragment says nothing we know', () => {
    for (const hash of ['', '#', '#/', '#/nowhere', '#token=abc', '#/connection/', '#/bundle/']) {
      expect(placeOfHash(hash)).toEqual({ screen: 'overview' });
    }
  });

  it('opens the Live tab when the tab is missing or unknown', () => {
    const live = { screen: 'connection', profileId: 'p1', tab: 'live' };
    expect(placeOfHash('#/connection/p1')).toEqual(live);
    expect(placeOfHash('#/connection/p1/lab')).toEqual(live);
  });

  it('takes a broken percent code as it stands', () => {
    expect(placeOfHash('#/connection/%E0%A4%A/live')).toEqual({
      screen: 'connection',
      profileId: '%E0%A4%A',
      tab: 'live',
    });
  });
});
