import { useState } from 'react';
import type { ConsoleRow } from './console-rows.ts';
import { cellAt } from './console-rows.ts';
import { ConsoleTable } from './console-table.tsx';
import classes from './pgbouncer.module.css';
import type { PoolerPart } from './pooler-head.tsx';
import { RowDrawer } from './row-drawer.tsx';

interface Props extends PoolerPart {
  table: 'clients' | 'servers' | 'databases';
  onDatabase(database: string): void;
}

const labels = { clients: 'Clients', servers: 'Server connections', databases: 'Databases' };

/** Clients, server connections or databases, row by row; a row leads to all of it and what can be done. */
export function ConsoleTableTab({ table, onDatabase, ...part }: Props) {
  const [open, setOpen] = useState<ConsoleRow | null>(null);
  return (
    <div className={classes.tab}>
      <ConsoleTable
        key={table}
        profileId={part.profile.profileId}
        table={table}
        label={labels[table]}
        openId={open?.id ?? null}
        onOpen={(row) => {
          const name = cellAt(row, 'name');
          if (table === 'databases' && typeof name === 'string') onDatabase(name);
          else setOpen(row);
        }}
      />
      <RowDrawer
        {...part}
        title={table === 'clients' ? 'Client' : 'Server connection'}
        row={open}
        onClose={() => setOpen(null)}
      />
    </div>
  );
}
