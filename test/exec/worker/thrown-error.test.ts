import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { describeThrown } from '../../../src/exec/worker/thrown-error.ts';
import { UsageError } from '../../../src/model/errors.ts';

const SOURCE = `interface Row { price: number | null }

/** Comments and types move every line of the bundle. */
function total(rows: readonly Row[]): number {
  if (rows.length === 0) {
    throw new RangeError('no rows');
  }
  return rows.length;
}

export async function prepare(): Promise<number> {
  await Promise.resolve();
  return total([]);
}
`;

let directory: string;

beforeAll(async () => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'acc-thrown-')));
  writeFileSync(join(directory, 'delays.ts'), SOURCE);
  await build({
    entryPoints: [join(directory, 'delays.ts')],
    bundle: true,
    format: 'esm',
    minifyWhitespace: true,
    sourcemap: 'external',
    outfile: join(directory, 'bundles', 'abc.mjs'),
  });
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function refuse(): never {
  throw new Error('hands off');
}

async function thrownBy(bundle: string): Promise<unknown> {
  const module = (await import(/* @vite-ignore */ pathToFileURL(bundle).href)) as {
    prepare: () => Promise<number>;
  };
  return await module.prepare().catch((error: unknown) => error);
}

test('frames name lines of the source', async () => {
  const bundle = join(directory, 'bundles', 'abc.mjs');
  const described = describeThrown(await thrownBy(bundle), bundle);
  const source = join(directory, 'delays.ts');
  expect(described).toMatchObject({ name: 'RangeError', message: 'no rows' });
  expect(described.stack.slice(0, 2)).toEqual([
    `at total (${source}:6:11)`,
    `at prepare (${source}:13:10)`,
  ]);
});

test('sources may be named relative to a root that is a URL', async () => {
  const bundle = join(directory, 'rooted', 'abc.mjs');
  cpSync(join(directory, 'bundles'), join(directory, 'rooted'), { recursive: true });
  const map = JSON.parse(readFileSync(`${bundle}.map`, 'utf8')) as object;
  const rooted = { ...map, sourceRoot: 'file:///some%20where/', sources: ['methods/delays.ts'] };
  writeFileSync(`${bundle}.map`, JSON.stringify(rooted));
  const { stack } = describeThrown(await thrownBy(bundle), bundle);
  expect(stack[0]).toBe('at total (/some where/methods/delays.ts:6:11)');
});

test('without a source map frames name lines of the bundle', async () => {
  const bundle = join(directory, 'bare.mjs');
  writeFileSync(bundle, "export async function prepare() { throw new Error('bare'); }");
  const described = describeThrown(await thrownBy(bundle), bundle);
  expect(described.stack[0]).toBe(`at prepare (${bundle}:1:41)`);
});

test('frames of the engine and of Node are left out', () => {
  const error = new Error('message\n    at quoted (/some/where.js:1:1)');
  error.stack = `Error: ${error.message}
    at method (/project/methods/a.ts:3:4)
    at describeThrown (${new URL('../../../src/exec/worker/worker-loop.ts', import.meta.url).href}:1:1)
    at process.processTicks (node:internal/process/task_queues:95:5)
    at onMessage (/project/node_modules/piscina/dist/worker.js:150:22)
    at async /project/lib/b.js:7:8`;
  expect(describeThrown(error, '/project/.acc/bundles/x.mjs').stack).toEqual([
    'at method (/project/methods/a.ts:3:4)',
    'at (/project/lib/b.js:7:8)',
  ]);
});

test('the hints of a mistake are part of its message', () => {
  const mistake = new UsageError([
    { code: 'a', message: 'There is no column "pice"', hint: 'Did you mean "price"?' },
    { code: 'b', message: 'Slice 3 is missing' },
  ]);
  expect(describeThrown(mistake, '/x').message).toBe(
    'There is no column "pice". Did you mean "price"?\nSlice 3 is missing',
  );
});

