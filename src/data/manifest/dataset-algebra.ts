// Datasets made of columns that exist: links, with other names or fewer columns, and merges. Plans only: pure functions
// of manifests; composing writes them down.

import { datasetSpec } from '../../model/dataset-spec.ts';
import type { Problem } from '../../model/errors.ts';
import { UsageError } from '../../model/errors.ts';
import type { DatasetRef } from '../../model/manifest.ts';
import { didYouMean } from '../../util/nearest.ts';
import { quote } from '../write/value-error.ts';
import { locatedColumns } from './compose-manifest.ts';
import type { ComposedDataset, LocatedColumn } from './compose-manifest.ts';
import type { DatasetManifest } from './dataset-manifest.ts';

/** A dataset and where it lies. */
export interface ManifestAt {
  readonly ref: DatasetRef;
  readonly manifest: DatasetManifest;
}

/** How a dataset is linked. */
export interface LinkFacts {
  readonly name: string;
  /** New names of columns by their present ones; `null` leaves a column out. */
  readonly rename: Readonly<Record<string, string | null>>;
  /** The columns to keep, by new names; `undefined` for all. */
  readonly columns: readonly string[] | undefined;
  /** `undefined` keeps that of the source. */
  readonly previous: DatasetRef | null | undefined;
  readonly filename: string | null | undefined;
  readonly caption: string | undefined;
}

/** How datasets are merged. */
export interface MergeFacts {
  readonly name: string;
  readonly previous: DatasetRef | null;
  /** The datasets need no ancestor in common. */
  readonly allowUnrelated: boolean;
  /** Finds the manifest of a parent. */
  readonly manifestOf: (ref: DatasetRef) => DatasetManifest;
}

/**
 * Plans a dataset that refers to the columns of another. A column that is renamed to the name of another replaces it.
 * The hashlabel follows its column; it is lost when that is left out or replaced. Throws `UsageError`.
 */
export function linkDataset({ ref, manifest }: ManifestAt, facts: LinkFacts): ComposedDataset {
  const spec = datasetSpec(ref);
  checkRename(manifest, facts, spec);
  const renamed = renameColumns(locatedColumns(manifest), facts.rename);
  const columns = facts.columns === undefined ? renamed : keep(renamed, facts.columns, spec);
  if (columns.length === 0) {
    throw new UsageError({
      code: 'no_columns',
      message: `The link ${quote(facts.name)} to ${spec} has no columns: all are left out`,
    });
  }
  const label = manifest.hashlabel;
  const hashlabel = label === null ? null : labelAfter(label, facts.rename);
  return {
    name: facts.name,
    caption: facts.caption ?? manifest.caption,
    filename: facts.filename === undefined ? manifest.filename : facts.filename || null,
    hashlabel: columns.some(({ name }) => name === hashlabel) ? hashlabel : null,
    previous: facts.previous === undefined ? manifest.previous : facts.previous,
    parent: ref,
    merged: null,
    lines: manifest.lines,
    columns,
  };
}

/**
 * Plans a dataset with the columns of both; those of `other` win. Both must have equally many rows in each slice, and
 * an ancestor in common. The hashlabel is that of `other` or else of `one`, unless `other` replaces its column.
 */
export function mergeDatasets(
  one: ManifestAt,
  other: ManifestAt,
  facts: MergeFacts,
): ComposedDataset {
  checkMergeable(one, other, facts);
  const columns = new Map(locatedColumns(one.manifest).map((column) => [column.name, column]));
  for (const column of locatedColumns(other.manifest)) columns.set(column.name, column);
  const replaced = other.manifest.columns.some(({ name }) => name === one.manifest.hashlabel);
  return {
    name: facts.name,
    caption: '',
    filename: null,
    hashlabel: other.manifest.hashlabel ?? (replaced ? null : one.manifest.hashlabel),
    previous: facts.previous,
    parent: one.ref,
    merged: other.ref,
    lines: one.manifest.lines,
    columns: [...columns.values()],
  };
}

