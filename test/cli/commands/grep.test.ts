// `acc grep` and `acc cat` through the real binary, on datasets of every kind of cell.

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Project } from '../../rig/project.ts';

const TABLE = `import { dataset, defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { start: z.number().default(0), extra: z.boolean().default(false) },
  datasets: { previous: dataset().optional() },
  synthesis({ job, options: { start, extra }, datasets }) {
    const columns = { n: 'int32', s: { type: 'string', nullable: true }, ...(extra ? { e: 'string' } : {}) };
    const writer = job.datasetWriter({ columns, previous: datasets.previous });
    for (let slice = 0; slice < 3; slice++) {
      writer.setSlice(slice);
      for (let row = 0; row < 3; row++) {
        const n = start + slice * 3 + row;
        writer.write(n, ['apple', 'Banana', null][row], ...(extra ? ['x' + n] : []));
      }
    }
    const types = job.datasetWriter({ name: 'types', columns: {
      b: 'bool', i: 'int32', l: 'int64', f: 'float64', d: 'date', t: 'datetime', s: 'string', x: 'bytes', j: 'json',
    } });
    for (let slice = 0; slice < 3; slice++) {
      types.setSlice(slice);
      if (slice > 0) continue;
      types.write(true, -1, 9007199254740993n, -0, new Date(0), 1n, 'a\\tb "c"', Uint8Array.of(104, 255, 10), { a: [1, null] });
      types.write(false, 0, 0n, NaN, new Date(86400000), 1700000000000001n, 'x\\ny', Uint8Array.of(), null);
    }
    const none = job.datasetWriter({ name: 'none', columns: { a: 'string', b: 'string' } });
    for (let slice = 0; slice < 3; slice++) none.setSlice(slice);
    const odd = job.datasetWriter({ name: 'odd "name", 1', columns: { text: 'string' } });
    for (let slice = 0; slice < 3; slice++) {
      odd.setSlice(slice);
      if (slice === 1) for (const text of ['1e3', ' 0x10 ', '007', '1' + '0'.repeat(400), '1' + '0'.repeat(399) + '1', 'no', '2.5']) odd.write(text);
    }
  },
});
`;

let project: Project;

/** dev-0 with n from 0 to 8, dev-1 with n from 100 and a column e, in one chain. */
beforeAll(async () => {
  project = await Project.create({
    'acc.config.ts': 'export default { slices: 3 };\n',
    'methods/table.ts': TABLE,
    'build.ts': `export default async (urd) => {
  const previous = await urd.build('table');
  await urd.build('table', { start: 100, extra: true, previous });
};
`,
  });
  expect(await project.acc('run')).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await project[Symbol.asyncDispose]();
});

