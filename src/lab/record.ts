/** Recording needs no terminal: it lives where the page finds it too. */
export { recordChats, sampleScenario, type RecordOptions } from '../experiment/record.ts';
