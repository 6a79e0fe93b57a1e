import { Button } from '@mantine/core';
import { payloadOf } from '../../data/errors.ts';
import { useMetricsStatus } from '../../data/metrics-status.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { AboutSection } from './about-section.tsx';
import { AlertsSection } from './alerts-section.tsx';
import classes from './app-settings.module.css';
import { EndpointSection } from './endpoint-section.tsx';
import { PushSection } from './push-section.tsx';

/** What holds for Poolscope as a whole, a section each. Settings of a connection are a tab of it. */
export function AppSettingsScreen() {
  const metrics = useMetricsStatus();
  return (
    <section className={classes.page} aria-labelledby="app-settings-title">
      <h1 id="app-settings-title" className={classes.title}>
        Settings
      </h1>
      {metrics.data !== undefined && (
        <div className={classes.columns}>
          <EndpointSection status={metrics.data.endpoint} />
          <PushSection status={metrics.data.push} />
        </div>
      )}
      {metrics.data === undefined && metrics.isError && (
        <ErrorNote error={payloadOf(metrics.error)}>
          <Button variant="default" onClick={() => void metrics.refetch()} loading={metrics.isFetching}>
            Try again
          </Button>
        </ErrorNote>
      )}
      <AlertsSection />
      <AboutSection />
    </section>
  );
}
