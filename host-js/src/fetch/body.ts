// A response's content: read up to a limit, and carried as a string.

import type { Payload } from '../generated/interfaces/likewise-engine-transport.js';

/** More content than allowed. */
export class TooLarge extends Error {}

/** The content, decompressed by `fetch`, unless it is more than `limit` bytes. Whoever is told so aborts the signal, and with it what may still come. */
export async function readBody(response: Response, limit: number, signal: AbortSignal): Promise<Uint8Array> {
  if (!response.body) return new Uint8Array();
  const reader = response.body.getReader();
  const cancel = (): void => void reader.cancel().catch(() => {});
  // A response may come when nobody waits for it any more.
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });
  // Where the length that is announced is that of the content, it can be judged before the content comes.
  const announced = response.headers.get('content-encoding') ? null : response.headers.get('content-length');
  if (announced !== null && Number(announced) > limit) throw new TooLarge(`${announced} bytes announced, ${limit} allowed`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) throw new TooLarge(`more than the ${limit} bytes allowed`);
    if (value.length > 0) chunks.push(value);
    // A stream of nothing at all would let no timer have its turn.
    else await new Promise((resolve) => setTimeout(resolve));
  }
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const content = new Uint8Array(length);
  let position = 0;
  for (const chunk of chunks) {
    content.set(chunk, position);
    position += chunk.length;
  }
  return content;
}

// Not `fatal: false` with a comparison: one pass decides and decodes.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// Arguments travel on the stack: this many are safe in every engine.
const AT_ONCE = 8192;

/** Each byte as the code point of its value. */
export function toMapped(bytes: Uint8Array): string {
  let data = '';
  for (let i = 0; i < bytes.length; i += AT_ONCE) data += String.fromCharCode(...bytes.subarray(i, i + AT_ONCE));
  return data;
}

/** Bytes as the contract carries them. */
export function toPayload(bytes: Uint8Array): Payload {
  try {
    return { data: utf8.decode(bytes), mapped: false };
  } catch {
    return { data: toMapped(bytes), mapped: true };
  }
}

/** The bytes that a mapped string stands for. */
export function fromMapped(data: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(data, (character) => character.charCodeAt(0));
}

/** The bytes that a payload carries. */
export function fromPayload({ data, mapped }: Payload): Uint8Array<ArrayBuffer> {
  return mapped ? fromMapped(data) : new TextEncoder().encode(data);
}
