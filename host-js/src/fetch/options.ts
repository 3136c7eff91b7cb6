// How to fetch: what callers say, checked, and what the guest and the transport are told.

import { invalid, ownOptions } from '../arguments.js';
import { LikewiseError } from '../errors.js';
import { kindOf } from '../text.js';
import type { Site } from '../site.js';
import type { Options as GuestOptions } from '../generated/interfaces/likewise-engine-scraper.js';

/** How to fetch. */
export interface ScrapeOptions {
  /** Requests in flight at once, at least 1: 16 unless given. */
  concurrency?: number | undefined;
  /** Milliseconds allowed for one URL, redirects included: 30,000 unless given, Infinity for no limit. */
  timeout?: number | undefined;
  /** Bytes of content allowed for one URL, counted after decompression: 64 MiB unless given. */
  maxBytes?: number | undefined;
  /** Whether redirects are followed: true unless given. */
  followRedirects?: boolean | undefined;
  /** Redirects followed for one URL: 10 unless given. A browser follows them by itself and counts to 20. */
  maxRedirects?: number | undefined;
  /** Header fields to send with every request. A browser keeps some to itself. */
  headers?: ConstructorParameters<typeof Headers>[0];
  /** Whether to extract the page's facts in the same pass; otherwise that happens when `site.page` is first read. */
  extract?: boolean | undefined;
  /** Ends what is left: those URLs then end in an error of kind "canceled", and nothing that arrived is lost. */
  signal?: AbortSignal | undefined;
  /**
   * Your policy: whether a URL may be asked, for each hop before it is. A refusal ends the URL in an error of kind "denied". A
   * browser judges by its own rules and follows redirects unseen, so there it sees the first and the last hop only.
   */
  allow?: ((url: URL) => boolean | Promise<boolean>) | undefined;
  /** The function to fetch with instead of the global one: with a proxy, a cache, an agent of yours. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Called as each URL ends. */
  progress?: ((done: number, total: number, site: Site) => void) | undefined;
}

/** What the transport is told. */
export interface TransportOptions {
  maxBytes: number;
  follow: boolean;
  signal: AbortSignal | undefined;
  allow: ScrapeOptions['allow'];
  fetch: typeof globalThis.fetch;
}

// Node opens as many connections as are asked for; more than a few dozen to one host cost more than they bring.
const CONCURRENCY = 16;
// As the Python host has it: for a URL, and for decoded content.
const TIMEOUT_MS = 30_000;
const MAX_BYTES = 64 * 2 ** 20;
const MAX_REDIRECTS = 10;
const MAX_U32 = 2 ** 32 - 1;

function whole(value: number, name: string, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(name, value, `a whole number from ${least} to ${most}`);
}

function headerList(headers: ScrapeOptions['headers']): [string, string][] {
  try {
    return [...new Headers(headers)];
  } catch (error) {
    throw new LikewiseError('invalid-argument', `headers cannot be sent: ${(error as Error).message}`, { cause: error });
  }
}

const KNOWN = ['concurrency', 'timeout', 'maxBytes', 'followRedirects', 'maxRedirects', 'headers', 'extract', 'signal', 'allow', 'fetch', 'progress'] as const;

/** The options of a call, for the guest and for the transport. What they leave out is in no polluted prototype either. */
export function readOptions(given: ScrapeOptions | undefined): { guest: GuestOptions; transport: TransportOptions; progress: ScrapeOptions['progress'] } {
  const options = ownOptions(given, KNOWN);
  const { concurrency = CONCURRENCY, timeout = TIMEOUT_MS, maxBytes = MAX_BYTES, maxRedirects = MAX_REDIRECTS, followRedirects = true, extract = false } = options;
  const check = (name: keyof ScrapeOptions, type: 'function' | 'boolean' | 'number', rule: string): void => {
    const value = options[name];
    if (value !== undefined && typeof value !== type) throw invalid(name, value, rule);
  };
  for (const name of ['allow', 'fetch', 'progress'] as const) check(name, 'function', 'a function');
  for (const name of ['followRedirects', 'extract'] as const) check(name, 'boolean', 'true or false');
  check('timeout', 'number', 'a number of milliseconds');
  // An AbortController is none, and without one nothing would ever be aborted.
  const signal: unknown = options.signal ?? undefined;
  if (signal !== undefined && kindOf(signal) !== 'AbortSignal') throw invalid('signal', signal, 'an AbortSignal');
  const guest: GuestOptions = Object.assign(Object.create(null), {
    concurrency: whole(concurrency, 'concurrency', 1, MAX_U32),
    headers: headerList(options.headers),
    extract,
  });
  // A timer cannot wait longer than this, which is 24 days.
  if (timeout !== Infinity) guest.timeoutMs = whole(Math.ceil(timeout), 'timeout', 1, 2 ** 31 - 1);
  if (followRedirects) guest.maxRedirects = whole(maxRedirects, 'maxRedirects', 0, MAX_U32);
  const transport: TransportOptions = {
    maxBytes: maxBytes === Infinity ? Number.MAX_SAFE_INTEGER : whole(maxBytes, 'maxBytes', 0, Number.MAX_SAFE_INTEGER),
    follow: followRedirects,
    signal: options.signal ?? undefined,
    allow: options.allow,
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
  };
  return { guest, transport, progress: options.progress };
}
