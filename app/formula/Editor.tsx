import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { linter } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap, tooltips } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { complete, diagnose } from './completion.ts';

export interface EditorProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** Ctrl or Cmd and Enter. */
  readonly onUse: () => void;
}

/** The text of a formula, with completion and its first error underlined. */
export function Editor({ text, onChange, onUse }: EditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const calls = useRef({ onChange, onUse });
  useEffect(() => {
    calls.current = { onChange, onUse };
  });
  useEffect(() => {
    const editor = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        extensions: [
          history(),
          keymap.of([
            {
              key: 'Mod-Enter',
              run: () => {
                calls.current.onUse();
                return true;
              },
            },
            ...[...completionKeymap, ...historyKeymap, ...defaultKeymap],
          ]),
          EditorView.lineWrapping,
          // The dialog cuts off what leaves it.
          tooltips({
            tooltipSpace: ({ dom }) => (dom.closest('.dialog') ?? document.body).getBoundingClientRect(),
          }),
          EditorView.contentAttributes.of({ 'aria-label': 'Formula', 'aria-describedby': 'formula-said' }),
          autocompletion({ override: [complete], icons: false }),
          linter(({ state }) => diagnose(state.doc.toString()), { delay: 200 }),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) calls.current.onChange(state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    editor.focus();
    return () => editor.destroy();
  }, []);
  // A text from elsewhere, such as an example.
  useEffect(() => {
    const now = view.current?.state.doc.toString();
    if (view.current === null || now === text) return;
    view.current.dispatch({ changes: { from: 0, to: now!.length, insert: text } });
  }, [text]);
  // The editor closes its list of completions before the dialog sees the key.
  const note = () => {
    const list = place.current!.querySelector('.cm-tooltip-autocomplete');
    place.current!.dataset['completes'] = String(list !== null);
  };
  return <div className="formula-editor" ref={place} onKeyDownCapture={note} />;
}
