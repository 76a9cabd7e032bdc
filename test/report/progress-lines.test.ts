import { expect, test } from 'vitest';

import type { Event } from '../../src/model/event.ts';
import { plainPresentation } from '../../src/report/presentation.ts';
import { jsonProgress } from '../../src/report/progress-json.ts';
import { plainProgress, quietProgress } from '../../src/report/progress-plain.ts';
import { ended, printed, runEnded, started } from './events.ts';

/** A stream that remembers each write. */
function collector(): { writes: string[]; write: (text: string) => void } {
  const writes: string[] = [];
  return { writes, write: (text) => writes.push(text) };
}

const EVENTS: readonly Event[] = [
  started('dev-1', 'delays'),
  printed('dev-1', 'delays', '0', 'hello\n'),
  ended('dev-1', 'delays', 'built'),
  ended('dev-2', 'rank', 'failed'),
  {
    type: 'warning',
    kind: 'script',
    job: null,
    message: 'no sales before 2019',
  },
  runEnded(),
];

test('plain progress writes thousands of lines at once, when the script lets it', () => {
  const stream = collector();
  const progress = plainProgress({ stream, presentation: plainPresentation('/'), why: false });
  for (let job = 0; job < 5000; job++) progress.onEvent(ended(`dev-${job}`, 'delays', 'reused'));
  expect(stream.writes).toHaveLength(0);
  progress.close();
  expect(stream.writes).toHaveLength(1);
  expect(stream.writes[0]?.split('\n')).toHaveLength(5001);
});

test('what the script prints keeps its place among the lines', () => {
  const stream = collector();
  const progress = plainProgress({ stream, presentation: plainPresentation('/'), why: false });
  progress.onEvent(ended('dev-1', 'delays', 'built'));
  progress.print('the answer is 42\n');
  progress.onEvent(runEnded());
  progress.close();
  expect(stream.writes.join('').split('\n').slice(0, 3)).toEqual([
    'dev-1   delays        built    1.2s',
    'the answer is 42',
    'built 3, reused 7, failed 0 in 4.1s',
  ]);
});

test('quiet progress shows failures, warnings and the last line', () => {
  const stream = collector();
  const progress = quietProgress({ stream, presentation: plainPresentation('/'), why: false });
  for (const event of EVENTS) progress.onEvent(event);
  progress.close();
  expect(stream.writes.join('').trimEnd().split('\n')).toEqual([
    'dev-2   rank          failed   1.2s',
    'warning  no sales before 2019',
    'built 3, reused 7, failed 0 in 4.1s',
  ]);
});

test('JSON progress writes one event a line and puts what the script prints aside', () => {
  const stream = collector();
  const aside = collector();
  const progress = jsonProgress(stream, aside);
  for (const event of EVENTS) progress.onEvent(event);
  progress.print('the answer is 42\n');
  progress.close();
  const lines = stream.writes.join('').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as Event)).toEqual(EVENTS);
  expect(aside.writes).toEqual(['the answer is 42\n']);
});
