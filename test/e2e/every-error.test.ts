// Every text about a mistake that a user can make, as the real binary says it, in one approved file.
// APPROVE=1 renews the file; a code of src/ or methods/ that is not in there fails the second test.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import type { Warning } from '../../src/model/event.ts';
import type { Failure } from '../../src/model/failure.ts';
import { COLUMN_MISTAKES } from './mistakes/columns.ts';
import { COMMAND_LINE_MISTAKES } from './mistakes/command-line.ts';
import { CONFIG_MISTAKES } from './mistakes/config.ts';
import { DATASET_MISTAKES } from './mistakes/datasets.ts';
import { DEFINITION_MISTAKES } from './mistakes/definitions.ts';
import { FAILURES } from './mistakes/failures.ts';
import { JOB_MISTAKES } from './mistakes/jobs.ts';
import { LOOKING_MISTAKES } from './mistakes/looking.ts';
import { saidOf } from './mistakes/mistake.ts';
import type { Mistake } from './mistakes/mistake.ts';
import { READING_MISTAKES } from './mistakes/reading.ts';
import { SCRIPT_MISTAKES } from './mistakes/scripts.ts';
import { STORE_MISTAKES } from './mistakes/store.ts';
import { WRITING_MISTAKES } from './mistakes/writing.ts';

const APPROVED = fileURLToPath(new URL('every-error.approved.txt', import.meta.url));
const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

const MISTAKES: readonly Mistake[] = [
  ...COMMAND_LINE_MISTAKES,
  ...CONFIG_MISTAKES,
  ...SCRIPT_MISTAKES,
  ...DEFINITION_MISTAKES,
  ...JOB_MISTAKES,
  ...DATASET_MISTAKES,
  ...WRITING_MISTAKES,
  ...COLUMN_MISTAKES,
  ...READING_MISTAKES,
  ...STORE_MISTAKES,
  ...LOOKING_MISTAKES,
  ...FAILURES,
];

/** Messages, by their first words, that no user can cause from outside, and why. */
const NOT_CAUSED: Readonly<Record<string, string>> = {
  'SQL over datasets needs the package':
    'the package is installed where these tests run; test/cli/commands/sql.test.ts',
  'Job … has no file "…" to link': 'the handle that links has looked; test/store/results.test.ts',
  'Column "…" of the query\'s result': 'no query is known whose result has such a type',
};

/** All of the model's, so that the compiler asks for a new one. */
const FAILURE_KINDS: Readonly<Record<Failure['kind'], true>> = {
  threw: true,
  exited: true,
  out_of_memory: true,
  timed_out: true,
  invalid_output: true,
  cancelled: true,
  skipped: true,
};

const WARNING_KINDS: Readonly<Record<Warning['kind'], true>> = {
  tainted: true,
  unsound: true,
  damaged: true,
  script: true,
  takeover: true,
  retry: true,
  expired: true,
};

test('every text about a mistake is approved and reads well', async () => {
  const text = await everyText();
  if (process.env['APPROVE'] === '1') writeFileSync(APPROVED, text);
  expect(text).toBe(readFileSync(APPROVED, 'utf8'));
}, 200_000);

async function everyText(): Promise<string> {
  const sorted = MISTAKES.toSorted((a, b) => (headingOf(a) < headingOf(b) ? -1 : 1));
  const said = await saidOf(sorted);
  return sorted.map((mistake, i) => `${headingOf(mistake)}\n\n${said[i]}`).join('\n');
}

function headingOf({ code, title }: Mistake): string {
  return `=== ${code}: ${title} ===`;
}

test('no text tells of an error that is none of the user', () => {
  const [, ...sections] = readFileSync(APPROVED, 'utf8').split(/^=== (?=\S+: .* ===$)/mu);
  const own = new Map(MISTAKES.map((mistake) => [headingOf(mistake).slice(4), mistake.throws]));
  const wrong = sections.filter((section) => {
    const [heading = ''] = section.split('\n');
    const rest = section.replace(`${own.get(heading) ?? ' '}: `, '');
    return /\b(?:Type|Range|Reference)Error\b|Internal error|mistake of its own/u.test(rest);
  });
  expect(wrong).toEqual([]);
});

test('every kind of mistake that the source knows is among them', () => {
  const approved = readFileSync(APPROVED, 'utf8');
  const kinds = [...sourceCodes(), ...Object.keys(FAILURE_KINDS), ...Object.keys(WARNING_KINDS)];
  const missing = kinds.filter((kind) => !approved.includes(`=== ${kind}: `));
  expect([...new Set(missing)].toSorted()).toEqual(['broken_package', 'missing_package']);
});

test('every sentence about a mistake that the source has is among them', () => {
  const sections = anyJob(readFileSync(APPROVED, 'utf8')).split(/^(?==== \S+: .* ===$)/mu);
  const missing = sourceSentences().filter(({ code, parts }) => {
    const text = new RegExp(parts.map((part) => escaped(part)).join('[^]*?'), 'u');
    return !sections.some((said) => said.startsWith(`=== ${code}: `) && text.test(said));
  });
  const unknown = missing
    .map(({ code, parts }) => `${code}: ${parts.join('…')}`)
    .filter((text) => !Object.keys(NOT_CAUSED).some((start) => text.includes(`: ${start}`)));
  expect(unknown).toEqual([]);
});

/** Codes of problems as they stand in the source: `code: 'a_b'`, also where one of two is chosen. */
function sourceCodes(): readonly string[] {
  const places = sourceTexts().flatMap(
    (text) => text.match(/(?<!readonly )\bcode(?::| =) [^,;]*/gu) ?? [],
  );
  return places.flatMap((place) => place.match(/(?<=')[a-z]+(?:_[a-z]+)+(?=')/gu) ?? []);
}

/** Problems whose message stands beside their code: its parts between what is filled in. */
function sourceSentences(): readonly { code: string; parts: readonly string[] }[] {
  const site = /(?<!readonly )\bcode: '([a-z]+(?:_[a-z]+)+)',\s*message:\s*(?=['"`])/gu;
  return sourceTexts().flatMap((text) =>
    Array.from(text.matchAll(site), ({ 0: start, 1: code = '', index }) => ({
      code,
      parts: literalParts(anyJob(text.slice(index + start.length))),
    })),
  );
}

/** The constant parts of the text that a source begins with; what is added to it with `+` is left out. */
function literalParts(source: string): readonly string[] {
  const quote = source.charAt(0);
  const parts = [''];
  let depth = 0;
  for (let at = 1; at < source.length; at++) {
    const char = source.charAt(at);
    if (depth > 0) {
      if (char === '{') depth++;
      if (char === '}') depth--;
      continue;
    }
    if (char === quote) return parts;
    if (quote === '`' && source.startsWith('${', at)) {
      parts.push('');
      depth++;
      at++;
    } else {
      parts[parts.length - 1] += char === '\\' ? source.charAt(++at) : char;
    }
  }
  throw new Error(`This text does not end: ${source.slice(0, 40)}`);
}

/** Most approved texts have forgotten which job it was. */
function anyJob(text: string): string {
  return text.replaceAll(/dev-\d+/gu, 'dev-1');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
}

function sourceTexts(): readonly string[] {
  return ['src', 'methods'].flatMap((room) =>
    readdirSync(join(PROJECT, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(PROJECT, room, name), 'utf8')),
  );
}
