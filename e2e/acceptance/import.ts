import { Readable } from 'node:stream';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command as importCommand } from '../../src/lab/import.ts';
import { command as runCommand } from '../../src/lab/run/run.ts';
import { command as slicesCommand } from '../../src/lab/slices.ts';
import { importData, inspect } from '../../src/import/import-data.ts';
import { memorySource, type ByteSource } from '../../src/base/text/source.ts';

/** Own data: the speed-dating files become a market, and a file of a hundred megabytes. */
export function cases(dataFolder: string): { name: string; run(): Promise<void> }[] {
  const users = join(dataFolder, 'speed-dating-a-users.csv');
  const dates = join(dataFolder, 'speed-dating-a-dates.csv');
  return [
    {
      name: 'import: the speed-dating files are understood without a word, and their people live in the market',
      async run() {
        const out = mkdtempSync(join(tmpdir(), 'halfsecond-'));
        try {
          const r = await importCommand.run([dates, users, '--out', out]);
          assert.deepEqual([r.people, r.meetings], [327, 2668]);
          const { rows, kept, skipped } = r.reports.meetings;
          assert.deepEqual([rows, kept, skipped], [5336, 5336, 0]);
          const { id, side, partner, decision, partnerDecision, match } = r.mapping;
          assert.deepEqual([id, side, partner], ['user_id', 'gender', 'peer_id']);
          assert.deepEqual([decision, partnerDecision, match], ['dec', 'dec_o', 'match']);
          // Half of the meetings to learn from, judged on the other half.
          assert.ok(r.figures.decisionAuroc > 0.75, `AUROC of a decision is ${r.figures.decisionAuroc}`);
          assert.ok(r.figures.matchAuroc > 0.7, `AUROC of a match is ${r.figures.matchAuroc}`);
          assert.equal(r.figures.longTold.toFixed(4), '0.1694');
          assert.ok(Math.abs(r.figures.longExpected - 0.1694) < 0.02);
          const world = join(out, 'world.json');
          const live = async (scorer: string) =>
            await runCommand.run([
              ...[world, '--ticks', '240', '--backend', 'cpu'],
              ...['--set', `policy.scorer=${scorer}`, '--set', 'policy.matcher=greedy'],
            ]);
          const random = await live('random');
          const share = random.totals.longChats / random.totals.chatsEnded;
          assert.ok(Math.abs(share - 0.1694) < 0.04, `paired at random, ${share} of the chats are matches`);
          assert.ok('race 2' in random.balance);
          assert.equal((await live('random')).digest, random.digest);
          const towers = (await live('towers')).durations.mean ?? NaN;
          assert.ok(towers > 1.05 * (random.durations.mean ?? NaN), 'a learned scorer lengthens chats');
          const slices = await slicesCommand.run([
            join(out, 'meetings.csv'),
            ...['--treatment', 'person_side', '--outcome', 'decision', '--by', 'person_group'],
            ...['--missing', 'skip'],
          ]);
          assert.equal(slices.count, 5336);
        } finally {
          rmSync(out, { recursive: true, force: true });
        }
      },
    },
    {
      name: 'import: a hundred megabytes are read and fitted with at most 400 MB more memory',
      async run() {
        const people = memorySource('users.csv', readFileSync(users));
        const ids = readFileSync(users, 'utf8')
          .split('\n')
          .slice(1)
          .flatMap((line) => (line === '' ? [] : [line.split(',')[0]]));
        const meetings = bigSource(100e6, ids);
        const look = await inspect(people, meetings);
        const before = process.memoryUsage().rss;
        let peak = before;
        const started = process.cpuUsage();
        let longest = 0;
        let last = process.cpuUsage().user;
        const r = await importData({ people, meetings }, look, look.mapping, {
          progress: () => {
            peak = Math.max(peak, process.memoryUsage().rss);
            const now = process.cpuUsage().user;
            longest = Math.max(longest, now - last);
            last = now;
          },
        });
        const { user } = process.cpuUsage(started);
        console.log(
          `     ${r.meetings.count} meetings, ${(user / 1e6).toFixed(0)} s of processor time, ${((peak - before) / 1e6).toFixed(0)} MB more, at most ${(longest / 1e3).toFixed(0)} ms between two reports`,
        );
        assert.equal(r.reports.meetings.kept + r.reports.meetings.skipped, r.reports.meetings.rows);
        assert.ok(r.meetings.count > 2e6);
        assert.ok(peak - before < 400e6, `${((peak - before) / 1e6).toFixed(0)} MB more`);
      },
    },
  ];
}

/** Meetings of these people, made as they are read. */
function bigSource(size: number, ids: readonly string[]): ByteSource {
  return {
    name: 'big.csv',
    size,
    open() {
      return Readable.from(pieces());
      function* pieces() {
        const encoder = new TextEncoder();
        let text = 'user_id,peer_id,dec,dec_o,time,note\n';
        for (let made = 0, k = 0; made < size; k++) {
          const a = ids[k % ids.length];
          const b = ids[(k + 1 + ((k * 7) % (ids.length - 1))) % ids.length];
          text += `${a},${b},${(k >> 2) % 2},${(k >> 4) % 2},${k},"said ""hello"""\n`;
          if (text.length < 1 << 18) continue;
          const bytes = encoder.encode(text);
          made += bytes.length;
          text = '';
          yield bytes;
        }
      }
    },
  };
}
