import { useElementSize } from '@mantine/hooks';
import type { PictureNode } from '#shared/model/picture.ts';
import { kindWord, nodeWords } from './node-words.ts';
import classes from './picture.module.css';
import type { PictureGraph, PlacedEdge, PlacedNode } from './picture-graph.ts';

const box = { widthPx: 164, heightPx: 46, gapXPx: 24, gapYPx: 10, headPx: 24 };

interface Props {
  graph: PictureGraph;
  onOpen(node: PictureNode): void;
}

/** The picture of one pool: boxes from left to right, from who waits to what holds everything up. */
export function PictureDrawing({ graph, onOpen }: Props) {
  const { ref, width } = useElementSize();
  return (
    <div ref={ref}>
      {width > 0 &&
        (width < leastWidthPx(graph) ? (
          <Down graph={graph} onOpen={onOpen} />
        ) : (
          <Across graph={graph} widthPx={width} onOpen={onOpen} />
        ))}
    </div>
  );
}

/** Narrower, the layers do not fit beside each other: the path alone is drawn, downwards. */
const leastWidthPx = ({ layers }: PictureGraph) => layers.length * (box.widthPx + box.gapXPx) - box.gapXPx;

function Across({ graph, widthPx, onOpen }: Props & { widthPx: number }) {
  const { layers, edges } = graph;
  // What room there is goes between the layers; below the least, the drawing scrolls.
  const spare = widthPx - layers.length * box.widthPx;
  const gapXPx = Math.max(box.gapXPx, Math.min(120, spare / Math.max(1, layers.length - 1)));
  const rows = Math.max(...layers.map(({ nodes, more }) => nodes.length + (more > 0 ? 1 : 0)));
  const heightPx = box.headPx + rows * (box.heightPx + box.gapYPx);
  const leftOf = (layer: number) => layer * (box.widthPx + gapXPx);
  const topOf = (place: number, layer: number) => {
    const inLayer = layers[layer];
    const count = (inLayer?.nodes.length ?? 0) + ((inLayer?.more ?? 0) > 0 ? 1 : 0);
    const spareRows = rows - count;
    return box.headPx + (place + spareRows / 2) * (box.heightPx + box.gapYPx);
  };
  const drawnPx = layers.length * box.widthPx + (layers.length - 1) * gapXPx;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className={classes.across} aria-label="Who waits for whom, drawn" tabIndex={0}>
      <div className={classes.canvas} style={{ width: drawnPx, height: heightPx }}>
        <svg className={classes.edges} width={drawnPx} height={heightPx} aria-hidden="true">
          {[...edges]
            .sort((a, b) => Number(a.onPath) - Number(b.onPath))
            .map((edge) => (
              <path
                key={`${edge.from.node.id} ${edge.to.node.id} ${edge.kind}`}
                className={classes.edge}
                data-path={edge.onPath || undefined}
                data-blocked={edge.kind === 'blockedBy' || undefined}
                d={edgePath(edge, leftOf, topOf)}
              />
            ))}
        </svg>
        {layers.map(({ title, nodes, more }, layer) => (
          <div key={title + String(layer)}>
            <span className={classes.layerTitle} style={{ left: leftOf(layer), width: box.widthPx }}>
              {title}
            </span>
            {nodes.map((placed) => (
              <NodeBox
                key={placed.node.id}
                placed={placed}
                style={{ left: leftOf(layer), top: topOf(placed.place, layer) }}
                onOpen={onOpen}
              />
            ))}
            {more > 0 && (
              <span
                className={classes.more}
                style={{ left: leftOf(layer), top: topOf(nodes.length, layer), width: box.widthPx }}
              >
                and {more} more
              </span>
            )}
          </div>
        ))}
      </div>
    </section>
  );
}

/** From the right side of a box to the left side of the next; within one layer, around its right side. */
function edgePath(
  { from, to }: PlacedEdge,
  leftOf: (layer: number) => number,
  topOf: (place: number, layer: number) => number,
): string {
  const middle = box.heightPx / 2;
  const x1 = leftOf(from.layer) + box.widthPx;
  const y1 = topOf(from.place, from.layer) + middle;
  const y2 = topOf(to.place, to.layer) + middle;
  if (to.layer <= from.layer) {
    const x2 = leftOf(to.layer) + box.widthPx;
    const bend = Math.max(x1, x2) + 26;
    return `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
  }
  const x2 = leftOf(to.layer);
  const half = (x2 - x1) / 2;
  return `M${x1} ${y1}C${x1 + half} ${y1} ${x2 - half} ${y2} ${x2} ${y2}`;
}

/** The path alone, one below the other. */
function Down({ graph, onOpen }: Props) {
  const path = graph.layers.flatMap(({ nodes }) => nodes.filter(({ onPath }) => onPath));
  return (
    <ol className={classes.down}>
      {path.map((placed) => (
        <li key={placed.node.id}>
          <span className={classes.downTitle}>{kindWord(placed.node)}</span>
          <NodeBox placed={placed} onOpen={onOpen} />
        </li>
      ))}
    </ol>
  );
}

interface BoxProps {
  placed: PlacedNode;
  style?: { left: number; top: number };
  onOpen(node: PictureNode): void;
}

function NodeBox({ placed, style, onOpen }: BoxProps) {
  const { node, onPath, isCulprit } = placed;
  const [name, state] = nodeWords(node);
  return (
    <button
      type="button"
      className={classes.node}
      style={style}
      data-placed={style !== undefined || undefined}
      data-path={onPath || undefined}
      data-culprit={isCulprit || undefined}
      data-waiting={(node.kind === 'client' && node.state === 'waiting') || undefined}
      aria-label={`${kindWord(node)} ${name}: ${state}${isCulprit ? '. It holds others up' : ''}`}
      title={`${name}\n${state}`}
      onClick={() => onOpen(node)}
    >
      <span className={classes.nodeName}>{name}</span>
      <span className={classes.nodeState}>{state}</span>
    </button>
  );
}
