import { ActionIcon, Tooltip } from '@mantine/core';
import { Copy } from 'lucide-react';
import { copyText } from '../../kit/copy-text.ts';
import classes from './app-settings.module.css';

const addresses = [
  { path: '/metrics', says: 'all pools and this machine' },
  { path: '/metrics/{id}', says: 'one pool, by the id that /health tells' },
  { path: '/health', says: 'JSON; status 503 while every open pool is lost' },
] as const;

/** What the endpoint serves, to be copied. */
export function AddressList({ url }: { url: string }) {
  return (
    <ul className={classes.addresses} aria-label="Addresses">
      {addresses.map(({ path, says }) => (
        <li key={path}>
          <code className={classes.address}>
            {url}
            {path}
          </code>
          <Tooltip label="Copy">
            <ActionIcon
              size="sm"
              aria-label={`Copy the address of ${path}`}
              onClick={() => void copyText(`${url}${path}`, 'the address')}
            >
              <Copy size={14} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <span className={classes.dim}>{says}</span>
        </li>
      ))}
    </ul>
  );
}
