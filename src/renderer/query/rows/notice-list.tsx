import type { QueryNotice } from '#shared/model/query.ts';
import { formatCount } from '../../charts/formats.ts';
import classes from './notice-list.module.css';

/** What the server had to say while it ran, in the order it came. */
export function NoticeList({ notices, dropped }: { notices: readonly QueryNotice[]; dropped: number }) {
  return (
    <div className={classes.scroll}>
      <ol className={classes.list}>
        {notices.map(({ severity, message, detail, hint }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: notices only come at the end.
          <li key={index}>
            <span className={classes.severity}>{severity}</span>
            <span className={classes.words}>
              {message}
              {detail !== null && <span className={classes.more}>{detail}</span>}
              {hint !== null && <span className={classes.more}>{hint}</span>}
            </span>
          </li>
        ))}
      </ol>
      {dropped > 0 && <p className={classes.more}>And {formatCount(dropped)} more that were not kept.</p>}
    </div>
  );
}
