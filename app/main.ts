import { startEarly } from './engine/early.ts';

// The engine worker loads while the page does. A frame or a show starts its engine itself.
const asked = new URLSearchParams(location.search);
if (!['embed', 'stage', 'hide'].some((name) => asked.has(name))) startEarly();

// The library runs in a task of its own, and so does the page: together they are a long task.
void import('./ui/late/library.ts').then(() => import('./page.tsx'));
