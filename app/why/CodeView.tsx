import onGpu from '../../shaders/score/weigh.wgsl?raw';
import onCpu from '../../src/score/wasm/weigh.as.ts?raw';
import { useStatus } from '../state/status-store.ts';
import { worked } from './worked.ts';
import { usePinned } from './use-pinned.ts';

/** The part of the scoring kernel that weighs pairs; dot products and powers of e are around it. */
function weighing(text: string): string {
  const from = text.lastIndexOf('/**', text.indexOf('export function weigh('));
  const to = text.indexOf('/** Relative error');
  return text.slice(Math.max(0, from), to < 0 ? undefined : to);
}

/** The code that weighs a pair on this machine, with the numbers of the pinned person's pair. */
export default function CodeView() {
  const { why } = usePinned();
  const backend = useStatus((s) => s.status?.runsOn.backend ?? s.info?.backend ?? 'cpu');
  const [file, text] =
    backend === 'gpu' ? ['shaders/score/weigh.wgsl', onGpu] : ['src/score/wasm/weigh.as.ts', weighing(onCpu)];
  return (
    <section className="pinned-code" aria-label="The code">
      {why?.worked && (
        <ol>
          {worked(why, why.worked).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      )}
      {why?.rule.formula !== undefined && (
        <pre tabIndex={0} aria-label="The formula">
          {why.rule.formula}
        </pre>
      )}
      <p className="pinned-line">
        {file}, {backend === 'gpu' ? 'on the GPU' : 'as WebAssembly'}:
      </p>
      <pre tabIndex={0} aria-label={file}>
        {text}
      </pre>
    </section>
  );
}
