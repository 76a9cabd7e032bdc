// The language of date patterns: turns the text of a pattern into the elements that `matchDate` looks for in order.
// An optional group, an else branch and an ignored group count as one element, with all that belongs to them.

/** What a byte must be for one of the wildcards. */
export type ByteClass = 'space' | 'nonspace' | 'any' | 'nondigit' | 'symbol' | 'percent';

/** A field that is a number of at most `digits` digits. */
export type NumberField = 'Y' | 'C' | 'y' | 'm' | 'd' | 'H' | 'I' | 'M' | 'S' | 'ignored';

/** One thing to look for. */
export type DateElement =
  | { readonly kind: 'literal'; readonly bytes: Uint8Array }
  | { readonly kind: 'spaces' }
  | {
      readonly kind: 'number';
      readonly field: NumberField;
      readonly low: number;
      readonly high: number;
      readonly digits: number;
    }
  | { readonly kind: 'month_name' }
  | { readonly kind: 'half_day' }
  | { readonly kind: 'fraction'; readonly digits: number }
  | { readonly kind: 'epoch'; readonly unit: 'second' | 'millisecond' }
  | { readonly kind: 'spreadsheet'; readonly epoch: 0 | 1 | 2 }
  | {
      readonly kind: 'class';
      readonly of: ByteClass;
      readonly low: number;
      readonly high: number;
    }
  | { readonly kind: 'rest_optional' }
  | { readonly kind: 'optional'; readonly least: number; readonly elements: readonly DateElement[] }
  | { readonly kind: 'otherwise'; readonly elements: readonly DateElement[] }
  | { readonly kind: 'ignore'; readonly elements: readonly DateElement[] };

/** Says what is wrong with a pattern; whoever took the pattern says where it stands. */
export class PatternError extends Error {}

/** Limits of the fields that are numbers: each has as many digits as its upper limit. */
const NUMBERS: Readonly<Record<string, readonly [field: NumberField, low: number, high: number]>> =
  {
    Y: ['Y', 1, 9999],
    C: ['C', 0, 99],
    y: ['y', 0, 99],
    m: ['m', 1, 12],
    d: ['d', 1, 31],
    H: ['H', 0, 23],
    I: ['I', 1, 12],
    M: ['M', 0, 59],
    S: ['S', 0, 59],
  };

const CLASSES: Readonly<Record<string, ByteClass>> = {
  ' ': 'space',
  '.': 'nonspace',
  '*': 'any',
  '@': 'symbol',
  '^': 'nondigit',
  '%': 'percent',
};

/** What stands between `%` and the letter: nothing, a count, or a range. */
interface Count {
  readonly low: number | undefined;
  readonly high: number | undefined;
}

const MOST_DIGITS = 9;

/** Reads a pattern. Throws `PatternError`. */
export function parseDatePattern(pattern: string): readonly DateElement[] {
  const elements: DateElement[] = [];
  const parser = new Parser(pattern);
  while (!parser.isAtEnd) elements.push(parser.element());
  return elements;
}

class Parser {
  readonly #characters: readonly string[];
  #position = 0;

  constructor(pattern: string) {
    this.#characters = Array.from(pattern);
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#characters.length;
  }

  element(): DateElement {
    const character = this.#next();
    if (character === '%') return this.#conversion();
    if (/[\t-\r ]/.test(character)) return { kind: 'spaces' };
    return { kind: 'literal', bytes: new TextEncoder().encode(character) };
  }

  #conversion(): DateElement {
    const start = this.#position - 1;
    const count = this.#count();
    if (this.isAtEnd) throw new PatternError(`${this.#since(start)} is not complete`);
    const letter = this.#next();
    const text = this.#since(start);
    const number = NUMBERS[letter];
    const of = CLASSES[letter];
    if (number !== undefined) return numberField(number);
    if (of !== undefined) return { kind: 'class', of, ...limits(count) };
    return this.#special(letter, count) ?? this.#group(letter, count, text) ?? unknown(text);
  }

  #special(letter: string, { low, high }: Count): DateElement | undefined {
    switch (letter) {
      case 'b':
        return { kind: 'month_name' };
      case 'p':
        return { kind: 'half_day' };
      case 's':
        return { kind: 'epoch', unit: 'second' };
      case 'J':
        return { kind: 'epoch', unit: 'millisecond' };
      case 'f':
        if (low === 0) throw new PatternError('%0f reads no digit');
        return { kind: 'fraction', digits: low ?? 6 };
      case 'e':
        return spreadsheet(low ?? 1);
      case '#':
        return digitWildcard(low, high);
      case '/':
        return { kind: 'rest_optional' };
      default:
        return undefined;
    }
  }

  #group(letter: string, { low, high }: Count, text: string): DateElement | undefined {
    if (letter !== '?' && letter !== ':' && letter !== '-') return undefined;
    const least = low ?? 1;
    const most = high ?? least;
    if (least < 1) throw new PatternError(`${text} needs at least one element`);
    if (high !== undefined && letter !== '?') throw new PatternError(`${text} takes no range`);
    const elements = Array.from({ length: most }, (_, i) => {
      if (this.isAtEnd) {
        throw new PatternError(`${text} needs ${most} elements after it, and there are ${i}`);
      }
      return this.element();
    });
    if (letter === '?') return { kind: 'optional', least, elements };
    return { kind: letter === ':' ? 'otherwise' : 'ignore', elements };
  }

  #count(): Count {
    const low = this.#digits();
    if (low === undefined || this.#characters[this.#position] !== ',') {
      return { low, high: undefined };
    }
    const start = this.#position++;
    const high = this.#digits();
    if (high === undefined || high < low || high === 0) {
      throw new PatternError(
        `%${low}${this.#since(start)} is no range: expected as %2,5 with the smaller number first`,
      );
    }
    return { low, high };
  }

  #digits(): number | undefined {
    const start = this.#position;
    while (/[0-9]/.test(this.#characters[this.#position] ?? '')) this.#position++;
    const text = this.#since(start);
    if (text.length > MOST_DIGITS) throw new PatternError(`${text} is too large`);
    return text === '' ? undefined : Number(text);
  }

  #next(): string {
    return this.#characters[this.#position++] ?? '';
  }

  #since(start: number): string {
    return this.#characters.slice(start, this.#position).join('');
  }
}

function numberField([field, low, high]: readonly [NumberField, number, number]): DateElement {
  return { kind: 'number', field, low, high, digits: String(high).length };
}

function limits({ low, high }: Count): { readonly low: number; readonly high: number } {
  const least = low ?? 1;
  return { low: least, high: high ?? least };
}

/** `%3#` is a number of at most three digits, `%1,53#` one from 1 to 53, `%#` a single digit. */
function digitWildcard(low: number | undefined, high: number | undefined): DateElement {
  const field = 'ignored';
  if (low === undefined) return { kind: 'number', field, low: 0, high: 9, digits: 1 };
  if (high !== undefined) return numberField([field, low, high]);
  if (low < 1 || low > MOST_DIGITS) {
    throw new PatternError(`%${low}# is not possible: expected 1 to ${MOST_DIGITS} digits`);
  }
  return { kind: 'number', field, low: 0, high: 10 ** low - 1, digits: low };
}

function spreadsheet(epoch: number): DateElement {
  if (epoch !== 0 && epoch !== 1 && epoch !== 2) {
    throw new PatternError(`%${epoch}e is not possible: expected %0e, %1e or %2e`);
  }
  return { kind: 'spreadsheet', epoch };
}

function unknown(text: string): never {
  throw new PatternError(`${text} means nothing`);
}
