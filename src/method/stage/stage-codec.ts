// Writes values as msgpack: what passes between stages, and `result.msgpack`.
// Acc's handles travel as references and arrive as live objects. Reading never executes code.

import { addExtension, Packr } from 'msgpackr';

import type { JobId } from '../../model/ids.ts';
import { InvalidOutputError } from '../../model/invalid-output.ts';
import { DatasetWriter } from '../dataset/dataset-writer.ts';
import { asPredecessor, Dataset, isPredecessor } from '../dataset/dataset.ts';
import { InputFile } from '../job/input-file.ts';
import { JobFile } from '../job/job-file.ts';
import type { JobHost } from '../job/job-host.ts';
import type { JobView } from '../job/job-view.ts';
import { datasetHost, Job } from '../job/job.ts';
import { plainValue, Token } from './plain-value.ts';

/** Returns the dataset writer of a name that arrives from an earlier stage: writers travel by name, within one job. */
export type TakeWriter = (name: string) => DatasetWriter;

/** Where a value goes that is encoded. */
export interface Destination {
  /** To a later stage of the same job, where dataset writers can arrive. */
  readonly sameJob: boolean;
}

/** A handle of a dataset as it is written: `predecessor` in the last place where it came from `previous` or a chain. */
type StoredDataset = readonly [
  job: JobId,
  name: string,
  declaredColumns: readonly string[] | null,
  place?: string,
];

/** A type number of msgpack that is free for applications. */
const TOKEN_TYPE = 0x41;

const packr = new Packr({
  structuredClone: true,
  moreTypes: true,
  useBigIntExtension: true,
  int64AsType: 'bigint',
  useToJSON: false,
  copyBuffers: true,
});

// msgpackr knows extensions globally and gives them no context, so tokens are decoded within `decodeValue` only.
let revive: ((token: [kind: string, data: unknown]) => unknown) | undefined;

addExtension({
  Class: Token,
  type: TOKEN_TYPE,
  write: (token: Token) => [token.kind, token.data],
  read: (token: [kind: string, data: unknown]) => {
    if (revive === undefined) throw new Error('Internal error: a token outside decodeValue');
    return revive(token);
  },
});

/** Encodes a value. `what` names it in the `InvalidOutputError` that is thrown for a function, a promise and the like. */
export function encodeValue(
  value: unknown,
  what: string,
  destination: Destination = { sameJob: false },
): Uint8Array {
  const plain = plainValue(value, what, (object) => asToken(object, what, destination));
  try {
    return packr.pack(plain);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidOutputError(`${what} cannot be written as msgpack: ${reason}`);
  }
}

/** Decodes what `encodeValue` wrote; handles belong to `host`. Inverse of `encodeValue`. */
export function decodeValue(bytes: Uint8Array, host: JobHost, takeWriter?: TakeWriter): unknown {
  const outer = revive;
  revive = (token) => fromToken(token, host, takeWriter);
  try {
    return packr.unpack(bytes);
  } finally {
    revive = outer;
  }
}

function asToken(value: object, what: string, destination: Destination): Token | undefined {
  if (value instanceof Job) {
    return new Token('Job', [value.id, value.view]);
  }
  if (value instanceof Dataset) {
    const { ref, declaredColumns = null } = value;
    // Another job reads the name where it reads this value.
    const place = destination.sameJob && isPredecessor(value) ? ['predecessor'] : [];
    return new Token('Dataset', [ref.job, ref.name, declaredColumns, ...place]);
  }
  if (value instanceof JobFile)
    return new Token('JobFile', [value.job.id, value.name, value.sliced, value.job.view]);
  if (value instanceof InputFile) return new Token('InputFile', [value.inputDirectory, value.name]);
  if (!(value instanceof DatasetWriter)) return undefined;
  if (destination.sameJob) return new Token('DatasetWriter', value.name);
  throw new InvalidOutputError(
    `${what} holds the dataset writer ${JSON.stringify(value.name)}, which only later stages of its job can use`,
  );
}

function fromToken(
  [kind, data]: [kind: string, data: unknown],
  host: JobHost,
  takeWriter: TakeWriter | undefined,
): unknown {
  switch (kind) {
    case '-0':
      return -0;
    case 'DataView': {
      const bytes = data as Uint8Array;
      return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    case 'entries':
      return Object.fromEntries(data as [string, unknown][]);
    case 'Job': {
      const [id, view] = data as [JobId, JobView];
      return new Job({ id, host, view });
    }
    case 'Dataset': {
      const [job, name, declared, place] = data as StoredDataset;
      // Only the declared columns are in the stage's key, by whatever way the handle has come.
      const columns = host.place === 'stage' ? (declared ?? undefined) : undefined;
      const dataset = new Dataset({ job, name }, datasetHost(host), columns);
      return place === undefined ? dataset : asPredecessor(dataset);
    }
    case 'JobFile': {
      const [id, name, sliced, view] = data as [JobId, string, boolean, JobView];
      const job = new Job({ id, host, view, shownFile: name });
      return new JobFile(job, name, { sliced });
    }
    case 'InputFile': {
      const [inputDirectory, name] = data as [string, string];
      return new InputFile(inputDirectory, name);
    }
    case 'DatasetWriter':
      if (takeWriter !== undefined) return takeWriter(data as string);
      throw new Error(`Internal error: dataset writer ${String(data)} outside its job`);
    default:
      throw new Error(`This value holds a ${kind}, which this version of acc cannot read`);
  }
}
