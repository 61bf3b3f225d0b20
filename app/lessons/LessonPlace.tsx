import { useUi } from '../state/ui-store.ts';
import { late } from '../ui/late/late.tsx';
import { openLesson } from './address.ts';

// Loaded when a lesson is opened.
const LessonCard = late<object>(
  'The lesson',
  () => import('./Lessons.tsx').then((m) => ({ default: m.LessonCard })),
  'place',
);

/** The place of the lesson beside the sky; nothing without one. */
export function LessonPlace() {
  const lesson = useUi((s) => s.lesson);
  if (lesson === null) return null;
  return (
    <aside className="lesson" aria-label={`Lesson ${lesson}`}>
      <LessonCard onClose={() => openLesson(null)} />
    </aside>
  );
}
