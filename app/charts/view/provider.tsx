import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { createChartClient, type ChartClient } from '../worker/client.ts';
import type { Theme } from '../layout.ts';
import { readTheme, watchTheme } from '../theme.ts';
import type { ViewId } from '../views.ts';

/** After this many restarts the charts stay down, and say so. */
const RESTARTS = 3;

export interface Charts {
  /**
   * A new port for the engine (`engine.connectCharts(port)`), at any time: its other end reaches the chart worker as soon as that runs.
   * Call it again whenever `generation` changes, in an effect: the ports of a worker that died lead nowhere.
   */
  readonly connect: () => MessagePort;
  /** Counts the workers started so far. */
  readonly generation: number;
  /** Why there are no charts, or what was refused; '' where all is well. */
  readonly problem: string;
  /** Forgets all tables (empty charts) until new ones come. */
  readonly clear: () => void;
}

type Choices = Readonly<Partial<Record<ViewId, string>>>;

interface Inner extends Charts {
  /** What was chosen in each view: it outlives the instrument, which is mounted anew when it fills the screen. */
  readonly choices: Choices;
  readonly choose: (view: ViewId, choice: string) => void;
  readonly client: ChartClient | null;
  readonly theme: Theme | null;
}

const Context = createContext<Inner | null>(null);

/** Inside <ChartsProvider>. */
export function useCharts(): Charts {
  return useInner();
}

/** For the parts of a chart. */
export function useInner(): Inner {
  const value = use(Context);
  if (value === null) throw new Error('charts must be inside <ChartsProvider>');
  return value;
}

export interface ChartsProviderProps {
  readonly children: ReactNode;
  /** Longest a call to the worker may take, milliseconds. */
  readonly timeout?: number;
}

/** Starts the chart worker, tells it the page's colours, and starts a new one when it dies. */
export function ChartsProvider({ children, timeout }: ChartsProviderProps) {
  const [generation, setGeneration] = useState(0);
  const [restarts, setRestarts] = useState(0);
  const [client, setClient] = useState<ChartClient | null>(null);
  const [theme, setTheme] = useState<Theme | null>(null);
  const [problem, setProblem] = useState('');
  const [choices, setChoices] = useState<Choices>({});
  const current = useRef<ChartClient | null>(null);
  const waiting = useRef<MessagePort[]>([]);

  useEffect(() => {
    const made = createChartClient({
      ...(timeout === undefined ? {} : { timeout }),
      onDeath: (reason) => {
        current.current = null;
        setClient(null);
        if (restarts < RESTARTS) setRestarts(restarts + 1);
        else setProblem(`${reason} Reload the page to have charts again.`);
      },
      onRefused: setProblem,
    });
    current.current = made;
    for (const port of waiting.current.splice(0)) hand(made, port);
    setClient(made);
    setGeneration((g) => g + 1);
    return () => {
      made.dispose();
      if (current.current === made) current.current = null;
    };
  }, [restarts, timeout]);

  useEffect(() => {
    const update = () =>
      setTheme((before) => {
        const now = readTheme();
        return JSON.stringify(now) === JSON.stringify(before) ? before : now;
      });
    update();
    return watchTheme(update);
  }, []);

  useEffect(() => {
    if (client !== null && theme !== null) client.tell((chart) => chart.theme(theme));
  }, [client, theme]);

  const connect = useCallback(() => {
    const { port1, port2 } = new MessageChannel();
    if (current.current === null) waiting.current.push(port2);
    else hand(current.current, port2);
    return port1;
  }, []);
  const clear = useCallback(() => current.current?.tell((chart) => chart.clear()), []);

  const choose = useCallback(
    (view: ViewId, choice: string) => setChoices((before) => ({ ...before, [view]: choice })),
    [],
  );

  const value = useMemo<Inner>(
    () => ({ connect, clear, generation, problem, client, theme, choices, choose }),
    [connect, clear, generation, problem, client, theme, choices, choose],
  );
  return <Context value={value}>{children}</Context>;
}

function hand(client: ChartClient, port: MessagePort): void {
  client.tell((chart) => chart.connect(port));
}
