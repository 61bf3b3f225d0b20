import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useState } from 'react';
import { builtIn, builtInOfPoints, formulaExamples } from '../../src/scenario/formula/examples.ts';
import { checkFormula, formulaError, taskProblem } from '../../src/scenario/formula/formula.ts';
import { loadFormulas } from '../../src/scenario/formula/language.ts';
import { taskScorers } from '../../src/scenario/formula/task-scorers.ts';
import { terms } from '../../src/scenario/formula/terms.ts';
import { constants, functions, termHelp } from '../../src/scenario/formula/words.ts';
import type { Policy } from '../../src/scenario/schema.ts';
import { useScenario } from '../state/scenario-store.ts';
import { useStatus } from '../state/status-store.ts';
import type { Side } from '../engine/api.ts';
import { useUi } from '../state/ui-store.ts';
import { Editor } from './Editor.tsx';
import { PairTable } from './PairTable.tsx';
import type { TickPairs } from './tick-pairs.ts';

/** How many pairs of the tick are shown, and how often they are renewed, milliseconds. */
const PAIRS = 10;
const EVERY_MS = 1500;

// From now on the scenario checks formulas as they are set.
void loadFormulas();

/** The editor of the policy's own formula. */
export default function FormulaRoom() {
  const comparing = useScenario((s) => s.other !== null);
  const chosen = useUi((s) => s.side);
  const side: Side = comparing ? chosen : 'main';
  const policy = useScenario((s) => (side === 'main' ? s.scenario.policy : (s.other ?? s.scenario.policy)));
  const set = useScenario((s) => s.set);
  const [text, write] = useState(policy.formula === '' ? startOf(policy) : policy.formula);
  // The preview keeps the last formula without an error while a person types.
  const [right, setRight] = useState(text);
  const tick = usePairs();
  const problem = text.trim() === '' ? undefined : formulaError(text);
  const unpredicted =
    problem === undefined && text.trim() !== '' ? taskProblem(text, policy.scorer) : undefined;
  const usable =
    problem === undefined && unpredicted === undefined && text.trim() !== '' && text !== policy.formula;
  const setText = (next: string) => {
    write(next);
    if (next.trim() !== '' && formulaError(next) === undefined) setRight(next);
  };
  const use = () => {
    if (usable) set('policy.formula', text, side);
  };
  return (
    <>
      <Dialog.Description className="help-text">
        A formula gives each pair its weight, in the place of "Both sides" and of the bonuses. "me" and "you"
        are the two sides. The matcher takes heavy pairs first.
      </Dialog.Description>
      <p className="formula-examples">
        {formulaExamples.map(({ name, help, text: example }) => (
          <button key={name} type="button" className="button" title={help} onClick={() => setText(example)}>
            {name}
          </button>
        ))}
      </p>
      <Editor text={text} onChange={setText} onUse={use} />
      <p
        id="formula-said"
        className="formula-said"
        data-bad={problem === undefined && unpredicted === undefined ? undefined : ''}
        role="status"
      >
        {problem === undefined
          ? (unpredicted?.replace(/^t/, 'T').concat('.') ?? boundText(text))
          : `Character ${problem.place.from + 1}: ${problem.reason}${problem.reason.endsWith('?') ? '' : '.'}`}
      </p>
      <p className="formula-buttons">
        <button type="button" className="button formula-use" disabled={!usable} onClick={use}>
          {comparing ? `Use it for policy ${side === 'main' ? 'A' : 'B'}` : 'Use this formula'}
        </button>
        {problem?.reason.startsWith('it is not symmetric') === true && (
          <button type="button" className="button" onClick={() => setText(`both(${text})`)}>
            Make it symmetric
          </button>
        )}
        {unpredicted !== undefined && (
          <button type="button" className="button" onClick={() => set('policy.scorer', taskScorers[0], side)}>
            Score by Wide&amp;Deep
          </button>
        )}
        {policy.formula !== '' && (
          <button type="button" className="button" onClick={() => set('policy.formula', '', side)}>
            Back to the knobs
          </button>
        )}
        <span className="formula-state">
          {policy.formula === ''
            ? 'The knobs decide now.'
            : text === policy.formula
              ? 'This formula decides now.'
              : 'Another formula decides now.'}
        </span>
      </p>
      {unpredicted === undefined && <PairTable tick={tick} text={right} isNow={right === text} />}
      <details className="formula-language">
        <summary>What a formula can name</summary>
        <dl>
          {terms.map(({ name }) => (
            <Named key={name} name={`me.${name}, you.${name}`} help={termHelp[name]} />
          ))}
          {[...functions, ...constants].map(({ form, help }) => (
            <Named key={form} name={form} help={help} />
          ))}
          <Named name="+ - * / < <= > >= == != && || !" help="Operators, as in most languages." />
        </dl>
      </details>
    </>
  );
}

function Named({ name, help }: { readonly name: string; readonly help: string }) {
  return (
    <>
      <dt>
        <code>{name}</code>
      </dt>
      <dd>{help}</dd>
    </>
  );
}

/** What the knobs of a policy do, as a formula. */
function startOf({ scorer, combination }: Policy): string {
  if (scorer === 'rules' || scorer === 'first-come' || scorer === 'random')
    return combination === 'minimum' ? builtInOfPoints.minimum : builtInOfPoints.sum;
  return builtIn[combination];
}

const figure = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

function boundText(text: string): string {
  if (text.trim() === '') return 'Write a formula, or choose an example.';
  const { low, high } = checkFormula(text).bound;
  return `Symmetric, in seconds. Whatever its terms are, a weight lies between ${figure.format(low)} and ${figure.format(high)}.`;
}

/** Pairs of the newest tick, renewed while the evening runs. */
function usePairs(): TickPairs | null {
  const engine = useStatus((s) => s.engine);
  const [pairs, setPairs] = useState<TickPairs | null>(null);
  useEffect(() => {
    let live = true;
    const ask = () => {
      // Between two evenings there is no tick; the next time there will be one.
      engine?.tickPairs(PAIRS).then(
        (next) => live && next.pairs.length > 0 && setPairs(next),
        () => undefined,
      );
    };
    ask();
    const timer = setInterval(ask, EVERY_MS);
    return () => {
      live = false;
      clearInterval(timer);
    };
  }, [engine]);
  return pairs;
}
