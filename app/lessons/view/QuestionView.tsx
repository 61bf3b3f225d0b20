import { useEffect, useId, useRef, useState } from 'react';
import { IconButton } from '../../ui/IconButton.tsx';
import type { LessonAnswer, Lesson, PredictStep, SeeStep } from '../format.ts';
import { answerStep, replyTo, type LessonState } from '../runner.ts';
import { change } from '../store.ts';

interface Props {
  readonly lesson: Lesson;
  readonly state: LessonState;
  readonly step: PredictStep | SeeStep;
}

/** A question with its answer. A prediction is kept; any other answer gets a reply at once. */
export function QuestionView({ lesson, state, step }: Props) {
  const { question } = step;
  const given = state.answers[state.step] as LessonAnswer | undefined;
  const reply = replyTo(lesson, state);
  const inOrder = question.kind === 'order';
  const said = useRef<HTMLDivElement>(null);
  const shown = reply?.says;
  useEffect(() => {
    if (shown !== undefined) said.current?.scrollIntoView({ block: 'nearest' });
  }, [shown]);
  const [chosen, setChosen] = useState<LessonAnswer>(
    given ?? (inOrder ? question.options.map((_, k) => k) : []),
  );
  const same = given !== undefined && given.join() === chosen.join();
  const settled = step.kind === 'predict' ? same : same && reply?.right === true;
  return (
    <form
      className="lesson-question"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen.length > 0) change(lesson.id, (of, now) => answerStep(of, now, chosen));
      }}
    >
      {inOrder ? (
        <Order ask={question.ask} options={question.options} order={chosen} onOrder={setChosen} />
      ) : (
        <Choice
          ask={question.ask}
          options={question.options}
          chosen={chosen[0]}
          onChoose={(k) => setChosen([k])}
        />
      )}
      {!settled && (
        <button type="submit" className="button" aria-disabled={chosen.length === 0 || undefined}>
          {step.kind === 'predict' ? 'This is my prediction' : 'Check'}
        </button>
      )}
      <div role="status" ref={said}>
        {step.kind === 'predict' && same && <p className="lesson-reply">Kept. Go on and see.</p>}
        {reply !== null && same && (
          <p className="lesson-reply" data-right={reply.right}>
            {reply.says}
          </p>
        )}
      </div>
    </form>
  );
}

interface ChoiceProps {
  readonly ask: string;
  readonly options: readonly string[];
  readonly chosen: number | undefined;
  readonly onChoose: (option: number) => void;
}

function Choice({ ask, options, chosen, onChoose }: ChoiceProps) {
  const name = useId();
  return (
    <fieldset className="lesson-choice" data-many={options.length > 6 || undefined}>
      <legend>{ask}</legend>
      {options.map((option, k) => (
        <label key={option}>
          <input type="radio" name={name} checked={chosen === k} onChange={() => onChoose(k)} />
          <span>{option}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface OrderProps {
  readonly ask: string;
  readonly options: readonly string[];
  readonly order: LessonAnswer;
  readonly onOrder: (order: LessonAnswer) => void;
}

/** A list whose items move up and down by buttons. */
function Order({ ask, options, order, onOrder }: OrderProps) {
  const [moved, setMoved] = useState('');
  const id = useId();
  const move = (from: number, to: number) => {
    const next = order.with(from, order[to]).with(to, order[from]);
    onOrder(next);
    setMoved(`${options[order[from]].split(':')[0]} is now number ${to + 1}.`);
  };
  return (
    <div role="group" aria-labelledby={id} className="lesson-order">
      <p id={id} className="lesson-ask">
        {ask}
      </p>
      <ol>
        {order.map((k, place) => {
          const [name, about] = options[k].split(': ');
          return (
            <li key={k}>
              <span>
                <b>{name}</b> {about}
              </span>
              <IconButton
                icon="up"
                label={`${name}: earlier`}
                disabled={place === 0}
                onClick={() => move(place, place - 1)}
              />
              <IconButton
                icon="down"
                label={`${name}: later`}
                disabled={place === order.length - 1}
                onClick={() => move(place, place + 1)}
              />
            </li>
          );
        })}
      </ol>
      <p className="visually-hidden" role="status">
        {moved}
      </p>
    </div>
  );
}
