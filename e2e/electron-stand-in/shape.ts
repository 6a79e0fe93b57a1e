/**
 * `true` when every public member of a stand-in class exists in Electron's class too; otherwise
 * the names of those that do not, so that `satisfies true` shows them in the compiler's message.
 */
export type OnlyMembersOf<Real, StandIn> = [Exclude<keyof StandIn, keyof Real>] extends [never]
  ? true
  : Exclude<keyof StandIn, keyof Real>;

/** What handlers get for an event that they may prevent. */
export class PreventableEvent {
  defaultPrevented = false;
  preventDefault = (): void => {
    this.defaultPrevented = true;
  };
}