test('causes are told, those of an aggregate too, and not without end', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { stack: '' });
  const failed = new TypeError('fetch failed', {
    cause: new AggregateError([refused, 'a text'], 'all addresses', { cause: refused }),
  });
  const { causes = [] } = describeThrown(failed, '/x');
  expect(causes.map(({ name, message }) => `${name}: ${message}`)).toEqual([
    'AggregateError: all addresses',
    'Error: connect ECONNREFUSED',
    "Thrown value: 'a text'",
  ]);
  const again: Error = new Error('again', { cause: failed });
  refused.cause = again;
  expect(describeThrown(again, '/x').causes?.length).toBeLessThanOrEqual(5);
  const repeats = new Error('line 7: connect ECONNREFUSED', { cause: new Error(refused.message) });
  expect(describeThrown(repeats, '/x')).not.toHaveProperty('causes');
  expect(describeThrown(new Error('x'), '/x')).not.toHaveProperty('causes');
});

test('a cause that leads back to itself is told once', () => {
  const cause: Error = new Error('inner');
  cause.cause = cause;
  expect(describeThrown(new Error('outer', { cause }), '/x').causes).toHaveLength(1);
  const outer: Error = new Error('outer', { cause: null });
  expect(describeThrown(outer, '/x')).not.toHaveProperty('causes');
  outer.cause = new Error('inner', { cause: outer });
  expect(describeThrown(outer, '/x').causes).toHaveLength(1);
});

test('an aggregate of very many exceptions is described, too', () => {
  const errors = Array.from({ length: 300_000 }, (_, at) => new Error(`error ${at}`));
  expect(describeThrown(new AggregateError(errors, 'all'), '/x').causes).toHaveLength(5);
});

test('what throws when it is looked at is described without looking', () => {
  const thrown = [
    Object.defineProperty(new Error('x'), 'cause', { get: refuse }),
    Object.defineProperty(new Error('x'), 'message', { get: refuse }),
    new Proxy(new Error('x'), { get: refuse }),
    { [inspect.custom]: refuse },
  ];
  for (const one of thrown) {
    expect(describeThrown(one, '/x')).toMatchObject({ name: 'Thrown value', stack: [] });
  }
  const facts = { name: 'JobError', shortMessage: 'x' };
  for (const odd of [{ failure: null }, { failure: { kind: 'threw' }, message: 5 }]) {
    const error = Object.assign(new Error('x'), facts, odd);
    expect(describeThrown(error, '/x').name).toBe('JobError');
  }
});

test('anything can be thrown', () => {
  const odd = Object.assign(new Error('x'), { name: { first: 1 }, message: 7, stack: undefined });
  expect(describeThrown(undefined, '/x')).toEqual({
    name: 'Thrown value',
    message: 'undefined',
    stack: [],
  });
  expect(describeThrown({ code: 3 }, '/x').message).toBe('{ code: 3 }');
  expect(describeThrown(odd, '/x')).toEqual({ name: '{ first: 1 }', message: '7', stack: [] });
});

test('a subjob that failed is named; of its text one line is kept, unless the method added words of its own', () => {
  const failure = { kind: 'threw', job: 'dev-7', method: 'clean' };
  const facts = { name: 'JobError', failure, shortMessage: 'dev-7 (clean) failed' };
  const rejected = Object.assign(new Error('dev-7 (clean) failed\n  | its output'), facts);
  const subjob = { id: 'dev-7', method: 'clean' };
  const described = describeThrown(rejected, '/nowhere.mjs');
  expect(described).toMatchObject({ message: 'dev-7 (clean) failed', subjob });
  expect(described.stack[0]).toMatch(/thrown-error\.test/u);

  rejected.message = `In June: ${rejected.message}`;
  const own = describeThrown(rejected, '/nowhere.mjs');
  expect(own).not.toHaveProperty('subjob');
  expect(own.message).toBe('In June: dev-7 (clean) failed\n  | its output');

  const wrapped = new Error('no clean rows', { cause: Object.assign(new Error('x'), facts) });
  (wrapped.cause as Error).message = 'dev-7 (clean) failed\n  | its output';
  const [cause] = describeThrown(wrapped, '/nowhere.mjs').causes ?? [];
  expect(cause).toMatchObject({ name: 'JobError', message: 'dev-7 (clean) failed' });
});
