// What callers pass, checked: options, lists and numbers. An error names the argument, what it is, and what it must be.

import { LikewiseError, shown } from './errors.js';

/** An object without a prototype; unlike that of `Object.create(null)`, its properties stay quick. */
const Own = function () {} as unknown as new () => Record<string, unknown>;
Own.prototype = Object.create(null);
const NONE = new Own();

export function invalid(name: string, value: unknown, rule: string): LikewiseError {
  return new LikewiseError('invalid-argument', `${name} is ${shown(value)}, and must be ${rule}`);
}

/**
 * A call's options, each read once. Own properties only: a polluted `Object.prototype` decides nothing. A name that is not known is an
 * error, for a misspelt option would otherwise be one that does nothing.
 */
export function ownOptions<T extends object>(given: T | undefined, known: readonly (keyof T & string)[]): Partial<T> {
  if (given === undefined) return NONE as Partial<T>;
  if (typeof given !== 'object' || given === null) throw invalid('options', given, 'an object');
  const own = new Own();
  for (const name of Object.keys(given)) {
    if (!(known as readonly string[]).includes(name)) throw new LikewiseError('invalid-argument', `unknown option ${shown(name)}; known are ${known.join(', ')}`);
    own[name] = given[name as keyof T];
  }
  return own as Partial<T>;
}

export const MAX_U32 = 2 ** 32 - 1;

/** How many; Infinity is as many as there may be. */
export function count(value: unknown, name: string): number {
  if (value === Infinity) return MAX_U32;
  if (Number.isInteger(value) && (value as number) >>> 0 === value) return value;
  throw invalid(name, value, `a whole number from 0 to ${MAX_U32}`);
}

export function cutoff(value: number | undefined): number | undefined {
  if (value === undefined || (typeof value === 'number' && value >= 0 && value <= 100)) return value;
  throw invalid('scoreCutoff', value, 'a percentage from 0 to 100');
}

/** Priorities, each a byte. */
export function priorities(values: ArrayLike<number>): number[] {
  if (typeof values !== 'object' || values === null) throw invalid('priority', values, 'a list of numbers');
  return Array.from(values, (value, i) => {
    if (Number.isInteger(value) && (value & 255) === value) return value;
    throw invalid(`priority[${i}]`, value, 'a whole number from 0 to 255');
  });
}

/** The items of a list, which a string is not: its letters are hardly ever what was meant. `hint` says what takes one string. */
export function items(values: unknown, name: string, hint: string): unknown[] {
  if (typeof values === 'object' && values !== null && !(values instanceof String)) {
    if (Symbol.iterator in values || 'length' in values) return Array.from(values as Iterable<unknown>);
  }
  throw invalid(name, values, `a list of strings${typeof values === 'string' ? `; ${hint}` : ''}`);
}
