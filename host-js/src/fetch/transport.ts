// The guest's requests carried out with fetch().
//
// The guest follows redirects itself, each hop a request of its own. A browser shows a page no redirect, so there it follows and
// the guest is told of one hop from the first URL to the last, whose response is kept until the guest asks for it.

import type { Completion, Request, Result, Response as Answer, Failure } from '../generated/interfaces/likewise-engine-transport.js';
import { fromPayload, readBody, toPayload } from './body.js';
import { Canceled, Denied, said, TimedOut, toFailure, Unusable } from './failure.js';
import { toLines } from './fields.js';
import type { TransportOptions } from './options.js';

/** Marks a hop that only the browser saw. */
export const UNSEEN = 'likewise-unseen-redirect';

/** Whether fetch() shows redirects. It does everywhere but in browsers, and those alone call themselves Mozilla. */
const SEES_REDIRECTS = !globalThis.navigator?.userAgent?.startsWith('Mozilla/');

/** What an abort calls. A signal may end many scrapes, that of a server all of them: it has this one listener, for Node 20 warns of more than ten. */
class Actions extends Set<() => void> {
  handleEvent(): void {
    for (const action of this) action();
  }
}

const aborts = new WeakMap<AbortSignal, Actions>();

/** Have `action` called by an abort, until what is returned is called. */
function onAbort(signal: AbortSignal, action: () => void): () => void {
  const actions = aborts.get(signal) ?? new Actions();
  aborts.set(signal, actions);
  if (actions.size === 0) signal.addEventListener('abort', actions, { once: true });
  actions.add(action);
  return () => {
    actions.delete(action);
    // A signal that has a listener is kept for as long as its timer runs, and keeps what it would end.
    if (actions.size === 0) signal.removeEventListener('abort', actions);
  };
}

interface Flight {
  controller: AbortController;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Requests under way for one session. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #settled: (completion: Completion) => void;
  readonly #flights = new Map<number, Flight>();
  readonly #kept = new Map<string, { response: Response; controller: AbortController }[]>();
  #canceled: Canceled | undefined;
  #ignoreSignal = (): void => {};

  /** `settled` is called once for each request, never before `start` returns. */
  constructor(options: TransportOptions, settled: (completion: Completion) => void) {
    this.#options = options;
    this.#settled = settled;
    const { signal } = options;
    if (signal?.aborted) this.close(signal.reason);
    else if (signal) this.#ignoreSignal = onAbort(signal, () => this.close(signal.reason));
  }

  /** Send a request. */
  start(request: Request): void {
    const flight: Flight = { controller: new AbortController(), timer: undefined };
    this.#flights.set(request.id, flight);
    if (this.#canceled) flight.controller.abort(this.#canceled);
    if (request.timeoutMs !== undefined) {
      const expired = (): void => flight.controller.abort(new TimedOut(`not done within the ${request.timeoutMs} ms left for it`));
      flight.timer = setTimeout(expired, request.timeoutMs);
    }
    void this.#carryOut(request, flight).then((outcome) => {
      clearTimeout(flight.timer);
      this.#flights.delete(request.id);
      this.#settled({ id: request.id, outcome });
    });
  }

  /** End everything under way, and everything that may follow. */
  close(reason?: unknown): void {
    this.#ignoreSignal();
    const why = reason === undefined ? undefined : said(reason);
    this.#canceled ??= new Canceled(`ended by the caller${why === undefined ? '' : `: ${why}`}`);
    for (const { controller } of this.#flights.values()) controller.abort(this.#canceled);
    for (const { controller } of [...this.#kept.values()].flat()) controller.abort(this.#canceled);
    this.#kept.clear();
  }

  async #carryOut(request: Request, flight: Flight): Promise<Result<Answer, Failure>> {
    const started = performance.now();
    const elapsedUs = (): bigint => BigInt(Math.round((performance.now() - started) * 1000));
    try {
      const kept = this.#takeKept(request);
      if (kept) flight.controller = kept.controller;
      const { signal } = flight.controller;
      signal.throwIfAborted();
      // The caller's own functions, and streams of theirs, may heed no signal.
      const ended = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
      return { tag: 'ok', val: { ...(await Promise.race([this.#answer(request, flight.controller, kept?.response), ended])), elapsedUs: elapsedUs() } };
    } catch (error) {
      const failure = toFailure(request.url, error, flight.controller.signal.reason);
      // Nobody reads what may still come.
      flight.controller.abort();
      return { tag: 'err', val: failure };
    }
  }

  async #answer(request: Request, controller: AbortController, kept: Response | undefined): Promise<Omit<Answer, 'elapsedUs'>> {
    const { signal } = controller;
    await this.#permit(request.url);
    signal.throwIfAborted();
    const response = kept ?? (await this.#ask(request, signal));
    if (response.redirected && !kept) {
      this.#keep(response, controller);
      const headers = toLines([
        ['location', response.url],
        [UNSEEN, ''],
      ]);
      return { status: 302, headers, body: { data: '', mapped: false } };
    }
    const body = toPayload(await readBody(response, this.#options.maxBytes, signal));
    // The mark is this package's own: a server that sends it marks nothing.
    const fields = [...response.headers].filter(([name]) => name !== UNSEEN);
    return { status: response.status, headers: toLines(fields), body };
  }

  /** The caller's policy: what it does not say is a refusal. */
  async #permit(url: string): Promise<void> {
    const { allow } = this.#options;
    let allowed: boolean;
    try {
      allowed = !allow || (await allow(new URL(url)));
    } catch (error) {
      throw new Denied(`the policy of the caller (allow) failed: ${said(error)}`);
    }
    if (!allowed) throw new Denied('the policy of the caller (allow) forbids it');
  }

  async #ask(request: Request, signal: AbortSignal): Promise<Response> {
    const { fetch, follow } = this.#options;
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      body: request.body ? fromPayload(request.body) : null,
      redirect: SEES_REDIRECTS || !follow ? 'manual' : 'follow',
      credentials: 'omit',
      signal,
    });
    if (response.type === 'opaqueredirect') {
      throw new Unusable('it redirects, and a browser does not say where to; let redirects be followed');
    }
    if (response.type === 'error') throw new Error('the answer is a network error (Response.error())');
    return response;
  }

  /** Keep a response that the browser came to by redirects until the guest asks for its URL. */
  #keep(response: Response, controller: AbortController): void {
    if (this.#canceled) return controller.abort(this.#canceled);
    const url = withoutFragment(response.url);
    this.#kept.set(url, [...(this.#kept.get(url) ?? []), { response, controller }]);
  }

  #takeKept(request: Request): { response: Response; controller: AbortController } | undefined {
    const waiting = this.#kept.get(request.url);
    const taken = waiting?.shift();
    if (waiting?.length === 0) this.#kept.delete(request.url);
    return taken;
  }
}

function withoutFragment(url: string): string {
  const end = url.indexOf('#');
  return end < 0 ? url : url.slice(0, end);
}
