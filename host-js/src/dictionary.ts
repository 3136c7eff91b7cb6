/// <reference lib="esnext.disposable" preserve="true" />

// Words, indexed for exact nearest-neighbour search.

import { count, cutoff, invalid, items, MAX_U32, ownOptions, priorities } from './arguments.js';
import { Engine } from './engine.js';
import { LikewiseError, tooLong } from './errors.js';
import type { Dictionary as Handle, LoadError, Match, SearchError } from './generated/interfaces/likewise-engine-dictionary.js';
import { checkMetric, type Metric } from './metric.js';
import { checkString, isText, toQuery, toText } from './text.js';

export type { Match };

/** Text as a string, or as UTF-8. */
export type Text = string | Uint8Array | ArrayBuffer;

/** How to make a dictionary. */
export interface DictionaryOptions {
  /** For each word its priority, smaller being more common: whole numbers from 0 to 255. Absent, all are equal. */
  priority?: ArrayLike<number> | undefined;
}

/** How to search. */
export interface SuggestOptions {
  /** What similarity means: "indel" unless given. "typo" orders by what a person probably meant; the score stays that of "indel". */
  metric?: Metric | undefined;
  /** The lowest score, in percent, that is a match. */
  scoreCutoff?: number | undefined;
}

/** How to search for several words. */
export interface SearchOptions extends SuggestOptions {
  /** The most matches for one query: 5 unless given, 1 for `searchMany`. */
  limit?: number | undefined;
}

/** How to list what is near. */
export interface WithinOptions {
  /** Edits allowed. */
  distance: number;
  /** The most matches: all unless given. */
  limit?: number | undefined;
  /** A metric that counts edits: "levenshtein" unless given. */
  metric?: Metric | undefined;
}

/** Where dictionaries come from. */
export interface DictionaryFactory {
  /**
   * A dictionary of words, one a line; blank lines, a byte order mark and carriage returns before line ends do not count. The order
   * and duplicates are kept.
   * @throws {LikewiseError} `invalid-text` for bytes that are not UTF-8; `invalid-argument` where the priorities do not fit.
   */
  fromText(text: Text, options?: DictionaryOptions): Dictionary;
  /** A dictionary of words one by one, which may then hold line ends. */
  from(words: Iterable<string>, options?: DictionaryOptions): Dictionary;
  /**
   * Load what `save` wrote.
   * @throws {LikewiseError} `invalid-dictionary` for anything else, damaged data included.
   */
  load(data: Text): Dictionary;
}

/** A code point that separates these words: a line end where none has one, else the first that none uses. */
function separated(words: readonly string[]): { text: string; separator: string } {
  let separator = '\n';
  if (words.some((word) => word.includes(separator))) {
    const used = new Set<string>();
    for (const word of words) for (const character of word) used.add(character);
    let code = 0;
    // Surrogates are no code points of text.
    while (used.has(String.fromCodePoint(code)) || (code >= 0xd800 && code <= 0xdfff)) {
      if (++code > 0x10ffff) throw new LikewiseError('invalid-argument', 'every code point is used, so that none is left to separate the words: remove one');
    }
    separator = String.fromCodePoint(code);
  }
  // A trailing separator ends the last word, so that an empty last word is kept.
  return { text: words.map((word) => word + separator).join(''), separator };
}

const SUGGEST = ['metric', 'scoreCutoff'] as const;
const SEARCH = ['metric', 'limit', 'scoreCutoff'] as const;
const WITHIN = ['distance', 'limit', 'metric'] as const;
const MAKE = ['priority'] as const;

/** The options of every search, checked. */
function readSearch(given: SearchOptions | undefined, limit: number, known: readonly (keyof SearchOptions)[]) {
  const own = ownOptions(given, known);
  return {
    metric: checkMetric(own.metric ?? 'indel'),
    limit: own.limit === undefined ? limit : count(own.limit, 'limit'),
    scoreCutoff: cutoff(own.scoreCutoff),
  };
}

/** Words in a fixed order, each with a priority. Immutable. Its memory is freed by `dispose`, or with it by the garbage collector. */
export class Dictionary {
  readonly #engine: Engine;
  #handle: Handle | undefined;
  /** Number of words. */
  readonly length: number;

