// Says what differs between two manifests: the same objects that are hashed into the keys, so that explanation and
// key cannot disagree. Unaware of which jobs they belong to.

import type { Reason } from '../model/event.ts';
import type { DatasetContent, JobContent, Manifest } from '../model/manifest.ts';
import type { OptionData } from '../model/option-value.ts';
import { optionChanges } from './difference/option-changes.ts';
import { sourceChanges } from './difference/source-changes.ts';
import type { CodeComparison } from './difference/source-changes.ts';
import { canonicalJson } from './job-key.ts';

type Table<T> = Readonly<Record<string, T>>;

/** Lists what differs, most telling first; empty when the manifests are equal. `code` adds the source lines. */
export function explain(
  before: Manifest,
  after: Manifest,
  code?: CodeComparison,
): readonly Reason[] {
  const options = optionReasons(before.options, after.options);
  const packages = packageReasons(before.packages, after.packages);
  return [
    ...changed('method', '', before.method, after.method),
    ...options.filter(({ kind }) => kind === 'option'),
    ...(before.code === after.code ? [] : sourceReasons(after.method, packages.length > 0, code)),
    ...packages,
    ...inputReasons('dataset', before.datasets, after.datasets),
    ...inputReasons('job', before.jobs, after.jobs),
    ...options.filter(({ kind }) => kind === 'file'),
    ...dependencyReasons(before.dependsOn, after.dependsOn),
    ...environmentReasons(before.env, after.env),
    ...changed('version', 'version', before.version, after.version),
    ...changed('slices', 'slices', before.slices, after.slices),
    ...changed('engine', 'engine', before.engine, after.engine),
  ];
}

/** Finds the candidate, all of them different from `after`, that differs in the fewest parts; the first one among equals. */
export function nearestManifest<C extends { readonly manifest: Manifest }>(
  candidates: Iterable<C>,
  after: Manifest,
): C | undefined {
  let best: C | undefined;
  let fewest = Infinity;
  for (const candidate of candidates) {
    const parts = explain(candidate.manifest, after).length;
    if (parts >= fewest) continue;
    best = candidate;
    fewest = parts;
    if (parts === 1) break;
  }
  return best;
}

function changed(
  kind: Reason['kind'],
  subject: string,
  before: string | number | null,
  after: string | number | null,
): readonly Reason[] {
  if (before === after) return [];
  return [reason(kind, subject || String(after), textOf(before), textOf(after))];
}

function textOf(value: string | number | null): string | undefined {
  return value === null ? undefined : String(value);
}

/** Makes a reason whose absent values are left out. */
function reason(kind: Reason['kind'], subject: string, before?: string, after?: string): Reason {
  return {
    kind,
    subject,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function optionReasons(before: Table<OptionData>, after: Table<OptionData>): readonly Reason[] {
  return optionChanges(before, after).map((change) =>
    reason(change.isFile ? 'file' : 'option', change.path, change.before, change.after),
  );
}

/** Where only packages differ the code is the same, though its digest is not. */
function sourceReasons(
  method: string,
  packagesDiffer: boolean,
  code: CodeComparison | undefined,
): readonly Reason[] {
  const changes = code === undefined ? [] : sourceChanges(code);
  if (changes.length === 0) return packagesDiffer ? [] : [{ kind: 'source', subject: method }];
  return changes.map(({ place, lines }) => ({
    kind: 'source',
    subject: place,
    ...(lines.length === 0 ? {} : { lines }),
  }));
}

/** Versions may carry what a lock file says of the content; it is shown only where nothing else differs. */
function packageReasons(before: Table<string>, after: Table<string>): readonly Reason[] {
  return differing(before, after).map((name) => {
    const [old, present] = [before[name], after[name]];
    const [oldVersion, version] = [withoutContent(old), withoutContent(present)];
    return oldVersion === version
      ? reason('package', name, old, present)
      : reason('package', name, oldVersion, version);
  });
}

function withoutContent(version: string | undefined): string | undefined {
  return version?.replaceAll(/ #[0-9a-f]+/g, '');
}

type InputContent = DatasetContent | JobContent;

function inputReasons(
  kind: 'dataset' | 'job',
  before: Table<InputContent | readonly InputContent[] | null>,
  after: Table<InputContent | readonly InputContent[] | null>,
): readonly Reason[] {
  return differing(before, after).flatMap((name) => {
    const [old = null, present = null] = [before[name], after[name]];
    if (isList(old) && isList(present) && old.length === present.length) {
      return present.flatMap((content, index) =>
        contentReasons(kind, `${name}.${index}`, old[index] ?? content, content),
      );
    }
    if (old === null || present === null || isList(old) || isList(present)) {
      return [reason(kind, name, givenText(old), givenText(present))];
    }
    return contentReasons(kind, name, old, present);
  });
}

function isList(
  content: InputContent | readonly InputContent[] | null,
): content is readonly InputContent[] {
  return Array.isArray(content);
}

function givenText(content: InputContent | readonly InputContent[] | null): string | undefined {
  if (content === null) return undefined;
  return isList(content) ? `a list of ${content.length}` : 'given';
}

/** Digests say nothing to people, so what changed is named and not shown. */
function contentReasons(
  kind: 'dataset' | 'job',
  name: string,
  before: InputContent,
  after: InputContent,
): readonly Reason[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  const [oldName, presentName] = [nameOf(before), nameOf(after)];
  if (canonicalJson({ ...before, name: 0 }) === canonicalJson({ ...after, name: 0 })) {
    return [reason(kind, `${name} (its name)`, oldName, presentName)];
  }
  if ('columns' in before && 'columns' in after) {
    const columns = differing(before.columns, after.columns).map((column) => {
      const [old, present] = [before.columns[column]?.type, after.columns[column]?.type];
      const subject = `${name}.${column}`;
      return old === present ? reason(kind, subject) : reason(kind, subject, old, present);
    });
    if (columns.length > 0) return columns;
  }
  const sameDigest =
    'digest' in before && 'digest' in after
      ? before.digest === after.digest
      : 'columns' in before && 'columns' in after;
  return [reason(kind, sameDigest ? `${name} (lineage)` : name)];
}

function nameOf(content: InputContent): string {
  return ('name' in content ? content.name : undefined) ?? 'default';
}

function dependencyReasons(before: Table<string>, after: Table<string>): readonly Reason[] {
  return differing(before, after).map((path) => {
    if (path in before && path in after) return reason('file', path);
    const [old, present] = [
      path in before ? 'declared' : undefined,
      path in after ? 'declared' : undefined,
    ];
    return reason('file', path, old, present);
  });
}

function environmentReasons(
  before: Table<string | null>,
  after: Table<string | null>,
): readonly Reason[] {
  return differing(before, after).map((name) =>
    reason('environment', name, variableText(before[name]), variableText(after[name])),
  );
}

function variableText(value: string | null | undefined): string | undefined {
  return value === null ? 'unset' : value && JSON.stringify(value);
}

/** Names of the members that are not the same in both, sorted. */
function differing(before: Table<unknown>, after: Table<unknown>): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => canonicalJson([before[name]]) !== canonicalJson([after[name]]))
    .toSorted();
}
