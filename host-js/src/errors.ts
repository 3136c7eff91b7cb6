// Every error that the package raises on purpose.

import type { ErrorKind } from './generated/interfaces/likewise-engine-scraper.js';

/** What went wrong, for programs. */
export type Code =
  /** An argument is not what the function takes. */
  | 'invalid-argument'
  /** Bytes that are not UTF-8, or text that is not Unicode. */
  | 'invalid-text'
  /** Data that is not a saved dictionary, or a damaged one. */
  | 'invalid-dictionary'
  /** A query that is longer than a search by its metric takes. */
  | 'too-long'
  /** The component could not be had, or is not the one that this package was made for. */
  | 'load'
  /** Used after it was disposed of. */
  | 'closed'
  /** This JavaScript engine lacks what the function needs. */
  | 'unsupported'
  /** The guest stopped at a fault of its own; nothing more can be asked of it. */
  | 'trap'
  /** A URL could not be fetched: `FetchError.kind` says why. */
  | 'fetch';

/** An error of this package. */
export class LikewiseError extends Error {
  /** What went wrong, for programs. */
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LikewiseError';
    this.code = code;
  }
}

/** A URL could not be fetched. */
export class FetchError extends LikewiseError {
  /** Why. */
  readonly kind: ErrorKind;
  /** The URL as it was given. */
  readonly url: string;

  constructor(kind: ErrorKind, url: string, message: string) {
    super('fetch', message);
    this.name = 'FetchError';
    this.kind = kind;
    this.url = url;
  }
}

/** A query of so many code points is longer than a search takes. */
export function tooLong(name: string, length: number, metric: string, longest: number): LikewiseError {
  const grouped = (number: number): string => number.toLocaleString('en-US');
  return new LikewiseError('too-long', `${name}: ${grouped(length)} code points; a search by '${metric}' takes at most ${grouped(longest)}`);
}

/** How an argument is shown in a message. It runs what an object brings (getters, proxies), and is not stopped by it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object(value) !== value) return String(value);
  try {
    return `a ${(value as object).constructor.name}`;
  } catch {
    // It has none, or does not say.
    return 'an object';
  }
}
