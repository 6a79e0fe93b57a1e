import { useEffect, useRef } from 'react';
import type { EditorModel } from './editor-model.ts';

/** Shows the editor of a query tab; what is in it belongs to the model. */
export function SqlEditor({ model, className }: { model: EditorModel; className: string | undefined }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current !== null) return model.mount(place.current);
  }, [model]);
  return <div ref={place} className={className} />;
}
