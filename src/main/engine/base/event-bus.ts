import type { EngineEvents, EventName } from '#shared/contract/events.ts';

type Listener<E extends EventName> = (payload: EngineEvents[E]) => void;

/** The engine's one event stream. Shells subscribe to all of it; rooms to what they need. */
export interface EventBus {
  emit<E extends EventName>(event: E, payload: EngineEvents[E]): void;
  on<E extends EventName>(event: E, listener: Listener<E>): () => void;
  /** Every event, for transports. */
  onAny(listener: (event: EventName, payload: EngineEvents[EventName]) => void): () => void;
}

/** A failing listener is reported and does not keep the others from hearing. */
export function createEventBus(onListenerError: (error: unknown) => void): EventBus {
  const anyListeners = new Set<(event: EventName, payload: EngineEvents[EventName]) => void>();
  return {
    emit(event, payload) {
      for (const listener of [...anyListeners]) {
        try {
          listener(event, payload);
        } catch (error) {
          onListenerError(error);
        }
      }
    },
    on(event, listener) {
      return this.onAny((name, payload) => {
        if (name === event) listener(payload as Parameters<typeof listener>[0]);
      });
    },
    onAny(listener) {
      // Wrapped, so that the same function subscribed twice is heard twice and removed once.
      const entry: typeof listener = (event, payload) => listener(event, payload);
      anyListeners.add(entry);
      return () => void anyListeners.delete(entry);
    },
  };
}
