import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { NameRow } from '#shared/model/names.ts';
import classes from './names.module.css';

/** One row of the table; a name of many lines is cut, and a second row offers all of it. */
export function NameRows({ row: { id, name } }: { row: NameRow }) {
  const text = useRef<HTMLElement>(null);
  const [isWhole, setIsWhole] = useState(false);
  const [isCut, setIsCut] = useState(false);
  const mayBeLong = isLong(name);

  useEffect(() => {
    const element = text.current;
    if (element === null || !mayBeLong || isWhole) return;
    const observer = new ResizeObserver(() => setIsCut(element.scrollHeight > element.clientHeight + 1));
    observer.observe(element);
    return () => observer.disconnect();
  }, [mayBeLong, isWhole]);

  return (
    <>
      <tr>
        <td className={classes.idCell}>{id}</td>
        <td className={classes.name}>
          <bdi ref={text} className={mayBeLong && !isWhole ? classes.cut : undefined}>
            {name}
          </bdi>
        </td>
      </tr>
      {isCut && (
        <tr className={classes.showAll}>
          <td />
          <td>
            <Button
              variant="transparent"
              size="compact-xs"
              px={0}
              aria-expanded={isWhole}
              aria-label={`${isWhole ? 'Show less' : 'Show all'} of the name with id ${id}`}
              onClick={() => setIsWhole(!isWhole)}
            >
              {isWhole ? 'Show less' : 'Show all'}
            </Button>
          </td>
        </tr>
      )}
    </>
  );
}

/** Worth measuring: it may take more than five lines in the narrowest window. */
const isLong = (name: string) => name.length > 150 || name.split('\n').length > 5;
