import { Dialog } from '@base-ui/react/dialog';
import { version } from '../../package.json';
import { useUi } from '../state/ui-store.ts';
import { DialogFrame } from '../ui/dialog/DialogFrame.tsx';
import './run.css';

const CUPID = 'CUPID, arXiv 2410.18087 (Hyperconnect)';
const TALK = 'the talk "AI in Social Discovery" (Hyperconnect, 2023-09-01)';

/** Published figures and rules that the page shows, and where they were published. */
const sources: readonly { readonly what: string; readonly where: string }[] = [
  {
    what: 'A tick every half second, about 100 ms of it for the prediction; more than 1,500 matches per second; greedy pairs',
    where: `${TALK}, and posts of the same engineers`,
  },
  {
    what: 'The rules: language +10, both from Japan +15, age band +25, reported -10,000, gender filter +1,000',
    where: TALK,
  },
  {
    what: 'Two towers, one dot product per pair; Wide&Deep; session vectors outside the tick; the exponential transform; training in two phases and its factor of 213.3',
    where: CUPID,
  },
  {
    what: 'Squared error and AUROC of CUPID by delay and segment; those of Wide&Deep-S. Those of plain Wide&Deep are read off a bar chart, to about 0.003',
    where: CUPID,
  },
  {
    what: 'Latency of the embeddings (p90 and p99), and the effects of CUPID in a switchback test',
    where: CUPID,
  },
  {
    what: 'The outage of a quality threshold that is too high',
    where: 'a post of 2024-11-12 (Hyperconnect)',
  },
  { what: "Simpson's paradox between two policies", where: 'a post of 2025-11-28 (Hyperconnect)' },
];

/** Sources of every published figure, version, licence and limits. */
export default function AboutDialog() {
  const isOpen = useUi((s) => s.panel === 'about');
  const open = useUi((s) => s.open);
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => open(next ? 'about' : null)}>
      <DialogFrame name="about" title={`About Halfsecond ${version}`}>
        <div className="dialog-scroll">
          <Dialog.Description className="help-text">
            A laboratory for real-time reciprocal matching. MIT licence. Nothing is loaded from other servers,
            and your data stays on this machine.
          </Dialog.Description>
          <h3>Published figures, and where they are from</h3>
          <dl>
            {sources.map(({ what, where }) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>{where}</dd>
              </div>
            ))}
          </dl>
          <h3>Limits</h3>
          <p className="help-text">
            All people are simulated unless you import yours, and the laws of their behaviour are this
            laboratory’s own. Sizes that were never published (of embeddings, layers, histories) are knobs
            with our defaults, not facts. A digest is the same for one version, one scenario and one backend;
            weights that you trained yourself are not part of a link. Latency is that of your machine.
          </p>
        </div>
      </DialogFrame>
    </Dialog.Root>
  );
}
