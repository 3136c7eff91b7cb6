// likewise/lite: metrics and a dictionary in a few KB, synchronous, with nothing to load.
//
// It gives the answers of the full engine for the metrics it has. It has no fetching, no saved dictionaries, and a simpler index:
// for hundreds of thousands of words searched on every key press, take the full one.

import { count, cutoff, invalid, ownOptions, priorities } from '../arguments.js';
import { LikewiseError, shown, tooLong } from '../errors.js';
import { compare as measure, Index, initSync, longestQuery } from '../generated/lite.js';
import { bytes, shift } from '../generated/lite-module.js';
import { checkString, isText, substituted, toQuery, toText } from '../text.js';

export { LikewiseError } from '../errors.js';

/** The metrics here: those of the full engine but "damerau-levenshtein" and "typo". */
export type Metric = 'indel' | 'levenshtein' | 'osa' | 'hamming' | 'lcs-seq' | 'prefix' | 'postfix' | 'jaro' | 'jaro-winkler' | 'sorensen-dice';

// Each metric at its number in the contract.
const METRICS = ['indel', 'levenshtein', 'osa', , 'hamming', 'lcs-seq', 'prefix', 'postfix', 'jaro', 'jaro-winkler', 'sorensen-dice'];

let ready = false;

/** The number of a metric, once the module is there. */
function numberOf(metric: string): number {
  const number = METRICS.indexOf(metric);
  if (number < 0) throw new LikewiseError('invalid-argument', `unknown metric ${shown(metric)}; here are ${METRICS.filter(Boolean).join(', ')}`);
  if (!ready) {
    // Small enough to be compiled at once on every thread.
    initSync({ module: new WebAssembly.Module(Uint8Array.from(bytes, (character) => character.charCodeAt(0) - shift)) });
    ready = true;
  }
  return number;
}

function compare(metric: string, far: boolean, a: string, b: string): number {
  const number = numberOf(metric);
  checkString(a, 'the first string');
  checkString(b, 'the second string');
  if (!isText(a) || !isText(b)) [a, b] = substituted(a, b) as [string, string];
  return measure(number, far, a, b);
}

/** Normalised indel similarity in percent, 0 to 100: 100 for equal strings, two empty ones included. */
export function ratio(a: string, b: string): number {
  return 100 * compare('indel', false, a, b);
}

/** Normalised similarity, 0.0 to 1.0; 1.0 for equal strings, two empty ones included. */
export function similarity(metric: Metric, a: string, b: string): number {
  return compare(metric, false, a, b);
}

/**
 * Distance: 0 for equal strings. A whole number of edits, except that "jaro", "jaro-winkler" and "sorensen-dice" give
 * 1 - similarity. Counts code points, not UTF-16 units.
 */
export function distance(metric: Metric, a: string, b: string): number {
  return compare(metric, true, a, b);
}

/** One word of a dictionary, compared with a query. */
export interface Match {
  /** The word as it was given. */
  choice: string;
  /** Normalised similarity in percent, 0.0 to 100.0. */
  score: number;
  /** Position of the word in the order in which it was given, from 0. */
  index: number;
}

/** How to search. */
export interface SearchOptions {
  /** What similarity means: "indel" unless given. */
  metric?: Metric | undefined;
  /** The lowest score, in percent, that is a match. */
  scoreCutoff?: number | undefined;
  /** The most matches: 5 unless given. */
  limit?: number | undefined;
}

/** Words in a fixed order, each with a priority. Its memory is freed by `dispose`, or with it by the garbage collector. */
export class Dictionary {
  #index: Index | undefined;
  /** Number of words. */
  readonly length: number;

  private constructor(index: Index) {
    this.#index = index;
    this.length = index.count();
  }

  get #open(): Index {
    if (this.#index) return this.#index;
    throw new LikewiseError('closed', 'this dictionary has been disposed of');
  }

  /**
   * A dictionary of words, one a line; blank lines, a byte order mark and carriage returns before line ends do not count.
   * `priority` gives each word's, smaller being more common: whole numbers from 0 to 255.
   */
  static fromText(text: string | Uint8Array | ArrayBuffer, options?: { priority?: ArrayLike<number> | undefined }): Dictionary {
    numberOf('indel');
    const lines = toText(text, 'the text').replace(/^\ufeff/, '').replace(/(\r?\n)+/g, '\n').replace(/^\n/, '');
    const priority = priorities(ownOptions(options, ['priority']).priority ?? []);
    const index = new Index(lines, Uint8Array.from(priority));
    if (priority.length > 0 && priority.length !== index.count()) {
      throw new LikewiseError('invalid-argument', `there are ${index.count()} words and ${priority.length} priorities`);
    }
    return new Dictionary(index);
  }

  /** The best match: the highest score, then the lowest priority, then the lowest index. Undefined where nothing has a score above 0. */
  suggest(query: string, options?: Omit<SearchOptions, 'limit'>): Match | undefined {
    return this.search(query, { ...ownOptions(options as SearchOptions, ['metric', 'scoreCutoff']), limit: 1 })[0];
  }

  /**
   * The best `limit` matches, best first, in the order of `suggest`.
   * @throws {LikewiseError} `too-long` for a query of more than 8,192 code points (1,024 for "sorensen-dice").
   */
  search(query: string, options?: SearchOptions): Match[] {
    const own = ownOptions(options, ['metric', 'limit', 'scoreCutoff']);
    const metric = own.metric ?? 'indel';
    const number = numberOf(metric);
    const text = toQuery(query, 'the query');
    const limit = count(own.limit ?? 5, 'limit');
    const longest = longestQuery(number);
    // No text has more code points than UTF-16 units.
    const length = query.length > longest ? [...query].length : 0;
    if (length > longest) throw tooLong('query', length, metric, longest);
    const found = this.#open.search(text, limit, number, cutoff(own.scoreCutoff) ?? NaN);
    const matches: Match[] = [];
    for (let i = 0; i < found.length; i += 2) {
      const index = found[i] as number;
      matches.push({ choice: this.#open.get(index), score: found[i + 1] as number, index });
    }
    return matches;
  }

  /** The word at `index`, if there is one; a negative index counts from the end. */
  at(index: number): string | undefined {
    if (typeof index !== 'number') throw invalid('the index', index, 'a number');
    const position = Math.trunc(index) + (index < 0 ? this.length : 0);
    return position >= 0 && position < this.length ? this.#open.get(position) : undefined;
  }

  /** Free its memory. A second time does nothing. */
  dispose(): void {
    this.#index?.free();
    this.#index = undefined;
  }
}
