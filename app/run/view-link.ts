import { instruments, type InstrumentId } from '../charts/views.ts';
import { useUi } from '../state/ui-store.ts';

const VIEW = 'view.';
const colours = ['country', 'gender', 'age', 'newcomer', 'waited'] as const;

type View = Pick<ReturnType<typeof useUi.getState>, 'views' | 'enlarged' | 'colourBy'>;

/** What the page shows, as entries of a link: "view.demand=demand-series". */
export function viewEntries({ views, enlarged, colourBy }: View): [string, string][] {
  return [
    ...Object.entries(views).map(([id, view]): [string, string] => [`${VIEW}${id}`, view]),
    ...(enlarged === null ? [] : [[`${VIEW}enlarged`, enlarged] as [string, string]]),
    ...(colourBy === 'country' ? [] : [[`${VIEW}colour`, colourBy] as [string, string]]),
  ];
}

/** Shows what the entries say; others change nothing. */
export function openView(entries: Iterable<readonly [string, string]>): void {
  const { setView, enlarge, setColourBy } = useUi.getState();
  const isInstrument = (id: string): id is InstrumentId => id in instruments;
  for (const [path, value] of entries) {
    if (!path.startsWith(VIEW)) continue;
    const what = path.slice(VIEW.length);
    const colour = colours.find((c) => c === value);
    if (what === 'enlarged' && isInstrument(value)) enlarge(value);
    else if (what === 'colour' && colour !== undefined) setColourBy(colour);
    else if (isInstrument(what)) {
      const view = instruments[what].views.find(({ id }) => id === value);
      if (view !== undefined) setView(what, view.id);
    }
  }
}
