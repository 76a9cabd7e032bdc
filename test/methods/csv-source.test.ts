import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compress } from 'zstd-napi';

import { openText } from '../../methods/lib/csv/source.ts';
import type { CsvEncoding } from '../../methods/lib/csv/source.ts';
import { scriptOutput } from './script-output.ts';

let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'acc-csv-source-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

async function opened(content: Buffer, encoding: CsvEncoding = 'utf-8'): Promise<string> {
  const path = join(directory, 'in');
  writeFileSync(path, content);
  let temporaries = 0;
  const text = await openText({ name: 'in', path }, encoding, () => {
    const temporary = join(directory, `out-${temporaries++}`);
    return { stream: createWriteStream(temporary), path: temporary };
  });
  const bytes = readFileSync(text.path);
  expect(bytes.length).toBe(text.size);
  return bytes.subarray(text.start).toString(text.isLatin1 ? 'latin1' : 'utf8');
}

const TEXT = `é,b\n${'1,x\n'.repeat(500_000)}`;

describe('text', () => {
  it('is unpacked from gzip, of one piece or several, and padded', async () => {
    expect(await opened(gzipSync(TEXT))).toBe(TEXT);
    expect(await opened(Buffer.concat([gzipSync(TEXT), gzipSync('2'), Buffer.alloc(512)]))).toBe(
      `${TEXT}2`,
    );
  });

  it('is unpacked from zstd, of one piece or several', async () => {
    const packed = Buffer.from(compress(Buffer.from(TEXT), { checksumFlag: true }));
    expect(await opened(packed)).toBe(TEXT);
    expect(await opened(Buffer.concat([packed, packed]))).toBe(TEXT + TEXT);
  });

  it('is read in the encoding that a byte order mark tells, or the one that is given', async () => {
    const little = Buffer.from(TEXT, 'utf16le');
    const big = Buffer.from(TEXT, 'utf16le').swap16();
    expect(await opened(Buffer.concat([Buffer.from([0xff, 0xfe]), little]))).toBe(TEXT);
    expect(await opened(Buffer.concat([Buffer.from([0xfe, 0xff]), big]), 'latin-1')).toBe(TEXT);
    expect(await opened(little, 'utf-16')).toBe(TEXT);
    expect(await opened(big, 'utf-16be')).toBe(TEXT);
    expect(await opened(Buffer.from(`\uFEFF${TEXT}`))).toBe(TEXT);
    expect(await opened(Buffer.from(TEXT, 'latin1'), 'latin-1')).toBe(TEXT);
    expect(await opened(gzipSync(Buffer.from(`\uFEFF${TEXT}`, 'utf16le')))).toBe(TEXT);
  });
});

describe('what is damaged is told', () => {
  it('when it is cut off', async () => {
    const gzip = gzipSync(TEXT);
    await expect(opened(gzip.subarray(0, gzip.length - 9))).rejects.toThrow(
      'in is cut off: its gzip data end too early',
    );
    const zstd = Buffer.from(compress(Buffer.from(TEXT), { checksumFlag: true }));
    await expect(opened(zstd.subarray(0, zstd.length - 9))).rejects.toThrow(
      'in is cut off: its zstd data end too early',
    );
    await expect(opened(Buffer.from('a\nb', 'utf16le').subarray(0, 5), 'utf-16')).rejects.toThrow(
      'in is damaged: it is not UTF-16LE throughout',
    );
  });

  it('when bits have changed, or other data follow', async () => {
    const gzip = gzipSync(TEXT);
    gzip[gzip.length - 6] = (gzip[gzip.length - 6] ?? 0) ^ 1;
    await expect(opened(gzip)).rejects.toThrow(/^in is damaged: its gzip data cannot be read \(/u);
    const zstd = compress(Buffer.from(TEXT), { checksumFlag: true });
    zstd[zstd.length - 1] = (zstd[zstd.length - 1] ?? 0) ^ 1;
    await expect(opened(zstd)).rejects.toThrow(/^in is damaged: its zstd data cannot be read \(/u);
    const followed = Buffer.concat([gzipSync('a'), Buffer.from('\0a,b\n')]);
    await expect(opened(followed)).rejects.toThrow(/^in is damaged: byte 21 ends its gzip data/u);
  });

  it('wherever it is cut off, and whichever byte has changed', async () => {
    const text = Array.from({ length: 8 }, (_, i) => `${i},${(i * i) % 97}\n`).join('');
    const zstd = compress(Buffer.from(text), { checksumFlag: true });
    for (const packed of [gzipSync(text), zstd]) {
      // The first bytes tell what the file is: damaged, it is one of another kind.
      for (let length = 4; length < packed.length; length++) {
        await expect(opened(packed.subarray(0, length))).rejects.toThrow('in is');
      }
      for (let at = 4; at < packed.length; at++) {
        const damaged = Buffer.from(packed);
        damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
        // Some bytes, as those of a time, say nothing of the text.
        const read = await opened(damaged).catch((error: unknown) => String(error));
        if (read !== text) expect(read).toMatch(/^UsageError: in is (?:cut off|damaged): /u);
      }
    }
  });
});

it('several files, by pattern or in a list, become one dataset in their order', async () => {
  const { notes, output } = await scriptOutput(
    `for (const filename of ['d/*.csv*', ['d/2.csv', 'd/10.csv'], 'd/{1,2}*.csv', 'e/[x].csv']) {
       const job = await urd.build('csvimport', { filename, linenoLabel: 'n', allowBad: true });
       note([...job.dataset().iterate(null, ['a', 'n'])]);
       note([...job.dataset('bad').iterate(null)].map((row) => ({ ...row, data: String(Buffer.from(row.data)) })));
     }
     await urd.build('csvimport', { filename: 'x*' }).catch((error) => note(error.message));
     await urd.build('csvimport', { filename: ['d/2.csv', 'other.csv'] }).catch((error) => note(error.failure.error.message));
     const file = await urd.build('csvexport', { source: urd.build('csvimport', { filename: 'd/2.csv' }) });
     note([...(await urd.build('csvimport', { filename: file.withFile('result.csv') })).dataset().iterate(null, 'a')]);`,
    {
      'd/10.csv': 'a,b\n1,2\nx\n3,4',
      'd/2.csv': 'a,b\n5,6\n',
      'd/3.csv.gz': gzipSync('a,b\ny\n7,"\n"\n8,9'),
      'e/[x].csv': 'a\n1\n',
      'other.csv': 'a,c\n',
      'acc.config.ts': 'export default { slices: 3 };\n',
    },
  );
  const bad = { file: 'd/10.csv', lineno: 3, data: 'x' };
  const ten = [
    ['1', 2],
    ['3', 4],
  ];
  expect(notes.slice(2), output).toEqual([
    [['5', 2], ...ten],
    [bad],
    [...ten, ['5', 2]],
    [bad],
    [['1', 2]],
    [],
    expect.stringMatching(/none is like "x\*"/u) as unknown,
    'other.csv: expected the labels of the first file, where column 2 is "b", got "c"',
    ['5'],
  ]);
});

it('the programs gzip and zstd are understood', async () => {
  const packed = execFileSync('gzip', ['-c'], { input: TEXT, maxBuffer: 1 << 28 });
  expect(await opened(packed)).toBe(TEXT);
});
