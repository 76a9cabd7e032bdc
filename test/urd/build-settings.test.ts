import { describe, expect, test } from 'vitest';

import { UsageError } from '../../src/model/errors.ts';
import { checkSettings } from '../../src/urd/build-settings.ts';

/** The problems of settings as a script without types could give them. */
function problemsOf(settings: object): readonly string[] {
  try {
    checkSettings('rank', settings);
  } catch (error) {
    if (error instanceof UsageError)
      return error.problems.map(({ message, hint }) => `${message}|${hint}`);
    throw error;
  }
  return [];
}

describe('settings of a build call', () => {
  test('have defaults', () => {
    expect(checkSettings('rank', {})).toMatchObject({ name: 'rank', retries: 0, force: false });
  });

  test('take a time-out with a unit', () => {
    expect(checkSettings('rank', { timeout: '1.5s' }).timeoutMs).toBe(1500);
  });

  test('that do not exist are refused with the nearest name', () => {
    expect(problemsOf({ retrys: 1 })).toEqual([
      'Build of `rank`: there is no setting `retrys`|Did you mean "retries"?',
    ]);
  });

  test('are refused all at once', () => {
    expect(problemsOf({ retries: -1, timeout: 'soon', labels: { a: 1 }, name: '' })).toHaveLength(
      4,
    );
  });

  test('say what was expected and what came', () => {
    expect(problemsOf({ concurrency: '2' })).toEqual([
      'Build of `rank`: expected setting `concurrency` to be an integer of at least 1, got "2" (string)|undefined',
    ]);
  });
});
