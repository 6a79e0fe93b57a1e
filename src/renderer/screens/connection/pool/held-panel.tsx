import { Table } from '@mantine/core';
import type { HeldConnection } from '#shared/contract/pool-control.ts';
import { noValue } from '../../../charts/formats.ts';
import { formatAge } from '../../../kit/age-words.ts';
import { Panel } from '../../../kit/panel.tsx';
import { longestHeld } from './longest-held.ts';
import classes from './pool.module.css';

/** Connections that are handed out, longest first, and which of them may never come back. */
export function HeldPanel({ held, thresholdMs }: { held: readonly HeldConnection[]; thresholdMs: number }) {
  const { shown, more, suspected } = longestHeld(held);
  return (
    <Panel title="Connections in use">
      <p className={classes.dim}>
        {thresholdMs === 0
          ? 'The leak threshold is 0: none is reported as a leak, however long it is held.'
          : `Held for longer than ${formatAge(thresholdMs)}: reported as a suspected leak.`}{' '}
        {suspected > 0 && (
          <strong data-tone="warn">
            {suspected} {suspected === 1 ? 'is' : 'are'} suspected now.
          </strong>
        )}
      </p>
      <div className={classes.scroll}>
        <Table aria-label="Connections in use" verticalSpacing={4} withRowBorders>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Connection</Table.Th>
              <Table.Th>Server process</Table.Th>
              <Table.Th>Taken by</Table.Th>
              <Table.Th>Held for</Table.Th>
              <Table.Th>Transaction</Table.Th>
              <Table.Th>Leak</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((connection) => (
              <Table.Tr key={connection.connectionId}>
                <Table.Td>{connection.connectionId}</Table.Td>
                <Table.Td>{connection.processId ?? noValue}</Table.Td>
                <Table.Td>{connection.holder}</Table.Td>
                <Table.Td>{formatAge(connection.heldForMs)}</Table.Td>
                <Table.Td>{connection.inTransaction ? 'open' : noValue}</Table.Td>
                <Table.Td data-tone={connection.suspected ? 'warn' : undefined}>
                  {connection.suspected ? 'suspected' : noValue}
                </Table.Td>
              </Table.Tr>
            ))}
            {shown.length === 0 && (
              <Table.Tr>
                <Table.Td colSpan={6} className={classes.dim ?? ''}>
                  None at this moment: every open connection is at rest.
                </Table.Td>
              </Table.Tr>
            )}
          </Table.Tbody>
        </Table>
      </div>
      {more > 0 && <p className={classes.dim}>{more} more, held for a shorter time.</p>}
    </Panel>
  );
}