async function out(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await project.acc(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

/** Ends with 1 when nothing matches, as grep does. */
async function grep(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await project.acc('grep', ...args);
  expect({ code, stderr }).toEqual({ code: stdout === '' ? 1 : 0, stderr: '' });
  return stdout;
}

const tabAt = async (tabs: string): Promise<number> =>
  (await grep('an', 'dev-0', '-s', '0', '-T', tabs)).indexOf('Banana');
const lines = async (...args: string[]): Promise<string[]> =>
  (await grep(...args)).split('\n').slice(0, -1);

test('cat prints every row of every slice, slice by slice', async () => {
  expect(await out('cat', 'dev-0')).toBe(
    '0\tapple\n1\tBanana\n2\tnull\n3\tapple\n4\tBanana\n5\tnull\n6\tapple\n7\tBanana\n8\tnull\n',
  );
  expect(await out('cat', 'dev-0', 's', 'n', '-s', '1')).toBe('apple\t3\nBanana\t4\nnull\t5\n');
});

test('the exit code tells whether anything matched, or what went wrong', async () => {
  const codeOf = async (...args: string[]): Promise<number | null> =>
    (await project.acc(...args)).code;
  expect(await codeOf('grep', 'apple', 'dev-0')).toBe(0);
  expect(await codeOf('grep', 'apple', 'dev-0', '--unordered', '-l')).toBe(0);
  expect(await codeOf('grep', 'zzz', 'dev-0')).toBe(1);
  expect(await codeOf('grep', 'zzz', 'dev-0', '--csv')).toBe(1);
  expect(await codeOf('grep', 'zzz', 'dev-7')).toBe(2);
  expect(await codeOf('cat', 'dev-0/none')).toBe(0);
  expect((await project.acc('grep', '--help')).stdout).toContain('1 if none does');
});

test('a pattern is a regular expression over the text of any column', async () => {
  expect(await lines('^[ab]', 'dev-0', '-s', '0')).toEqual(['0\tapple']);
  expect(await lines('^7$', 'dev-0')).toEqual(['7\tBanana']);
  expect(await lines('null', 'dev-0', '-s', '2')).toEqual(['8\tnull']);
  expect(await lines('-e', 'apple', '-e', '^4', '-d', 'dev-0')).toEqual([
    '0\tapple',
    '3\tapple',
    '4\tBanana',
    '6\tapple',
  ]);
});

test('plain text, any case, and all rows but those', async () => {
  expect(await lines('-F', 'a.p', 'dev-0')).toEqual([]);
  expect(await lines('-i', 'BANANA', 'dev-0', '-s', '0')).toEqual(['1\tBanana']);
  expect(await lines('-v', 'an', 'dev-0', '-s', '0')).toEqual(['0\tapple', '2\tnull']);
  expect(await lines('-F', 'an', 'dev-0', 's')).toEqual(['Banana', 'Banana', 'Banana']);
});

test('columns to search and to print are chosen apart', async () => {
  expect(await lines('1', 'dev-1', '-g', 'e', '-n', 'n', '-s', '0')).toEqual(['100', '101', '102']);
  expect(await lines('x', 'dev-1', '--not-grep', 'e')).toEqual([]);
  expect(await lines('105', 'dev-1', '--not-column', 's')).toEqual(['105\tx105']);
  expect(await lines('x', 'dev-1', '--not-column', 'e')).toEqual([]);
});

test('a chain is searched oldest first; length and stop limit it; columns may be missing', async () => {
  expect(await lines('8$', '-c', 'dev-1', 'n')).toEqual(['8', '108']);
  expect(await lines('8$', '--chain-length', '1', 'dev-1', 'n')).toEqual(['108']);
  expect(await lines('8$', '--stop', 'dev-0', 'dev-1', 'n')).toEqual(['108']);
  expect(await lines('0$', '-c', 'dev-1', 'e', '-M')).toEqual(['x100']);
  const missing = await project.acc('grep', 'x', '-c', 'dev-1', 'e');
  expect(missing).toMatchObject({ code: 2, stdout: '' });
  expect(missing.stderr).toContain('Dataset dev-0 has no column "e"');
});

test('numbers are compared exactly, whatever their type', async () => {
  expect(await lines('-N', '3:5', 'dev-0', 'n')).toEqual(['3', '4']);
  expect(await lines('-N', '3<:=5', 'dev-0', 'n')).toEqual(['4', '5']);
  expect(await lines('-N', ':1', 'dev-0', 'n')).toEqual(['0']);
  expect(await lines('-N', '>=0x8', 'dev-0', 'n')).toEqual(['8']);
  expect(await lines('-N', '9007199254740993', 'dev-0/types', 'l')).toEqual(['9007199254740993']);
  expect(await lines('-N', '9007199254740992', 'dev-0/types', 'l')).toEqual([]);
  expect(await lines('-N', 'nan', 'dev-0/types', 'f')).toEqual(['NaN']);
  const odd = 'dev-0/odd "name", 1';
  expect(await lines('-N', '7', odd)).toEqual(['007']);
  expect(await lines('-N', '16', odd)).toEqual([' 0x10 ']);
  expect(await lines('-N', '=1000', odd)).toEqual(['1e3']);
  expect(await lines('-N', `>1${'0'.repeat(400)}`, odd)).toEqual([`1${'0'.repeat(399)}1`]);
  expect(await lines('-N', '2:3', odd)).toEqual(['2.5']);
  expect(await lines('-N', '', odd)).toHaveLength(6);
});

test('neighbours are those of the same slice', async () => {
  expect(await lines('^3', 'dev-0', 'n', '-C', '1')).toEqual(['3', '4']);
  expect(await lines('^[15]', 'dev-0', 'n', '-B', '1')).toEqual(['0', '1', '--', '4', '5']);
  expect(await lines('^[07]', 'dev-0', 'n', '-A', '1', '--json')).toEqual([
    '{"n":0}',
    '{"n":1}',
    '{"n":7}',
    '{"n":8}',
  ]);
  expect(await lines('-v', '^[0-3]', 'dev-0', 'n', '-B', '1', '-s', '1')).toEqual(['3', '4', '5']);
});

test('at most so many matches, each once, or only names', async () => {
  expect(await lines('a', 'dev-0', '-m', '2', 'n', 's')).toEqual(['0\tapple', '1\tBanana']);
  expect(await lines('-u', 'a', 'dev-0', 's')).toEqual(['apple', 'Banana']);
  expect(await lines('-u', '-i', 'A', '-c', 'dev-1', 's', '--unique-by', 's')).toEqual([
    'apple',
    'Banana',
  ]);
  expect(await lines('--unique-by', 's', '', 'dev-0', 'n')).toEqual(['0', '1', '2']);
  expect(await lines('-l', 'apple', '-c', 'dev-1')).toEqual(['dev-0', 'dev-1']);
  expect(await lines('-l', '-S', '^3', 'dev-0')).toEqual(['dev-0\t1']);
  expect(await lines('-l', '--json', 'nothing', 'dev-0')).toEqual([]);
});

test('only what matched is printed, or only the cells that did', async () => {
  expect(await lines('-o', 'an|[0-9]', 'dev-0', '-s', '0')).toEqual(['0\t', '1\tanan', '2\t']);
  expect(await lines('--only-matching-columns', 'an', 'dev-0', '-s', '0')).toEqual(['\tBanana']);
  expect(await lines('-o', 'an', 'dev-0', '-s', '0', '--json')).toEqual(['{"s":"anan"}']);
});

test('lines say where they come from, and headers what they are', async () => {
  expect(await lines('^4', 'dev-0', '-D', '-S', '-L', '-H')).toEqual([
    '[dataset]\t[slice]\t[line]\tn\ts',
    'dev-0\t1\t1\t4\tBanana',
  ]);
  expect(await lines('^(10)?4$', '-c', 'dev-1', '-H')).toEqual([
    'n\ts',
    '4\tBanana',
    'n\ts\te',
    '104\tBanana\tx104',
  ]);
  expect(await lines('-e', '^4', 'dev-0', 'dev-0', '-H')).toEqual([
    'n\ts',
    '4\tBanana',
    '4\tBanana',
  ]);
  expect(await lines('x', 'dev-0/odd "name", 1', '-D', '--json')).toEqual([
    '{"dataset":"dev-0/odd \\"name\\", 1","data":{"text":" 0x10 "}}',
  ]);
});

test('every type has a text in each format', async () => {
  expect(await out('cat', 'dev-0/types', '--json')).toBe(
    '{"b":true,"i":-1,"l":9007199254740993,"f":-0,"d":"1970-01-01","t":"1970-01-01T00:00:00.000001Z","s":"a\\tb \\"c\\"","x":"h\\udcff\\n","j":{"a":[1,null]}}\n' +
      '{"b":false,"i":0,"l":0,"f":"NaN","d":"1970-01-02","t":"2023-11-14T22:13:20.000001Z","s":"x\\ny","x":"","j":null}\n',
  );
  expect(await out('cat', 'dev-0/types', '--csv')).toMatch(
    /^b,i,l,f,d,t,s,x,j\ntrue,-1,9007199254740993,-0,1970-01-01,1970-01-01T00:00:00\.000001Z,"a\tb ""c""","h.\n",/su,
  );
  expect(await out('cat', 'dev-0/types', 's')).toBe('"a\tb ""c"""\nx\\ny\n');
  expect(await out('cat', 'dev-0/types', 's', '-f', 'raw')).toBe('a\tb "c"\nx\ny\n');
  expect(await out('cat', 'dev-0/types', 's', 'i', '-f', 'aligned')).toBe(
    's          i\na\\tb "c"  -1\nx\\ny       0\n',
  );
  expect(await out('cat', 'dev-0/types', 'i', 'b', '-t', String.raw`\x1f`)).toBe(
    '-1\x1ftrue\n0\x1ffalse\n',
  );
});

test('bytes come out raw as they went in', async () => {
  const child = project.start(['cat', 'dev-0/types', 'x', '-f', 'raw']);
  const chunks: Buffer[] = [];
  child.child.stdout?.removeAllListeners('data').on('data', (chunk: Buffer | string) => {
    chunks.push(Buffer.from(chunk as string, 'latin1'));
  });
  child.child.stdout?.setEncoding('latin1');
  await child.ended;
  expect(Buffer.concat(chunks)).toEqual(Buffer.of(104, 255, 10, 10, 10));
});

test('a table without rows has a header as CSV', async () => {
  expect(await out('cat', 'dev-0/none', '--csv')).toBe('a,b\n');
  expect(await out('cat', 'dev-0/none')).toBe('');
});

test('a row of each slice in turn is the order of rows dealt out in turn', async () => {
  expect(await lines('-r', '', 'dev-0', 'n')).toEqual([
    '0',
    '3',
    '6',
    '1',
    '4',
    '7',
    '2',
    '5',
    '8',
  ]);
  expect(await lines('-r', '-c', '[14]$', 'dev-1', 'n')).toEqual(['1', '4', '101', '104']);
});

test('colour marks what matched where it is wanted', async () => {
  expect(await grep('--colour', 'always', 'pp', 'dev-0', 's', '-s', '0')).toBe(
    'a\u001B[1m\u001B[31mpp\u001B[39m\u001B[22mle\n',
  );
  const forced = { env: { FORCE_COLOR: '1' } };
  const inColour = await project.start(['grep', 'pp', 'dev-0', 's'], forced).ended;
  expect(inColour.stdout).toContain('\u001B[31mpp');
  const never = await project.start(['grep', '--no-colour', 'pp', 'dev-0', 's'], forced).ended;
  expect(never.stdout).not.toContain('\u001B');
  expect(await grep('--color=always', '--lined', '', 'dev-0', 'n', '-s', '0')).toBe(
    '0\n\u001B[48;5;236m1\u001B[K\u001B[49m\n2\n',
  );
});

test('fields are placed by tab stops', async () => {
  expect(await tabAt('8/8/1')).toBe(8);
  expect(await tabAt('8/16/2')).toBe(16);
  expect(await tabAt('8/11/1')).toBe(16);
  expect(await tabAt('8')).toBe(8);
  expect(await tabAt('field=20/tab=4')).toBe(20);
  expect(await tabAt('min=9')).toBe(16);
});

test('a reader that leaves early is no error, and nothing is said', async () => {
  const run = project.start(['cat', '-c', 'dev-1']);
  run.child.stdout?.destroy();
  expect(await run.ended).toMatchObject({ stderr: '' });
});