function checkRename(manifest: DatasetManifest, { rename, name }: LinkFacts, spec: string): void {
  const names = manifest.columns.map((column) => column.name);
  const problems: Problem[] = Object.keys(rename)
    .filter((old) => !names.includes(old))
    .map((old) => unknownColumn(spec, old, names));
  const targets = Object.values(rename).filter((target) => target !== null);
  const twice = targets.find((target, i) => targets.indexOf(target) < i);
  if (twice !== undefined) {
    problems.push({
      code: 'renamed_twice',
      message: `Two columns of ${spec} are renamed to ${quote(twice)} in the link ${quote(name)}`,
      token: twice,
    });
  }
  if (problems.length > 0) throw new UsageError(problems);
}

function renameColumns(
  columns: readonly LocatedColumn[],
  rename: LinkFacts['rename'],
): readonly LocatedColumn[] {
  const taken = new Set(Object.values(rename));
  return columns.flatMap((column) => {
    const isRenamed = Object.hasOwn(rename, column.name);
    const name = isRenamed ? (rename[column.name] ?? null) : column.name;
    if (name === null || (!isRenamed && taken.has(name))) return [];
    return [{ ...column, name }];
  });
}

function labelAfter(label: string, rename: LinkFacts['rename']): string | null {
  if (Object.hasOwn(rename, label)) return rename[label] ?? null;
  return Object.values(rename).includes(label) ? null : label;
}

function keep(
  columns: readonly LocatedColumn[],
  names: readonly string[],
  spec: string,
): readonly LocatedColumn[] {
  const present = columns.map(({ name }) => name);
  const unknown = names.filter((name) => !present.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(unknown.map((name) => unknownColumn(spec, name, present)));
  }
  return columns.filter(({ name }) => names.includes(name));
}

function unknownColumn(spec: string, name: string, names: readonly string[]): Problem {
  return {
    code: 'unknown_column',
    message: `Dataset ${spec} has no column ${quote(name)} to link`,
    hint: didYouMean(name, names, `It has ${names.map(quote).join(', ')}.`),
    token: name,
  };
}

function checkMergeable(one: ManifestAt, other: ManifestAt, facts: MergeFacts): void {
  const [a, b] = [datasetSpec(one.ref), datasetSpec(other.ref)];
  if (a === b) {
    throw new UsageError({
      code: 'merge_itself',
      message: `Dataset ${a} cannot be merged with itself`,
    });
  }
  const uneven = one.manifest.lines.findIndex((rows, i) => rows !== other.manifest.lines[i]);
  if (uneven >= 0) {
    throw new UsageError({
      code: 'merge_lines',
      message:
        `Expected ${a} and ${b} to have equally many rows in each slice, ` +
        `got ${one.manifest.lines[uneven]} and ${other.manifest.lines[uneven]} in slice ${uneven}`,
    });
  }
  if (facts.allowUnrelated) return;
  const ancestors = ultimateAncestors(one, facts.manifestOf);
  for (const ancestor of ultimateAncestors(other, facts.manifestOf)) {
    if (ancestors.has(ancestor)) return;
  }
  throw new UsageError({
    code: 'merge_unrelated',
    message: `Datasets ${a} and ${b} have no parent in common, so that their rows need not belong together`,
    hint: 'Say `allowUnrelated: true` if row by row they do.',
  });
}

/** The datasets without parents that a dataset comes from: itself, when it has none. */
function ultimateAncestors(from: ManifestAt, manifestOf: MergeFacts['manifestOf']): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const next: ManifestAt[] = [from];
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    const { parent, merged } = at.manifest;
    if (parent === null) found.add(datasetSpec(at.ref));
    for (const ref of [parent, merged]) {
      if (ref === null || seen.has(datasetSpec(ref))) continue;
      seen.add(datasetSpec(ref));
      next.push({ ref, manifest: manifestOf(ref) });
    }
  }
  return found;
}
