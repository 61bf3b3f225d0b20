import type { Table } from '../../src/base/table.ts';
import type { Policy, Scenario, ScenarioInput } from '../../src/scenario/schema.ts';
import type { EngineStatus, Side } from '../engine/api.ts';
import type { CapturedTick } from '../exact/capture.ts';

/** What a lesson is: data and pure functions. runner.ts plays it, view/ shows it. */

/** Figures that a lesson keeps, by name. They are saved with its progress. */
export type Notes = Readonly<Record<string, number>>;

/** The engine between two ticks. */
export interface Look {
  readonly tick: number;
  readonly status: EngineStatus;
  /** The scenario as the engine started it. */
  readonly scenario: Scenario;
  /** Every table of the main market, by name. */
  readonly tables: ReadonlyMap<string, Table>;
}

/** How far a goal is reached. */
export interface Finding {
  readonly met: boolean;
  /** From 0 to 1. */
  readonly share: number;
  /** What there is so far, with its figures, in whole sentences. */
  readonly says: string;
  /** Figures to keep. */
  readonly notes?: Notes;
}

/** A choice of one option, or an order of all of them. */
export interface Question {
  readonly kind: 'choice' | 'order';
  readonly ask: string;
  readonly options: readonly string[];
}

/** Places in the options: the chosen one, or all in the chosen order. */
export type LessonAnswer = readonly number[];

export interface Reply {
  readonly right: boolean;
  readonly says: string;
}

/** What a command of a lesson may do with the market. */
export interface Bench {
  /** Sets a knob of the page. */
  set(path: string, value: number | string, side?: Side): void;
  /** Opens another evening of the lesson and waits until it runs. */
  open(scenario: ScenarioInput, other?: Policy | null): Promise<void>;
  /** Starts the evening again under the policies as they are now. */
  restart(): Promise<void>;
  /**
   * Runs up to this many ticks as fast as possible, with a look after every `every` ticks (default
   * 20). Ends when the goal is met.
   */
  run(ticks: number, every?: number): Promise<void>;
  /** Runs like `run`, for a number of simulated seconds. */
  runFor(seconds: number): Promise<void>;
  look(): Promise<Look | null>;
  /** The last tick of the main market. */
  capture(): Promise<CapturedTick>;
  /** Keeps figures while the command goes on. */
  note(notes: Notes): void;
}

/** A button of a step. What it returns is kept. */
export interface LessonCommand {
  readonly text: string;
  readonly run: (bench: Bench, notes: Notes) => Promise<Notes | void>;
}

/** A bar of a small chart in the card. */
export interface Figure {
  readonly label: string;
  readonly value: number;
  /** The value as text, with its unit. */
  readonly text: string;
}

interface StepBase {
  readonly title: string;
  /** Paragraphs. */
  readonly text: readonly string[] | ((notes: Notes) => readonly string[]);
  readonly figures?: (notes: Notes) => readonly Figure[];
}

/** A question whose answer is kept for later. Every answer goes on. */
export interface PredictStep extends StepBase {
  readonly kind: 'predict';
  readonly question: Question;
}

/** Something to do in the market, until the engine's state and tables say that it is done. */
export interface ActStep extends StepBase {
  readonly kind: 'act';
  /** Controls in the card. */
  readonly knobs?: readonly { readonly path: string; readonly label?: string; readonly side?: Side }[];
  readonly commands: readonly LessonCommand[];
  /** Judges the engine, or what the commands have noted. `look` is null before the first one. */
  readonly goal: (look: Look | null, notes: Notes) => Finding;
}

/** A question that is answered by what happened. A wrong answer is refuted and does not go on. */
export interface SeeStep extends StepBase {
  readonly kind: 'see';
  readonly question: Question;
  readonly check: (answer: LessonAnswer, notes: Notes) => Reply;
}

export interface ExplainStep extends StepBase {
  readonly kind: 'explain';
  /** Compares a prediction with what happened. */
  readonly recall?: {
    readonly step: number;
    readonly says: (answer: LessonAnswer, notes: Notes) => string;
  };
  readonly commands?: readonly LessonCommand[];
}

export type LessonStep = PredictStep | ActStep | SeeStep | ExplainStep;

export interface Lesson {
  readonly id: number;
  readonly title: string;
  /** What it shows, in one sentence. */
  readonly about: string;
  readonly setup: {
    /** With seed and size. */
    readonly scenario: ScenarioInput & { readonly seed: number };
    /** What policy B changes, if the lesson compares two. */
    readonly other?: Partial<Policy>;
    /** 'slow': latency is that of the simulated machine (engine/drill/slow-machine.ts). */
    readonly machine?: 'slow';
    /** Hides alarms and the marks of the time line: they name the cause. */
    readonly mystery?: boolean;
  };
  readonly steps: readonly LessonStep[];
}
