// Tells manifests of datasets from what only looks like them: a file cut short, overwritten, or put there by someone else.
// Looks at the members that readers follow, so that a bad manifest is "damaged" and never a crash of the reader.

import { hasShape } from '../../util/shape.ts';
import type { Shape } from '../../util/shape.ts';
import type { DatasetManifest, ManifestColumn, ManifestFile } from './dataset-manifest.ts';

const REF: Shape = { job: 'string', name: 'string' };

const COLUMN: { readonly [Member in keyof ManifestColumn]: Shape } = {
  name: 'string',
  type: 'string',
  nullable: 'boolean',
  digest: 'string',
  min: 'scalar',
  max: 'scalar',
  file: 'number',
  fileColumn: 'string',
  slices: [
    'list',
    {
      digest: 'string',
      nulls: 'number',
      wholeMs: 'boolean',
      batches: ['list', 'object'],
      checksums: ['list', 'number'],
      dictionary: ['nullable', 'number'],
    },
  ],
};

const FILE: { readonly [Member in keyof ManifestFile]: Shape } = {
  job: 'string',
  stem: 'string',
  slices: [
    'list',
    { sizeBytes: 'number', batches: ['list', 'number'], checksums: ['list', 'number'] },
  ],
};

const MANIFEST: { readonly [Member in keyof Omit<DatasetManifest, 'version'>]: Shape } = {
  name: 'string',
  digest: 'string',
  caption: 'string',
  filename: ['nullable', 'string'],
  hashlabel: ['nullable', 'string'],
  previous: ['nullable', REF],
  parent: ['nullable', REF],
  merged: ['nullable', REF],
  lines: ['list', 'number'],
  columns: ['list', COLUMN],
  files: ['list', FILE],
  depth: 'number',
  links: [
    'nullable',
    {
      datasets: ['list', { ref: REF, digest: 'string', lines: ['list', 'number'] }],
      before: ['nullable', REF],
    },
  ],
};

/** Tells whether parsed JSON of the present version is a manifest whose parts fit together. */
export function isManifest(value: unknown): value is DatasetManifest {
  if (!hasShape(value, MANIFEST)) return false;
  const { lines, columns, files } = value as DatasetManifest;
  return (
    columns.every(({ file, slices }) => file in files && slices.length === lines.length) &&
    files.every(({ slices }) => slices.length === lines.length)
  );
}
