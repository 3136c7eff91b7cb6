// JavaScript strings and bytes as the Unicode text that the contract carries.
//
// A JavaScript string may hold lone surrogates, which Unicode text cannot. The engine looks at nothing but equality, so
// each distinct one is replaced by a code point that occurs nowhere in the text: its answers stay the same.

import { invalid } from './arguments.js';
import { LikewiseError } from './errors.js';

const LONE = /\p{Surrogate}/gu;
const LAST = 0x10ffff;

export function checkString(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw invalid(name, value, 'a string');
}

// Engines of 2023 and later have it; for others the regular expression answers.
const isWellFormed: (text: string) => boolean =
  'isWellFormed' in String.prototype
    ? (text) => (text as string & { isWellFormed(): boolean }).isWellFormed()
    : (text) => text.search(LONE) < 0;

/** Whether a comparison needs `substituted`. */
export function isText(text: string): boolean {
  return isWellFormed(text);
}

/** Texts that are compared with one another, without lone surrogates. */
export function substituted(...texts: string[]): string[] {
  const taken = new Set(texts.join(' '));
  const substitutes = new Map<string, string>();
  let next = LAST;
  const substitute = (lone: string): string => {
    let found = substitutes.get(lone);
    if (found === undefined) {
      while (taken.has(String.fromCodePoint(next))) next--;
      found = String.fromCodePoint(next--);
      substitutes.set(lone, found);
    }
    return found;
  };
  return texts.map((text) => text.replace(LONE, substitute));
}

/** A query for a dictionary, whose words hold no lone surrogates. */
export function toQuery(value: unknown, name: string): string {
  const query = checkString(value, name);
  return isText(query) ? query : (substituted(query)[0] as string);
}

/** What something is, whichever realm it is of: what a frame or a sandbox made is no `instanceof` of ours. */
export function kindOf(value: unknown): string {
  try {
    return Object.prototype.toString.call(value).slice(8, -1);
  } catch {
    return '';
  }
}

/** Bytes that are there and stay as they are. */
export function toBytes(source: unknown, name: string, rule: string): Uint8Array {
  const isView = ArrayBuffer.isView(source);
  if (kindOf(source) !== (isView ? 'Uint8Array' : 'ArrayBuffer')) throw invalid(name, source, rule);
  let bytes: Uint8Array;
  try {
    // Read on, it would pass for no bytes at all. An iterator is refused for a view of a buffer that was transferred or shortened.
    if (isView) Uint8Array.prototype.keys.call(source as Uint8Array);
    bytes = isView ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source as ArrayBuffer);
  } catch {
    throw new LikewiseError('invalid-argument', `${name} was transferred: nothing is left of it here`);
  }
  // Other threads may write to shared memory while it is read, and browsers decode none of it.
  return kindOf(bytes.buffer) === 'SharedArrayBuffer' ? bytes.slice() : bytes;
}

/** Words as text, from a string or from UTF-8. */
export function toText(source: string | Uint8Array | ArrayBuffer, name: string): string {
  if (typeof source === 'string') {
    if (isText(source)) return source;
    throw new LikewiseError('invalid-text', `${name} has a lone surrogate at position ${source.search(LONE)}, which is not Unicode text; see String.prototype.toWellFormed`);
  }
  const bytes = toBytes(source, name, 'a string, a Uint8Array or an ArrayBuffer');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new LikewiseError('invalid-text', `${name} is not UTF-8; decode it first: new TextDecoder(encoding).decode(bytes)`, { cause: error });
  }
}
