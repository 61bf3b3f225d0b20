import { useMemo } from 'react';
import type { Table } from '../../src/base/table.ts';
import { Chart } from '../charts/view/Chart.tsx';
import type { RoomViewId } from '../charts/views.ts';

interface Props {
  readonly title: string;
  readonly view: RoomViewId;
  readonly tables: readonly Table[];
  readonly short?: boolean;
}

/** A chart at the room's height. Keep `tables` stable while their numbers do not change. */
export function RoomChart({ title, view, tables, short }: Props) {
  return (
    <div className="room-chart" data-short={short}>
      <Chart title={title} view={view} tables={tables} />
    </div>
  );
}

/** The tables of a study, computed once. */
export function useTables<T>(source: T, tables: (source: T) => readonly Table[]): readonly Table[] {
  // The function is a constant of its module; only the source changes.
  return useMemo(() => tables(source), [source, tables]);
}
