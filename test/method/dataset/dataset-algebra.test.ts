// Datasets made of columns that exist: parents, links, merges. Nothing of their values is copied.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import type { ColumnTypes } from '../../../src/data/column-values.ts';
import { hashSlice } from '../../../src/data/hash.ts';
import { readManifest } from '../../../src/data/manifest/dataset-manifest.ts';
import type { LinkOptions } from '../../../src/method/dataset/composing-options.ts';
import { Dataset } from '../../../src/method/dataset/dataset.ts';
import { DatasetRig } from '../../rig/datasets.ts';

const SLICES = 2;
const ABC = { a: 'int32', b: 'string', c: 'float64' } as const;

/** Ten rows by the hash of `hashlabel`, or in turn. */
function table(
  rig: DatasetRig,
  options: {
    columns?: ColumnTypes;
    hashlabel?: string | null;
    previous?: Dataset;
    parent?: Dataset;
  } = {},
): Dataset {
  const columns = options.columns ?? ABC;
  const writer = rig.stage({ slices: SLICES }).create({ ...options, columns });
  const split = writer.split();
  const valueOf: Record<string, (i: number) => unknown> = {
    int32: (i) => i,
    string: String,
    float64: (i) => i / 2,
  };
  for (let i = 0; i < 10; i++) {
    split.write(
      ...(Object.values(columns).map((type) =>
        valueOf[typeof type === 'string' ? type : type.type]?.(i),
      ) as never[]),
    );
  }
  return writer.finish();
}

/** A child of `parent` with columns that hold the number of the row within the slice. */
function child(rig: DatasetRig, parent: Dataset, columns: ColumnTypes, more: object = {}): Dataset {
  const writer = rig.stage({ slices: SLICES }).create({ parent, columns, ...more });
  for (const [sliceno, rows] of parent.lines.entries()) {
    writer.setSlice(sliceno);
    for (let row = 0; row < rows; row++)
      writer.write(...(Object.keys(columns).map(() => row) as never[]));
  }
  return writer.finish();
}

const link = (rig: DatasetRig, source: Dataset, options: LinkOptions = {}): Dataset =>
  rig.stage({ slices: SLICES }).link(source, options);
const names = (dataset: Dataset): string[] => Object.keys(dataset.columns);
const all = (dataset: Dataset, column: string): unknown[] => [...dataset.iterate(null, column)];

const merge = (rig: DatasetRig, one: Dataset, other: Dataset, more = {}): Dataset =>
  rig.stage({ slices: SLICES }).merge(one, other, more);

