import type { BundledProfile } from '#shared/contract/history-bundle.ts';
import { formatCount } from '../../charts/formats.ts';
import { Panel } from '../../kit/panel.tsx';
import classes from './bundle-screen.module.css';

/** The settings of a connection when its bundle was written. */
export function BundleSettings({ profile }: { profile: BundledProfile }) {
  const settings = Object.entries(profile.settings);
  return (
    <Panel title="Settings">
      <p>
        As they were when the bundle was written, without the password. {formatCount(profile.samples)}{' '}
        samples.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard */}
      <section className={classes.scroller} aria-label="Table of settings" tabIndex={0}>
        <table className={classes.settings}>
          <thead>
            <tr>
              <th scope="col">Setting</th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          <tbody>
            {settings.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">
                  <bdi>{name}</bdi>
                </th>
                <td>
                  <bdi>{value}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}
