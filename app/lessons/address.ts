import { useUi } from '../state/ui-store.ts';

/** How many lessons there are; content/lessons.ts has them. */
export const LESSONS = 8;
const PARAMETER = 'lesson';

/** Opens the lesson that the address asks for: "?lesson=3". Another value opens none. */
export function openLessonFromAddress(): void {
  const asked = Number(new URLSearchParams(location.search).get(PARAMETER) ?? NaN);
  if (Number.isInteger(asked) && asked >= 1 && asked <= LESSONS) openLesson(asked);
}

/** Shows a lesson beside the sky, or none. The address follows. */
export function openLesson(lesson: number | null): void {
  useUi.setState({ lesson, panel: null, enlarged: null });
  const url = new URL(location.href);
  if (lesson === null) url.searchParams.delete(PARAMETER);
  else url.searchParams.set(PARAMETER, String(lesson));
  history.replaceState(null, '', url);
}

/** The address without its lesson: a link to an evening is not one to a lesson. */
export function withoutLesson(url: URL): URL {
  url.searchParams.delete(PARAMETER);
  return url;
}
