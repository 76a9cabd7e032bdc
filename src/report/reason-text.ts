// Why a job ran, in as few words as will do.

import type { Reason } from '../model/event.ts';
import { oneLine } from '../util/one-line.ts';
import { unreachable } from '../util/unreachable.ts';

/** Values longer than this are cut in the compact form. */
const LONGEST_VALUE = 40;

/** Puts one difference into words: `option lr 0.1 → 0.2`, `lib/feat.ts:41`. */
export function reasonText(reason: Reason): string {
  return oneLine(words(reason));
}

function words(reason: Reason): string {
  const { subject } = reason;
  switch (reason.kind) {
    case 'never_built':
      return 'it was never built';
    case 'forced':
      return 'it was forced';
    case 'source':
      return subject;
    case 'environment':
      return `variable ${subject}${change(reason)}`;
    case 'method':
    case 'option':
    case 'package':
    case 'dataset':
    case 'job':
    case 'file':
    case 'subjob':
      return `${reason.kind} ${subject}${change(reason)}`;
    case 'version':
    case 'slices':
      return `${reason.kind}${change(reason)}`;
    case 'engine':
      return `the key's meaning in acc${change(reason)}`;
    case 'input':
      return `its input ${subject} would be built first`;
    case 'damaged':
      return reason.before === undefined
        ? `${subject} is damaged`
        : `${subject} is damaged: its file ${reason.before} was changed after it was written`;
    case 'tainted':
      return `${subject} is tainted`;
    default:
      return unreachable(reason.kind);
  }
}

/** Joins the most telling reasons to one line; `undefined` when there is nothing to tell. */
export function ranBecause(reasons: readonly Reason[], most: number): string | undefined {
  const [first] = reasons;
  if (first === undefined) return undefined;
  const told = reasons.slice(0, most).map(reasonText);
  const rest = reasons.length - told.length;
  return `ran because ${told.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}

function change({ before, after }: Reason): string {
  if (before === undefined && after === undefined) return ' changed';
  if (before === undefined) return ` is new: ${short(after)}`;
  if (after === undefined) return ` is gone, was ${short(before)}`;
  return ` ${short(before)} → ${short(after)}`;
}

function short(value: string | undefined): string {
  const line = (value ?? '').replaceAll(/\s+/gu, ' ');
  return line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE - 1)}…` : line;
}
