import './styles/index.css';

// One file of code for the card and the list: both need all lessons.
export { LessonCard } from './LessonCard.tsx';
export { LessonIndex } from './LessonIndex.tsx';
