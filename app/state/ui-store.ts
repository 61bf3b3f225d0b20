import { create } from 'zustand';
import type { InstrumentId, ViewId } from '../charts/views.ts';
import type { Side, SkyView } from '../engine/api.ts';
import { readSetting, writeSetting } from './storage.ts';

export type ThemeChoice = 'auto' | 'light' | 'dark';
export type Panel =
  | 'presets'
  | 'knobs'
  | 'help'
  | 'train'
  | 'experiment'
  | 'import'
  | 'run'
  | 'print'
  | 'about'
  | 'lessons'
  | null;
export type PhoneTab = 'instruments' | 'controls';

interface UiState {
  readonly theme: ThemeChoice;
  readonly railOpen: boolean;
  readonly instrumentsOpen: boolean;
  /** The open dialog or drawer. Only one is open at a time. */
  readonly panel: Panel;
  /** The instrument that fills the screen. */
  readonly enlarged: InstrumentId | null;
  /** The view last chosen in each instrument. */
  readonly views: Readonly<Partial<Record<InstrumentId, ViewId>>>;
  readonly colourBy: SkyView['colourBy'];
  /** The person whose panel is open: in which sky, and whether in the left half of the stage. */
  readonly pinned: { readonly side: Side; readonly id: number; readonly onLeft: boolean } | null;
  /** The policy that the rail shows in a comparison. */
  readonly side: Side;
  readonly phoneTab: PhoneTab;
  /** Number of the lesson beside the sky, from 1. */
  readonly lesson: number | null;
  /** Hides what would name the cause of an outage: it is what a lesson asks for. */
  readonly mystery: boolean;
  /** Names of the controls that the link hides: app/show/controls.ts. */
  readonly hidden: ReadonlySet<string>;
  readonly setTheme: (theme: ThemeChoice) => void;
  readonly toggleRail: () => void;
  readonly toggleInstruments: () => void;
  readonly open: (panel: Panel) => void;
  readonly enlarge: (id: InstrumentId | null) => void;
  readonly setView: (id: InstrumentId, view: ViewId) => void;
  readonly pin: (person: UiState['pinned']) => void;
  readonly setColourBy: (colourBy: SkyView['colourBy']) => void;
  readonly setSide: (side: Side) => void;
  readonly setPhoneTab: (tab: PhoneTab) => void;
}

/** State of the view. Nothing here changes the market. */
export const useUi = create<UiState>((set, get) => ({
  theme: storedTheme(),
  railOpen: readSetting('rail') !== 'closed',
  instrumentsOpen: true,
  panel: null,
  enlarged: null,
  views: {},
  colourBy: 'country',
  pinned: null,
  side: 'main',
  phoneTab: 'instruments',
  lesson: null,
  mystery: false,
  hidden: new Set(),
  setTheme(theme) {
    writeSetting('theme', theme);
    set({ theme });
  },
  toggleRail() {
    const railOpen = !get().railOpen;
    writeSetting('rail', railOpen ? 'open' : 'closed');
    set({ railOpen });
  },
  toggleInstruments: () => set({ instrumentsOpen: !get().instrumentsOpen }),
  open: (panel) => set({ panel }),
  enlarge: (enlarged) => set({ enlarged }),
  setView: (id, view) => set({ views: { ...get().views, [id]: view } }),
  pin: (pinned) => set({ pinned }),
  setColourBy: (colourBy) => set({ colourBy }),
  setSide: (side) => set({ side }),
  setPhoneTab: (phoneTab) => set({ phoneTab }),
}));

function storedTheme(): ThemeChoice {
  const stored = readSetting('theme');
  return stored === 'light' || stored === 'dark' ? stored : 'auto';
}
