// The public API: what `import … from 'acc-engine'` gives to methods, build scripts and `acc.config.ts`.

export { z } from 'zod';

export { BATCH_ROWS } from './data/batch-rows.ts';
export { SlicePlacer } from './data/hash-column.ts';
export { hashSlice, hashValue, murmur3 } from './data/hash.ts';
export { defineConfig } from './method/definition/define-config.ts';
export { defineMethod } from './method/definition/define-method.ts';
export { Dataset } from './method/dataset/dataset.ts';
export { queryDatasets } from './method/sql/query-datasets.ts';
export { inputFile, inputFiles, jobFile } from './method/definition/file-options.ts';
export { SkipDataset, SkipSlice, StopIteration } from './method/dataset/iteration-signal.ts';
export { dataset, job } from './method/definition/input-declarations.ts';
export { JobError } from './method/job/job-error.ts';
export { JobFile } from './method/job/job-file.ts';
export { Job } from './method/job/job.ts';
export { merge } from './method/stage/merge.ts';
export { COLUMN_TYPES } from './model/column-type.ts';
export { UsageError } from './model/errors.ts';
export { nearest } from './util/nearest.ts';

export type { CodedInput, PlaceableColumn, PlaceableRows, TextInput } from './data/hash-column.ts';
export type { HashableValue } from './data/hash.ts';
export type { RangeValue } from './data/read/range-check.ts';
export type { ChainStop } from './method/dataset/chain-stop.ts';
export type { DatasetChain } from './method/dataset/dataset-chain.ts';
export type {
  Batch,
  ChainOptions,
  ColumnFile,
  ColumnTypes,
  DatasetColumn,
} from './method/dataset/dataset.ts';
export type { QueryColumn, QueryResult } from './method/sql/query-result.ts';
export type { CurrentJob, SaveOptions } from './method/job/current-job.ts';
export type { FileSlice, LoadOptions } from './method/job/job.ts';
export type { ResultLinkOptions } from './method/job/result-link.ts';
export type { JobChainOptions, StopJob } from './method/job/job-chain.ts';
export type { Keeping as KeepOptions, Writing as WriteOptions } from './method/job/job-files.ts';
export type { OutputPart } from './method/job/job-output.ts';
export type { JobParams } from './method/job/job-params.ts';
export type { TextDictionary } from './data/format/text-dictionary.ts';
export type { ByteSlices, ColumnarText } from './data/write/column-input.ts';
export type {
  BytesColumn,
  JsonColumn,
  NumberColumn,
  StringColumn,
} from './data/read/text-columns.ts';
export type {
  BatchesOptions,
  CallbackResult,
  Cell,
  IterateOptions,
  RangeOption,
  RecordOf,
  RowOf,
  SliceChoice,
} from './method/dataset/iterate-options.ts';
export type { LinkOptions, MergeOptions } from './method/dataset/composing-options.ts';
export type {
  BatchOptions,
  ColumnWriter,
  DatasetLike,
  DatasetWriter,
  DatasetWriterOptions,
  SplitWriter,
} from './method/dataset/dataset-writer.ts';
export type { InputFile } from './method/job/input-file.ts';
export type { DatasetInput, JobInput } from './method/definition/input-declarations.ts';
export type {
  DatasetArgument,
  InputsOf,
  JobArgument,
  Method,
  MethodDefinition,
  ResultOf,
} from './method/definition/method-types.ts';
export type { MethodName, Methods } from './method/definition/methods.ts';
export type { Merged } from './method/stage/merge.ts';
export type {
  ColumnDeclaration,
  ColumnType,
  Compression,
  ParsedType,
} from './model/column-type.ts';
export type { Problem, SourceLocation } from './model/errors.ts';
export type { FailedStage, Failure } from './model/failure.ts';
export type { Digest, JobId } from './model/ids.ts';
export type { DatasetRef, Post, Setup } from './model/manifest.ts';
export type { ProjectConfig } from './model/config.ts';
export type { BuildCallSettings } from './urd/build-settings.ts';
export type { Build } from './urd/build.ts';
export type { Urd, UrdInfo } from './urd/urd.ts';
