import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { createChartClient, type ChartClient } from '../worker/client.ts';
import type { Theme } from '../layout.ts';
import { readTheme, watchTheme } from '../theme.ts';
import type { ChartView } from '../views.ts';

/** Restarts of the worker, after which the charts stay down and say so. */
const MAX_RESTARTS = 3;

interface ChartConnection {
  /**
   * Returns a new port for the engine (`engine.connectCharts(port)`). Its other end reaches the
   * worker as soon as that runs. Call it again when `generation` changes: the ports
   * of a dead worker lead nowhere.
   */
  readonly connect: () => MessagePort;
  /** Counts the workers started so far. */
  readonly generation: number;
  /** Why there are no charts, or what was refused; '' without a problem. */
  readonly problem: string;
  /** Forgets the engine's tables. */
  readonly clear: () => void;
}

type Choices = Readonly<Partial<Record<ChartView, string>>>;

interface Inner extends ChartConnection {
  /** The choice of each view. It outlives the chart, which is remounted on the full screen. */
  readonly choices: Choices;
  readonly choose: (view: ChartView, choice: string) => void;
  readonly client: ChartClient | null;
  readonly theme: Theme | null;
}

const Context = createContext<Inner | null>(null);

/** The connection to the chart worker. Only inside <ChartsProvider>. */
export function useCharts(): ChartConnection {
  return useChartContext();
}

/** What the parts of a chart share. Only inside <ChartsProvider>. */
export function useChartContext(): Inner {
  const value = use(Context);
  if (value === null) throw new Error('charts must be inside <ChartsProvider>');
  return value;
}

export interface ChartsProviderProps {
  readonly children: ReactNode;
  /** Time limit of a call to the worker, milliseconds. */
  readonly timeout?: number;
}

/** Starts the chart worker, sends it the page's colours, and restarts it when it dies. */
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
        if (restarts < MAX_RESTARTS) setRestarts(restarts + 1);
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
    (view: ChartView, choice: string) => setChoices((before) => ({ ...before, [view]: choice })),
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
