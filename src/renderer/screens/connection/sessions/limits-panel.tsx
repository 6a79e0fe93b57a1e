import type { NamedLimit } from '#shared/model/sessions/server.ts';
import type { SessionList } from '#shared/model/sessions/session-list.ts';
import { formatCount } from '../../../charts/formats.ts';
import { UtilizationBar } from '../../../kit/utilization-bar.tsx';
import { noFilter, type ShownFilter } from './session-filter.ts';
import classes from './sessions.module.css';

interface Props {
  list: SessionList;
  onFilter(shown: ShownFilter): void;
}

/** How many connections the server, its roles and its databases take, and how many are taken. */
export function LimitsPanel({ list, onFilter }: Props) {
  const { limits } = list.sample;
  return (
    <section className={classes.panel} aria-label="Limits">
      <table className={classes.plainTable}>
        <tbody>
          <Line name="max_connections" value={limits.maxConnections} about="everything the server takes" />
          <Line
            name="superuser_reserved_connections"
            value={-limits.superuserReserved}
            about="kept for superusers"
          />
          <Line
            name="reserved_connections"
            value={-limits.reserved}
            about="kept for roles with pg_use_reserved_connections, from PostgreSQL 16 on"
          />
          <Line name="Usable" value={limits.usable} about="for everyone: the line on the chart" strong />
          <Line name="Taken" value={limits.taken} about="client sessions, Poolscope’s own watcher included" />
          <Line
            name="Left"
            value={limits.left}
            about={limits.left < 0 ? 'reserved slots are in use' : ''}
            strong
          />
        </tbody>
      </table>
      <LimitTable
        title="Roles with a limit"
        empty="No role has a connection limit."
        limits={limits.roles}
        onChoose={(name) => onFilter({ ...noFilter, filter: { users: [name] } })}
      />
      <LimitTable
        title="Databases with a limit"
        empty="No database has a connection limit."
        limits={limits.databases}
        onChoose={(name) => onFilter({ ...noFilter, filter: { databases: [name] } })}
      />
    </section>
  );
}

interface LineProps {
  name: string;
  value: number;
  about: string;
  strong?: boolean;
}

function Line({ name, value, about, strong = false }: LineProps) {
  return (
    <tr data-strong={strong || undefined}>
      <th scope="row">{name}</th>
      <td className={classes.number}>{value < 0 ? `−${formatCount(-value)}` : formatCount(value)}</td>
      <td className={classes.dim}>{about}</td>
    </tr>
  );
}

interface TableProps {
  title: string;
  empty: string;
  limits: readonly NamedLimit[];
  onChoose(name: string): void;
}

function LimitTable({ title, empty, limits, onChoose }: TableProps) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {limits.length === 0 ? (
        <p className={classes.dim}>{empty}</p>
      ) : (
        <table className={classes.plainTable}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" className={classes.number}>
                Taken / limit
              </th>
              <th scope="col">Use</th>
            </tr>
          </thead>
          <tbody>
            {limits.map(({ name, limit, taken }) => (
              <tr key={name}>
                <th scope="row">
                  <button type="button" className={classes.link} onClick={() => onChoose(name)}>
                    <bdi>{name}</bdi>
                  </button>
                </th>
                <td className={classes.number}>
                  {formatCount(taken)} / {formatCount(limit)}
                </td>
                <td className={classes.use}>
                  <UtilizationBar used={taken} max={limit} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
