// Why a fetch failed, as one of the contract's kinds.

import type { ErrorKind, Failure } from '../generated/interfaces/likewise-engine-transport.js';
import { shown } from '../errors.js';
import { TooLarge } from './body.js';

/** The caller ended it. */
export class Canceled extends Error {}

/** Not done within the time allowed. */
export class TimedOut extends Error {}

/** The caller's policy forbids it. */
export class Denied extends Error {}

/** The answer is not one that can be used. */
export class Unusable extends Error {}

const CLASSES: [new (message: string) => Error, ErrorKind][] = [
  [Canceled, 'canceled'],
  [TimedOut, 'timeout'],
  [Denied, 'denied'],
  [TooLarge, 'too-large'],
  [Unusable, 'protocol'],
];

// Codes of Node's sockets, of its HTTP client (undici), of its TLS (OpenSSL) and of its decompression (zlib).
const CODES: [RegExp, ErrorKind][] = [
  [/^(ENOTFOUND|EAI_\w+)$/, 'dns'],
  [/^(UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|ETIMEDOUT)$/, 'timeout'],
  [/^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/, 'tls'],
  [/^(HPE_|ERR_ASSERTION|UND_ERR_(RES_|RESPONSE|HEADERS_OVERFLOW|REQ_|INVALID_ARG))/, 'protocol'],
  [/^(Z_|ERR__?ERROR_|ERR_BROTLI|ERR_ZSTD|ZSTD_)/, 'decode'],
  [/^(E[A-Z]+|UND_ERR_SOCKET)$/, 'connect'],
];

interface Caused {
  name?: string;
  message?: string;
  code?: unknown;
  cause?: unknown;
  errors?: unknown[];
}

/** The innermost reason: `fetch` wraps it, and a connection tried at several addresses has several. */
function innermost(error: unknown): Caused {
  let found = Object(error) as Caused;
  for (let depth = 0; depth < 8; depth++) {
    const inner = (found.cause ?? found.errors?.[0]) as Caused | undefined;
    if (typeof inner !== 'object' || inner === null) break;
    found = inner;
  }
  return found;
}

/** What a caller's error or reason says, whatever it is. */
export function said(error: unknown): string {
  try {
    return String((error as Partial<Error> | undefined)?.message || error);
  } catch {
    return shown(error);
  }
}

/** A failure that says what happened and names the URL. `reason` is that of the abort, where there was one. */
export function toFailure(url: string, error: unknown, reason: unknown): Failure {
  const known = reason instanceof Error ? reason : error;
  for (const [type, kind] of CLASSES) {
    if (known instanceof type) return { kind, message: `${url}: ${known.message}` };
  }
  const found = innermost(error);
  const { code } = found;
  const message = said(found.message ? found : error);
  // Undici says the same of a socket that was closed as of an answer that is none (HTTP 100, 101), and some things without a code.
  if (/^bad (response|upgrade)$/.test(message)) return { kind: 'protocol', message: `${url}: ${message}` };
  if (typeof code === 'string') {
    const kind = CODES.find(([pattern]) => pattern.test(code))?.[1] ?? 'connect';
    return { kind, message: `${url}: ${message.includes(code) ? message : `${message} (${code})`}` };
  }
  if (/content-encoding/.test(message)) return { kind: 'decode', message: `${url}: ${message}` };
  if (found.name === 'HTTPParserError' || /invalid|mismatch|unexpected/i.test(message)) return { kind: 'protocol', message: `${url}: ${message}` };
  if (/bad port/.test(message)) return { kind: 'denied', message: `${url}: fetch() asks no such port (Fetch standard, "bad port")` };
  const silent =
    'the browser does not say why: the server may not consent to pages of another origin (CORS: it would have to send Access-Control-Allow-Origin), or nothing answers at that address';
  return { kind: 'connect', message: `${url}: ${/fetch/i.test(message) ? `${message}; ${silent}` : message}` };
}
