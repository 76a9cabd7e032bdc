// The methods of the project, as types: filled by the generated `.acc/methods.d.ts` through declaration merging.
// Where that file does not exist yet, any name and any inputs are accepted by the compiler.

import type { InputsOf, ResultOf } from './method-types.ts';

/** Every method by name. Empty here; `.acc/methods.d.ts` adds one member per method. */
export interface Methods {}

/** Names of the project's methods; any text before they have been written down. */
export type MethodName = [keyof Methods] extends [never] ? string : keyof Methods;

/** What a build of method `Name` takes: options, datasets and jobs by name. */
export type InputsFor<Name extends MethodName> = Name extends keyof Methods
  ? InputsOf<Methods[Name]>
  : Readonly<Record<string, unknown>>;

/** The arguments of a build call after the method's name: inputs can be left out where all of them are optional. */
export type BuildArguments<Name extends MethodName, Settings> =
  AreOptional<InputsFor<Name>> extends true
    ? [inputs?: InputsFor<Name>, settings?: Settings]
    : [inputs: InputsFor<Name>, settings?: Settings];

/** Inputs of which none is required; those of a method without inputs are a record of nothing. */
type AreOptional<Inputs> = string extends keyof Inputs
  ? true
  : Partial<Inputs> extends Inputs
    ? true
    : false;

/** What `load()` of a job of method `Name` gives. */
export type ResultFor<Name extends MethodName> = Name extends keyof Methods
  ? ResultOf<Methods[Name]>
  : unknown;