describe('parent', () => {
  test('a child has the columns of its parent and its own, which replace those of the same name', () => {
    using rig = new DatasetRig();
    const parent = table(rig);
    const made = child(rig, parent, { b: 'int32', d: 'int32' });

    expect(names(made)).toEqual(['a', 'b', 'c', 'd']);
    expect(all(made, 'a')).toEqual(all(parent, 'a'));
    expect(all(made, 'b')).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
    expect([...made.iterate(1, ['a', 'd'])][0]).toEqual([1, 0]);
    expect(made.parent?.ref).toEqual(parent.ref);
    const files = readdirSync(join(rig.root, made.ref.job, 'DS'));
    expect(files.toSorted()).toEqual(['default.0.arrow', 'default.1.arrow', 'default.json']);
  });

  test('null drops a column', () => {
    using rig = new DatasetRig();
    const made = child(rig, table(rig), { d: 'int32' }, { columns: { d: 'int32', a: null } });
    expect(names(made)).toEqual(['b', 'c', 'd']);
  });

  test('a grandchild refers to the files of all', () => {
    using rig = new DatasetRig();
    const made = child(rig, child(rig, table(rig), { d: 'int32' }), { e: 'int32' });
    expect(names(made)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect([...made.iterate(0)][1]).toEqual({ a: 2, b: '2', c: 1, d: 1, e: 1 });
  });

  test('a spec names a parent, and a wrong one is an error', () => {
    using rig = new DatasetRig();
    const parent = table(rig);
    const stage = rig.stage({ slices: SLICES });
    const columns = { d: 'int32' } as const;
    stage.create({ columns, name: 'x', parent: String(parent) });
    expect(() => stage.create({ columns, parent: `${parent.ref.job}/none` })).toThrow(
      'has no dataset named "none"',
    );
    expect(() => stage.create({ columns, parent: 'none' })).toThrow(
      'Expected a dataset, or its spec',
    );
  });

  test('new columns need as many rows as the parent has in each slice', () => {
    using rig = new DatasetRig();
    const writer = rig
      .stage({ slices: SLICES })
      .create({ columns: { d: 'int32' }, parent: table(rig) });
    writer.setSlice(0);
    writer.writeBatch({ d: [1, 2, 3, 4, 5] });
    writer.setSlice(1);
    writer.write(1);
    expect(() => writer.finish()).toThrow(
      'Expected 5 rows in slice 1 of dataset "default", as its parent has, got 1',
    );
  });

  test('the hashlabel is that of the parent unless overridden', () => {
    using rig = new DatasetRig();
    const parent = table(rig, { hashlabel: 'a' });
    const columns = { d: 'int32' } as const;
    expect(child(rig, parent, columns).hashlabel).toBe('a');
    const create = (more: object) =>
      rig.stage({ slices: SLICES }).create({ parent, columns, ...more });
    expect(() => create({ hashlabel: 'd' })).toThrow('which has the hashlabel "a", got "d"');
    expect(() => create({}).split()).toThrow('a column of the parent that is not written anew');
    expect(() => create({ hashlabel: 'a' }).setSlice(0)).toThrow('is not among the columns');
    expect(child(rig, parent, columns, { columns: { d: 'int32', a: null } }).hashlabel).toBeNull();
    expect(child(rig, parent, columns, { hashlabelOverride: true }).hashlabel).toBeNull();
    const over = create({ hashlabel: 'd', hashlabelOverride: true });
    const values = [0, 1].map((slice) =>
      [...Array(100).keys()]
        .filter((n) => hashSlice(n, SLICES) === slice)
        .slice(0, parent.lines[slice]),
    );
    for (const slice of [0, 1]) {
      over.setSlice(slice);
      over.writeBatch({ d: values[slice] ?? [] });
    }
    expect(over.finish().hashlabel).toBe('d');
  });

  test('the hash column is checked when it is written anew', () => {
    using rig = new DatasetRig();
    const parent = table(rig, { hashlabel: 'a' });
    const writer = rig.stage({ slices: SLICES }).create({ parent, columns: { a: 'int32' } });
    const foreign = [1, 2, 3, 4, 5].find((n) => hashSlice(n, SLICES) === 1)!;
    writer.setSlice(0);
    expect(() => writer.write(foreign)).toThrow('belongs to slice 1');
  });
});

describe('linkDataset', () => {
  test('a link has the digest of what it links, and no data of its own', () => {
    using rig = new DatasetRig();
    const first = table(rig);
    const source = table(rig, { hashlabel: 'a', previous: first });
    const stage = rig.stage({ slices: SLICES });
    const made = stage.link(source, { name: 'alias' });
    const [record] = stage.end({ early: false }).finishedDatasets;

    expect(made.columns).toEqual(source.columns);
    expect(made.previous?.ref).toEqual(first.ref);
    const original = readManifest(source.ref, rig.host.jobPath(source.ref.job));
    expect(record?.digest).toBe(original.digest);
    expect(Object.keys(record?.files ?? {})).toEqual(['DS/alias.json']);
    expect(record?.sources).toEqual([source.ref.job]);
    expect(statSync(rig.path(made, 'DS/alias.json')).size).toBe(record?.files['DS/alias.json']);
    expect([...made.iterate(null)]).toEqual([...source.iterate(null)]);
  });

  test.each<[string, LinkOptions, Record<string, string>, string | null]>([
    ['a column', { rename: { b: 'x' } }, { a: 'a', x: 'b', c: 'c' }, 'a'],
    ['the hashlabel', { rename: { a: 'x' } }, { x: 'a', b: 'b', c: 'c' }, 'x'],
    ['the hashlabel to itself', { rename: { a: 'a' } }, { a: 'a', b: 'b', c: 'c' }, 'a'],
    ['two columns for each other', { rename: { a: 'b', b: 'a' } }, { b: 'a', a: 'b', c: 'c' }, 'b'],
    ['over a column', { rename: { b: 'c' } }, { a: 'a', c: 'b' }, 'a'],
    ['over the hashlabel', { rename: { b: 'a' } }, { a: 'b', c: 'c' }, null],
    ['the hashlabel away', { rename: { a: null } }, { b: 'b', c: 'c' }, null],
    ['a column over the one left out', { rename: { a: null, b: 'a' } }, { a: 'b', c: 'c' }, null],
    ['and keep some', { rename: { a: 'x', b: 'y' }, columns: ['x', 'c'] }, { x: 'a', c: 'c' }, 'x'],
    ['without the hashlabel', { columns: ['c', 'b'] }, { b: 'b', c: 'c' }, null],
    ['the hashlabel over one left out', { rename: { b: null, a: 'b' } }, { b: 'a', c: 'c' }, 'b'],
  ])('renames %s', (_, options, expected, hashlabel) => {
    using rig = new DatasetRig();
    const source = table(rig, { hashlabel: 'a' });
    const made = link(rig, source, options);

    expect(names(made)).toEqual(Object.keys(expected));
    for (const [name, old] of Object.entries(expected))
      expect(all(made, name)).toEqual(all(source, old));
    expect(made.hashlabel).toBe(hashlabel);
  });

  test.each<[LinkOptions, string]>([
    [{ rename: { a: 'x' }, columns: ['a'] }, 'has no column "a" to link'],
    [{ rename: { z: 'x' } }, 'has no column "z" to link'],
    [{ rename: { a: 'x', b: 'x' } }, 'are renamed to "x"'],
    [{ columns: ['z'] }, 'has no column "z" to link'],
    [{ columns: [] }, 'has no columns: all are left out'],
  ])('refuses %j', (options, message) => {
    using rig = new DatasetRig();
    expect(() => link(rig, table(rig), options)).toThrow(message);
  });

  test('a name can be used once, by writers, finished datasets and links', () => {
    using rig = new DatasetRig();
    const source = table(rig);
    const stage = rig.stage({ slices: SLICES });
    stage.create({ columns: { n: 'int32' }, name: 'writer' });
    stage.create({ columns: { n: 'int32' }, name: 'done' }).split();
    stage.writer('done').finish();
    stage.link(source, { name: 'link' });

    for (const name of ['writer', 'done', 'link']) {
      const message = `already has a dataset named "${name}"`;
      expect(() => stage.link(source, { name })).toThrow(message);
      expect(() => stage.create({ columns: { n: 'int32' }, name })).toThrow(message);
      expect(() => stage.merge(source, source, { name })).toThrow(message);
    }
  });

  test('only declared columns are linked', () => {
    using rig = new DatasetRig();
    const source = rig.reopen(table(rig, { hashlabel: 'c' }), ['b', 'a']);
    expect(names(link(rig, source))).toEqual(['a', 'b']);
    expect(link(rig, source).hashlabel).toBeNull();
    expect(names(child(rig, source, { d: 'int32' }))).toEqual(['a', 'b', 'd']);
  });

  test('puts datasets into another chain, or out of any', () => {
    using rig = new DatasetRig();
    const [a, b] = [table(rig), table(rig, { columns: { a: 'int32' } })];
    const c = table(rig, { previous: b });
    const rechained = link(rig, c, { previous: a });
    expect(rechained.chain().datasets.map(String)).toEqual([a, rechained].map(String));
    expect(link(rig, c, { previous: null }).previous).toBeNull();
    expect(link(rig, c, { previous: String(a) }).previous?.ref).toEqual(a.ref);
    expect(c.chain().datasets.map(String)).toEqual([b, c].map(String));
    expect(link(rig, c).columns['a']?.digest).toBe(c.columns['a']?.digest);
    expect(rechained.columns['b']?.digest).not.toBe(c.columns['b']?.digest);
  });

  test('keeps or replaces file name and caption', () => {
    using rig = new DatasetRig();
    const writer = rig.stage({ slices: 1 }).create({ columns: ABC, filename: 'f', caption: 'k' });
    writer.split();
    const source = writer.finish();
    expect([link(rig, source).filename, link(rig, source).caption]).toEqual(['f', 'k']);
    expect(link(rig, source, { filename: 'g' }).filename).toBe('g');
    expect(link(rig, source, { filename: '' }).filename).toBeNull();
  });
});

describe('mergeDatasets', () => {
  test('has the columns of both; those of the second win', () => {
    using rig = new DatasetRig();
    const parent = table(rig);
    const one = child(rig, parent, { c: 'int32', d: 'int32' });
    const other = child(rig, child(rig, parent, { e: 'int32' }), { c: 'float64' });

    const made = merge(rig, one, other);
    expect(names(made)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(made.columns['c']?.type).toBe('float64');
    expect(merge(rig, other, one).columns['c']?.type).toBe('int32');
    expect([...made.iterate(0)]).toHaveLength(5);
    const again = merge(rig, made, parent);
    expect(again.columns['c']?.digest).toBe(parent.columns['c']?.digest);
  });

  test('needs an ancestor in common, at any distance, or leave to do without', () => {
    using rig = new DatasetRig();
    const [a, stranger] = [table(rig), table(rig, { columns: { s: 'int32' } })];
    const d = child(rig, child(rig, a, { x: 'int32' }), { y: 'int32' });
    expect(names(merge(rig, a, d))).toEqual(['a', 'b', 'c', 'x', 'y']);
    expect(() => merge(rig, d, stranger)).toThrow('have no parent in common');
    const forced = merge(rig, d, stranger, { allowUnrelated: true });
    expect(names(merge(rig, forced, stranger))).toContain('s');
    expect(names(merge(rig, link(rig, a, { columns: ['a'] }), d))).toContain('y');
    expect(() => merge(rig, a, a)).toThrow('cannot be merged with itself');
  });

  test('keeps a hashlabel whose column stays', () => {
    using rig = new DatasetRig();
    const hashed = table(rig, { hashlabel: 'a' });
    const child1 = child(rig, hashed, { x: 'int32' });
    expect(merge(rig, hashed, child1).hashlabel).toBe('a');
    const plain = link(rig, hashed, { columns: ['b'] });
    expect(merge(rig, hashed, plain).hashlabel).toBe('a');
    expect(merge(rig, plain, hashed).hashlabel).toBe('a');
    const over = link(rig, hashed, { rename: { b: 'a' }, columns: ['a'] });
    expect(merge(rig, hashed, over).hashlabel).toBeNull();
    const uneven = table(rig);
    if (String(uneven.lines) !== String(hashed.lines)) {
      expect(() => merge(rig, hashed, uneven, { allowUnrelated: true })).toThrow(
        'equally many rows',
      );
    }
  });

  test('has the previous it is given, and no other', () => {
    using rig = new DatasetRig();
    const first = table(rig);
    const source = table(rig, { previous: first });
    const made = child(rig, source, { x: 'int32' });
    expect(merge(rig, source, made).previous).toBeNull();
    expect(merge(rig, source, made, { previous: first }).previous?.ref).toEqual(first.ref);
    expect(merge(rig, source, made)).toBeInstanceOf(Dataset);
  });
});
