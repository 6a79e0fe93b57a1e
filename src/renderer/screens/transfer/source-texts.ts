import type { ImportSource } from '#shared/contract/profile-transfer.ts';

/** Where settings may come from, as the form offers it. */
export const sourceTexts: Record<ImportSource, { label: string; explanation: string; example: string }> = {
  auto: {
    label: 'Find out by itself',
    explanation: 'Takes any of the formats below, by what the text looks like.',
    example: 'Paste settings here, drop a file, or open one.',
  },
  'env-file': {
    label: '.env file',
    explanation: 'DB_HOST, DB_POOL_MAX_SIZE and their like, DATABASE_URL, and PG* variables.',
    example: 'DB_HOST=db.example\nDB_POOL_MIN_SIZE=5\nDB_POOL_MAX_SIZE=20',
  },
  environment: {
    label: "Poolscope's own environment",
    explanation: 'The same variables, as they were set where Poolscope was started.',
    example: '',
  },
  url: {
    label: 'Connection URL',
    explanation: 'One address, or several, one a line.',
    example: 'postgres://user@db.example:5432/shop?sslmode=require',
  },
  dsn: {
    label: 'Keyword DSN',
    explanation: 'Keywords and values as libpq takes them.',
    example: 'host=db.example port=5432 dbname=shop user=app sslmode=require',
  },
  'pg-service': {
    label: 'pg_service.conf',
    explanation: 'A connection for each section.',
    example: '[shop]\nhost=db.example\ndbname=shop',
  },
  poolscope: {
    label: 'File of Poolscope',
    explanation: 'What "Export connections" wrote, here or on another machine.',
    example: '',
  },
};