  /** @internal */
  constructor(engine: Engine, handle: Handle) {
    if (!(engine instanceof Engine)) throw new LikewiseError('invalid-argument', 'dictionaries are made by (await load()).Dictionary: fromText, from, load');
    this.#engine = engine;
    this.#handle = handle;
    forgotten.register(this, { engine, handle }, this);
    this.length = engine.call(() => handle.len());
  }

  #call<T>(action: (handle: Handle) => T): T {
    const handle = this.#handle;
    if (!handle) throw new LikewiseError('closed', 'this dictionary has been disposed of');
    return this.#engine.call(() => action(handle));
  }

  /**
   * The best match: the highest score, then the lowest priority, then the lowest index ("typo": the lowest cost first,
   * and a word of the dictionary itself before all others). Undefined where nothing has a score above 0.
   * @throws {LikewiseError} `too-long` for a query of more than 8,192 code points (1,024 for "damerau-levenshtein", "sorensen-dice" and "typo").
   */
  suggest(query: string, options?: SuggestOptions): Match | undefined {
    const text = toQuery(query, 'the query');
    const { metric, scoreCutoff } = readSearch(options, 1, SUGGEST);
    return searching(metric, () => this.#call((handle) => handle.suggest(text, metric, scoreCutoff)));
  }

  /**
   * The best `limit` matches, best first, in the order of `suggest`.
   * @throws {LikewiseError} `too-long` as `suggest`.
   */
  search(query: string, options?: SearchOptions): Match[] {
    const text = toQuery(query, 'the query');
    const { metric, limit, scoreCutoff } = readSearch(options, 5, SEARCH);
    return searching(metric, () => this.#call((handle) => handle.search(text, limit, metric, scoreCutoff)));
  }

  /**
   * `search` for each of the queries, in one call to the guest.
   * @throws {LikewiseError} `too-long` as `suggest`, where any of them is.
   */
  searchMany(queries: Iterable<string>, options?: SearchOptions): Match[][] {
    const { metric, limit, scoreCutoff } = readSearch(options, 1, SEARCH);
    const list = items(queries, 'queries', 'search takes one query').map((query, i) => toQuery(query, `queries[${i}]`));
    const { text, separator } = separated(list);
    return this.#call((handle) => {
      const found = searching(metric, () => handle.searchMany(text, separator, limit, metric, scoreCutoff));
      const answers: Match[][] = list.map(() => []);
      found.query.forEach((position, i) => {
        const index = found.index[i] as number;
        answers[position]?.push({ choice: handle.get(index) as string, score: found.score[i] as number, index });
      });
      return answers;
    });
  }

  /**
   * All words at most `distance` edits away, nearest first, then by priority and index.
   * @throws {LikewiseError} `invalid-argument` for a metric that does not count edits; `too-long` as `suggest`.
   */
  within(query: string, options: WithinOptions): Match[] {
    const text = toQuery(query, 'the query');
    const own = ownOptions(options, WITHIN);
    const metric = checkMetric(own.metric ?? 'levenshtein');
    const distance = count(own.distance, 'distance');
    const limit = own.limit === undefined ? MAX_U32 : count(own.limit, 'limit');
    return searching(metric, () => this.#call((handle) => handle.within(text, distance, limit, metric)));
  }

  /** The word at `index`, if there is one; a negative index counts from the end. */
  at(index: number): string | undefined {
    if (typeof index !== 'number') throw invalid('the index', index, 'a number');
    const position = Math.trunc(index) + (index < 0 ? this.length : 0);
    return position >= 0 && position < this.length ? this.#call((handle) => handle.get(position)) : undefined;
  }

  /** The lowest index at which exactly this word stands, or -1. */
  indexOf(word: string): number {
    checkString(word, 'the word');
    return isText(word) ? (this.#call((handle) => handle.indexOf(word)) ?? -1) : -1;
  }

  /** Whether exactly this word is among the words. */
  has(word: string): boolean {
    return this.indexOf(word) >= 0;
  }

  /** All words in order, in one call to the guest. */
  words(): string[] {
    if (this.length === 0) return [];
    const words = this.#call((handle) => handle.words(0, this.length, '\n')).split('\n');
    // A word may hold a line end itself.
    return words.length === this.length ? words : [...this];
  }

  /** The words in order. */
  *[Symbol.iterator](): IterableIterator<string> {
    for (let i = 0; i < this.length; i++) yield this.at(i) as string;
  }

  /** Bytes of the guest's memory that the words and the index occupy. */
  get memory(): number {
    return Number(this.#call((handle) => handle.memory()));
  }

  /** The words with their priorities and index, in a versioned format that carries a checksum: ASCII. */
  save(): string {
    return this.#call((handle) => handle.save());
  }

  /** Free the guest's memory. A second time does nothing. */
  dispose(): void {
    const handle = this.#handle;
    if (!handle) return;
    this.#handle = undefined;
    forgotten.unregister(this);
    free({ engine: this.#engine, handle });
  }
}

// The glue's name for it where the engine has none.
const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('dispose');

/** Free what a dictionary has in an instance. With one that has stopped, all of it is lost. */
function free({ engine, handle }: { engine: Engine; handle: Handle }): void {
  if (!engine.stopped) engine.call(() => (handle as unknown as { [DISPOSE](): void })[DISPOSE]());
}

const forgotten = new FinalizationRegistry(free);

export interface Dictionary extends Disposable {}
Object.defineProperty(Dictionary.prototype, DISPOSE, { value: Dictionary.prototype.dispose, writable: true, configurable: true });

/** The guest's refusal, a string, as an error. */
function refusing<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    const payload = (error as { payload?: unknown }).payload;
    if (typeof payload !== 'string') throw error;
    throw new LikewiseError('invalid-argument', payload);
  }
}

/** The guest's refusal of a search as an error. */
function searching<T>(metric: Metric, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const payload = (error as { payload?: SearchError }).payload;
    if (payload === undefined) throw error;
    if (payload.tag === 'not-a-distance') throw new LikewiseError('invalid-argument', payload.val);
    const { position, length, longest } = payload.val;
    throw tooLong(position === undefined ? 'query' : `queries[${position}]`, length, metric, longest);
  }
}

function unloadable(error: LoadError): string {
  if (error.tag === 'not-a-dictionary') return 'this is not a saved dictionary';
  if (error.tag === 'version') return `this dictionary was saved in version ${error.val} of the format, which is not known here`;
  return `this saved dictionary is damaged: ${error.val}`;
}

/** Dictionaries within one instance. */
export function dictionaries(engine: Engine): DictionaryFactory {
  const build = (text: string, separator: string, options: DictionaryOptions | undefined): Dictionary => {
    const { priority } = ownOptions(options, MAKE);
    const codes = priority === undefined ? undefined : priorities(priority).map((value) => String.fromCharCode(value)).join('');
    return refusing(() => new Dictionary(engine, engine.call(({ dictionary }) => dictionary.Dictionary.fromText(text, separator, codes))));
  };
  return {
    fromText(text, options) {
      let lines = toText(text, 'the text');
      if (lines.startsWith('\ufeff')) lines = lines.slice(1);
      if (lines.includes('\r')) lines = lines.replaceAll('\r\n', '\n');
      if (lines.startsWith('\n') || lines.includes('\n\n')) lines = lines.replace(/\n{2,}/g, '\n').replace(/^\n/, '');
      return build(lines, '\n', options);
    },
    from(words, options) {
      const list = items(words, 'words', 'Dictionary.fromText takes text').map((word, i) => toText(checkString(word, `word ${i}`), `word ${i}`));
      const { text, separator } = separated(list);
      return build(text, separator, options);
    },
    load(data) {
      try {
        const text = toText(data, 'the data');
        return new Dictionary(engine, engine.call(({ dictionary }) => dictionary.Dictionary.load(text)));
      } catch (error) {
        const payload = (error as { payload?: LoadError }).payload;
        if (payload) throw new LikewiseError('invalid-dictionary', unloadable(payload));
        // What is saved is ASCII.
        if (error instanceof LikewiseError && error.code === 'invalid-text') throw new LikewiseError('invalid-dictionary', 'this is not a saved dictionary', { cause: error });
        throw error;
      }
    },
  };
}
