// The reader of zip archives, which comes without types: the part of it that is used is declared in yauzl.d.ts.
// So a project compiles whose program reaches this directory through the types of `csvimport`.

export { open } from 'yauzl';
