import { create } from 'zustand';

/** The progress of the training room's task, as the top bar shows it; '' without a task. */
export const useProgressText = create<{ readonly text: string }>(() => ({ text: '' }));
