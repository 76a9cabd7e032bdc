// The public API: what `import … from 'acc-engine'` gives to methods, build scripts and `acc.config.ts`.

export { z } from 'zod';

export { defineConfig } from './method/define-config.ts';
export { defineMethod } from './method/define-method.ts';
export { Dataset } from './method/dataset.ts';
export { inputFile, jobFile } from './method/file-options.ts';
export { dataset, job } from './method/input-declarations.ts';
export { JobError } from './method/job-error.ts';
export { JobFile } from './method/job-file.ts';
export { Job } from './method/job.ts';
export { merge } from './method/merge.ts';
export { UsageError } from './model/errors.ts';
export { nearest } from './util/nearest.ts';

export type { ColumnTypes } from './method/dataset.ts';
export type { CurrentJob } from './method/current-job.ts';
export type { ColumnWriter, DatasetWriter } from './method/dataset-writer.ts';
export type { InputFile } from './method/input-file.ts';
export type { InputsOf, Method, ResultOf } from './method/method-types.ts';
export type { Methods } from './method/methods.ts';
export type { ColumnDeclaration, ColumnType } from './model/column-type.ts';
export type { Failure } from './model/failure.ts';
export type { ProjectConfig } from './model/config.ts';
export type { Build } from './urd/build.ts';
export type { Urd } from './urd/urd.ts';
