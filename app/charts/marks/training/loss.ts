import { scaleLinear } from 'd3';
import { numbers, type Table } from '../../../../src/base/table.ts';
import { count } from '../../../state/format.ts';
import { figure } from '../../format.ts';
import { emptyScene, sceneOf, type Mark, type Painter } from '../../layout.ts';
import { extent, logPosition } from '../../scales.ts';
import { drawPath, drawShape } from '../canvas.ts';
import { areaOf, axesOf, lineEntry, seriesStyle } from './series.ts';

/** Loss by step: of the training chats as they are seen, and of later chats at every report. */
export const trainingLoss: Painter = (ctx, tables, frame, theme) => {
  const [curve, live] = [tables.get('training-curve'), tables.get('training-steps')];
  const unit = String(curve?.facts['unit'] ?? 'step');
  const caption = `Loss by ${unit}${curve?.facts['loss'] === undefined ? '' : `: ${curve.facts['loss']}`}. Training chats are those of the step. No step sees the later chats.`;
  const steps = live === undefined ? [] : pointsOf(live, 'loss');
  const later = curve === undefined ? [] : pointsOf(curve, 'later');
  const known = extent([...steps, ...later].map((p) => p.loss));
  if (known === null) return emptyScene(caption, 'The curve grows here while a model trains.');

  // Phase 2 counts on from the end of phase 1.
  const seam = Math.max(0, ...[...steps, ...later].filter((p) => p.phase === 1).map((p) => p.step));
  const domain: [number, number] = [known[0] / 1.02, known[1] * 1.02];
  const yTicks = Array.from({ length: 6 }, (_, k) => domain[0] * (domain[1] / domain[0]) ** (k / 5));
  const format = (loss: number) => loss.toFixed(loss < 1 ? 3 : 2);
  const area = areaOf(ctx, theme, frame, yTicks.map(format));
  const { left, right, top, bottom } = area;
  const at = ({ phase, step }: Point) => step + (phase === 2 ? seam : 0);
  const x = scaleLinear([0, Math.max(10, ...[...steps, ...later].map(at))], [left, right]);
  const y = logPosition(domain, [bottom, top]);

  const marks: Mark[] = [];
  const looks = [seriesStyle(theme, 0), seriesStyle(theme, 1)];
  [steps, later].forEach((points, series) => {
    const { color, dash, shape } = looks[series];
    for (const phase of [1, 2])
      drawPath(
        ctx,
        points.filter((p) => p.phase === phase).map((p) => [x(at(p)), y(p.loss)]),
        color,
        series === 0 ? 1.4 : 1.8,
        dash,
      );
    for (const point of points) {
      const [px, py] = [x(at(point)), y(point.loss)];
      if (series === 1) drawShape(ctx, shape, px, py, 2.8, color);
      marks.push({
        key: `${series} ${point.phase} ${point.step}`,
        ...{ x: px, y: py, rx: 4, ry: 4, series },
        tip: () => ({
          head: `Phase ${point.phase}, ${unit} ${count(point.step)}`,
          rows: [[series === 0 ? 'training chats' : 'later chats', figure(point.loss)]],
        }),
      });
    }
  });
  const two = [...steps, ...later].some((p) => p.phase === 2);
  return sceneOf(
    {
      caption,
      axes: axesOf(
        area,
        { position: x, values: x.ticks(Math.min(8, (right - left) / 90)), format: count, title: unit },
        { position: y, values: yTicks, format, title: 'loss (logarithmic)' },
      ),
      rules: two ? [{ x1: x(seam), x2: x(seam), y1: top, y2: bottom, tone: 'muted', dash: [3, 3] }] : [],
      labels: two ? [{ x: x(seam) - 5, y: top + 7, text: 'phase 2', anchor: 'end', tone: 'muted' }] : [],
      legend: [lineEntry('training chats', looks[0]), lineEntry('later chats', looks[1])],
      minHeight: 140,
    },
    marks,
    [1, 0.5],
  );
};

interface Point {
  readonly phase: number;
  readonly step: number;
  readonly loss: number;
}

function pointsOf(table: Table, column: string): Point[] {
  const [phase, step] = [numbers(table, 'phase'), numbers(table, 'step')];
  return Array.from(numbers(table, column), (loss, r) => ({ phase: phase[r], step: step[r], loss })).filter(
    (p) => p.loss > 0 && Number.isFinite(p.loss) && Number.isFinite(p.step) && Number.isFinite(p.phase),
  );
}
