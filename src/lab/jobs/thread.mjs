// Entry of a worker thread. A thread has no import hooks of its own until it registers them: those
// of the script "lab" in package.json work in the main thread only.
import { register } from 'tsx/esm/api';
import '../register.mjs';

register();
const { answer } = await import('./answer.ts');

export default answer;
