import { Button } from '@mantine/core';
import { FolderOpen } from 'lucide-react';
import { bundleOpener, closeBundle, useOpenBundles } from '../../bundles/open-bundles.ts';
import { Panel } from '../../kit/panel.tsx';
import { hashOfPlace } from '../../navigation/place.ts';
import classes from './history-screen.module.css';

/** Opens incident bundles, and lists those that are open. */
export function BundlesPanel() {
  const bundles = useOpenBundles();
  return (
    <Panel
      title="Incident bundles"
      actions={
        <Button
          variant="default"
          leftSection={<FolderOpen size={14} aria-hidden />}
          onClick={() => void bundleOpener.start()}
        >
          Open an incident bundle…
        </Button>
      }
    >
      <p className={classes.dim}>
        A bundle holds a range of someone’s history in one file. It opens read-only, beside your own history.
      </p>
      {bundles.length > 0 && (
        <ul className={classes.bundles} aria-label="Open bundles">
          {bundles.map(({ bundleId, fileName }) => (
            <li key={bundleId}>
              <a href={hashOfPlace({ screen: 'bundle', bundleId })}>
                <bdi>{fileName}</bdi>
              </a>
              <Button
                variant="subtle"
                size="compact-xs"
                aria-label={`Close ${fileName}`}
                onClick={() => closeBundle(bundleId)}
              >
                Close
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
