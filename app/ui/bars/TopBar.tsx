import { useScenario } from '../../state/scenario-store.ts';
import { useStatus } from '../../state/status-store.ts';
import { useUi, type ThemeChoice } from '../../state/ui-store.ts';
import type { IconName } from '../Icon.tsx';
import { IconButton } from '../IconButton.tsx';
import { EngineChip } from './EngineChip.tsx';
import { RoomsMenu } from './RoomsMenu.tsx';
import { ShareButton } from './ShareButton.tsx';
import { useNarrow } from '../media.ts';
import { ExperimentButton } from '../../experiment/ExperimentEntry.tsx';
import { TrainButton } from '../../train/TrainEntry.tsx';

const nextTheme: Readonly<Record<ThemeChoice, ThemeChoice>> = { auto: 'light', light: 'dark', dark: 'auto' };
const themeIcon: Readonly<Record<ThemeChoice, IconName>> = { auto: 'auto', light: 'sun', dark: 'moon' };
const themeName: Readonly<Record<ThemeChoice, string>> = {
  auto: 'Theme: as the system',
  light: 'Theme: light',
  dark: 'Theme: dark',
};

/**
 * The name of the page, the scenario and its clock, the backend, and the commands of the whole
 * page.
 */
export function TopBar() {
  const narrow = useNarrow();
  const theme = useUi((s) => s.theme);
  const setTheme = useUi((s) => s.setTheme);
  const open = useUi((s) => s.open);
  const railOpen = useUi((s) => s.railOpen);
  const toggleRail = useUi((s) => s.toggleRail);
  return (
    <header className="topbar">
      <p className="wordmark">
        half<b>second</b>
      </p>
      {!narrow && (
        <IconButton
          id="rail-toggle"
          icon={railOpen ? 'left' : 'right'}
          label={railOpen ? 'Hide the controls' : 'Show the controls'}
          keys="["
          expanded={railOpen}
          onClick={toggleRail}
        />
      )}
      <NowText />
      <span className="topbar-space" />
      {!narrow && <SeedText />}
      <EngineChip />
      <CompareButton />
      {narrow ? (
        <RoomsMenu />
      ) : (
        <>
          <ExperimentButton />
          <TrainButton />
        </>
      )}
      <ShareButton />
      {!narrow && (
        <button type="button" id="own-data" className="link" onClick={() => open('import')}>
          Your data
        </button>
      )}
      {!narrow && (
        <button
          type="button"
          id="lessons"
          className="link"
          aria-haspopup="dialog"
          onClick={() => open('lessons')}
        >
          Lessons
        </button>
      )}
      <IconButton
        id="theme"
        icon={themeIcon[theme]}
        label={themeName[theme]}
        keys="T"
        onClick={() => setTheme(nextTheme[theme])}
      />
      <IconButton id="help" icon="help" label="Shortcuts and help" keys="?" onClick={() => open('help')} />
    </header>
  );
}

function NowText() {
  const name = useScenario((s) => s.scenario.name);
  const clock = useStatus((s) => s.status?.clock ?? '');
  return (
    <p className="now">
      <b>{name}</b>
      {clock !== '' && <span className="now-clock"> · {clock}</span>}
    </p>
  );
}

function SeedText() {
  const seed = useScenario((s) => s.scenario.seed);
  return (
    <span className="topbar-seed">
      seed <b>{seed}</b>
    </span>
  );
}

function CompareButton() {
  const comparing = useScenario((s) => s.other !== null);
  const start = useScenario((s) => s.startCompare);
  const end = useScenario((s) => s.endCompare);
  const setSide = useUi((s) => s.setSide);
  return (
    <button
      type="button"
      id="compare"
      className="link compare"
      aria-pressed={comparing}
      onClick={() => {
        if (comparing) {
          end();
          setSide('main');
        } else {
          start();
          setSide('other');
        }
      }}
    >
      Compare
    </button>
  );
}
