import { Button } from '@mantine/core';
import { payloadOf } from '../../data/errors.ts';
import { useAppInfo } from '../../data/queries.ts';
import { copyText } from '../../kit/copy-text.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { Panel } from '../../kit/panel.tsx';
import classes from './app-settings.module.css';

/** Which Poolscope this is, and where it keeps everything. */
export function AboutSection() {
  const { data: info, error } = useAppInfo();
  return (
    <Panel title="This Poolscope">
      {info !== undefined && (
        <>
          <dl className={classes.facts}>
            <dt>Version</dt>
            <dd>
              {info.version} · {info.shell === 'electron' ? 'desktop app' : 'in the browser'}
            </dd>
            <dt>Data folder</dt>
            <dd className={classes.path}>
              {info.dataFolder}
              <Button
                variant="default"
                size="compact-xs"
                onClick={() => void copyText(info.dataFolder, 'the path of the data folder')}
              >
                Copy
              </Button>
            </dd>
            <dt>Passwords</dt>
            <dd>{info.vault.explanation}</dd>
          </dl>
          <p className={classes.dim}>Connections, settings and history are files of that folder.</p>
        </>
      )}
      {info === undefined && error !== null && <ErrorNote error={payloadOf(error)} />}
    </Panel>
  );
}
