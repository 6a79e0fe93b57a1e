import type { Bridge } from '#shared/contract/bridge.ts';
import type { Envelope } from '#shared/contract/errors.ts';
import type { EngineEvents } from '#shared/contract/events.ts';
import type { RouteAnswer, RouteName } from '#shared/contract/routes.ts';
import type { BridgeUnderTest } from './bridge-suite.ts';
import type { ContractEngine } from './contract-engine.ts';

/** Everything that crosses must survive both ways of copying: Electron's and the web shell's. */
function cross<T>(value: T): T {
  return JSON.parse(JSON.stringify(structuredClone(value))) as T;
}

/** The bridge with nothing between it and the engine but the copying. */
export function createInMemoryBridge(engine: ContractEngine): BridgeUnderTest {
  const underWay = new Map<string, AbortController>();
  const unsubscribers = new Set<() => void>();
  const bridge: Bridge = {
    shell: 'web',
    async request(route, input, requestId) {
      const controller = new AbortController();
      underWay.set(requestId, controller);
      const context = { callerId: 'in-memory', signal: controller.signal };
      const envelope = await engine.router.dispatch(route, cross(input), context);
      underWay.delete(requestId);
      return cross(envelope) as Envelope<RouteAnswer<typeof route & RouteName>>;
    },
    cancel: (requestId) => underWay.get(requestId)?.abort(),
    on(event, listener) {
      const unsubscribe = engine.events.on(event, (payload) => {
        listener(cross(payload as EngineEvents[typeof event]));
      });
      unsubscribers.add(unsubscribe);
      return unsubscribe;
    },
    onLink(listener) {
      listener('connected');
      return () => {};
    },
  };
  return {
    bridge,
    async close() {
      for (const controller of underWay.values()) controller.abort();
      for (const unsubscribe of unsubscribers) unsubscribe();
    },
  };
}
