/// <reference lib="esnext.disposable" preserve="true" />

// The page's half: the engine's functions as promises.

import type { Comparisons } from '../comparison.js';
import type { Modules } from '../component/modules.js';
import type { Dictionary, DictionaryOptions, Text } from '../dictionary.js';
import { items, ownOptions } from '../arguments.js';
import { LikewiseError } from '../errors.js';
import { manifest } from '../generated/manifest.js';
import type { LoadOptions } from '../load.js';
import { toBytes } from '../text.js';
import type { Answer, Call, Init, Reference } from './protocol.js';

type Promised<T> = {
  [Name in keyof T]: T[Name] extends (...args: infer Args) => infer Result ? (...args: Args) => Promise<Result> : Promise<T[Name]>;
};

/** How to make a dictionary in a worker. */
export interface RemoteDictionaryOptions extends DictionaryOptions {
  /** Move the buffer of the bytes given instead of copying it: it is then empty here. */
  transfer?: boolean | undefined;
}

/** A dictionary in a worker: that of the main entry, with promises. */
export interface RemoteDictionary extends Promised<Pick<Dictionary, 'suggest' | 'search' | 'searchMany' | 'within' | 'at' | 'indexOf' | 'has' | 'words' | 'save' | 'memory'>>, Disposable {
  /** Number of words. */
  readonly length: number;
  /** Free the worker's memory. A second time does nothing. */
  dispose(): void;
}

/** Where dictionaries in a worker come from. */
export interface RemoteDictionaryFactory {
  /** A dictionary of words, one a line; the order and duplicates are kept. */
  fromText(text: Text, options?: RemoteDictionaryOptions): Promise<RemoteDictionary>;
  /** A dictionary of words one by one, which may then hold line ends. */
  from(words: Iterable<string>, options?: DictionaryOptions): Promise<RemoteDictionary>;
  /** Load what `save` wrote. */
  load(data: Text, options?: Pick<RemoteDictionaryOptions, 'transfer'>): Promise<RemoteDictionary>;
}

/** The engine in a worker. */
export interface RemoteLikewise extends Promised<Comparisons>, Disposable {
  /** The sha256 of the component: that of the file in the Python wheel. */
  readonly sha256: string;
  /** Where dictionaries come from. */
  readonly Dictionary: RemoteDictionaryFactory;
  /** End the worker and everything in it. What it has not answered fails with the code `closed`. */
  terminate(): void;
}

/** How to start a worker. */
export interface SpawnOptions extends LoadOptions {
  /**
   * Where the worker's script is served: a copy of `likewise/worker-script.js`. For pages whose content security policy forbids workers made of
   * blobs (`worker-src blob:`) or demands trusted types: a `TrustedScriptURL` is one, too. Unless given, a blob is used. Node needs none.
   */
  script?: string | URL | TrustedURL | undefined;
}

/** A URL as a policy for trusted types makes it. */
export interface TrustedURL {
  toJSON(): string;
  toString(): string;
}

/** A thread, whichever platform it is of. */
export interface Thread {
  post(message: Init | Call, transfer: ArrayBuffer[]): void;
  /** Whether anything is awaited: an idle thread must not keep a process alive. */
  busy(awaited: boolean): void;
  terminate(): void;
}

export type StartThread = (options: SpawnOptions, receive: (answer: Answer) => void, fail: (error: LikewiseError) => void) => Promise<Thread>;

// The glue's name for it where the engine has none.
const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('dispose');

function transferred(source: Text, transfer: boolean | undefined): ArrayBuffer[] {
  if (!transfer || typeof source === 'string') return [];
  const { buffer } = toBytes(source, 'what is transferred', 'a string, a Uint8Array or an ArrayBuffer');
  // The copy that is made of shared memory stays.
  return source === buffer || (source as Uint8Array).buffer === buffer ? [buffer as ArrayBuffer] : [];
}

/** Start a worker on compiled modules. */
export async function connect(modules: Modules, options: SpawnOptions, start: StartThread): Promise<RemoteLikewise> {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  let lastId = 0;
  let closed: LikewiseError | undefined;

  const close = (error: LikewiseError): void => {
    closed ??= error;
    thread?.terminate();
    for (const { reject } of waiting.values()) reject(closed);
    waiting.clear();
  };
  const receive = (answer: Answer): void => {
    const waiter = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) thread?.busy(false);
    if (!waiter) return;
    if ('value' in answer) return waiter.resolve(answer.value);
    const { code, message } = answer.thrown;
    waiter.reject(code ? new LikewiseError(code, message) : new Error(message));
  };
  let thread: Thread | undefined;
  const ready = new Promise((resolve, reject) => waiting.set(0, { resolve, reject }));
  // It may fail before it is awaited.
  ready.catch(() => {});
  thread = await start(options, receive, close);
  thread.post({ modules }, []);
  await ready.catch((error) => {
    thread.terminate();
    throw error;
  });

  const post = (call: Omit<Call, 'id'>, transfer: ArrayBuffer[] = []): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (closed) return reject(closed);
      const id = ++lastId;
      try {
        thread.post({ ...call, id }, transfer);
      } catch (error) {
        return reject(new LikewiseError('invalid-argument', `an argument cannot be sent to the worker: ${(error as Error).message}`, { cause: error }));
      }
      thread.busy(true);
      waiting.set(id, { resolve, reject });
    });
  const call = (method: string, ...args: unknown[]): Promise<never> => post({ dictionary: undefined, method, args }) as Promise<never>;

  // Nobody waits for it, and with the worker all of it ends.
  const free = (dictionary: number): void => void post({ dictionary, method: 'dispose', args: [] }).catch(() => {});
  const forgotten = new FinalizationRegistry(free);

  async function remote(reference: Promise<unknown>): Promise<RemoteDictionary> {
    const { dictionary, length } = (await reference) as Reference;
    let disposed = false;
    const ask = async (method: string, ...args: unknown[]): Promise<never> => {
      if (disposed) throw new LikewiseError('closed', 'this dictionary has been disposed of');
      return (await post({ dictionary, method, args })) as never;
    };
    const dispose = (): void => {
      if (disposed) return;
      disposed = true;
      forgotten.unregister(proxy);
      free(dictionary);
    };
    const proxy: RemoteDictionary = {
      length,
      suggest: (query, options) => ask('suggest', query, options),
      search: (query, options) => ask('search', query, options),
      searchMany: async (queries, options) => ask('searchMany', items(queries, 'queries', 'search takes one query'), options),
      within: (query, options) => ask('within', query, options),
      at: (index) => ask('at', index),
      indexOf: (word) => ask('indexOf', word),
      has: (word) => ask('has', word),
      words: () => ask('words'),
      save: () => ask('save'),
      get memory() {
        return ask('memory');
      },
      dispose,
      [DISPOSE]: dispose,
    };
    forgotten.register(proxy, dictionary, proxy);
    return proxy;
  }

  const terminate = (): void => close(new LikewiseError('closed', 'this worker has been ended'));
  return {
    sha256: manifest.sha256,
    ratio: (a, b) => call('ratio', a, b),
    similarity: (metric, a, b) => call('similarity', metric, a, b),
    distance: (metric, a, b) => call('distance', metric, a, b),
    Dictionary: {
      fromText: async (text, options) => {
        const { transfer, ...given } = ownOptions(options, ['priority', 'transfer']);
        return remote(post({ dictionary: undefined, method: 'fromText', args: [text, given] }, transferred(text, transfer)));
      },
      from: async (words, options) => remote(call('from', items(words, 'words', 'Dictionary.fromText takes text'), options)),
      load: async (data, options) => remote(post({ dictionary: undefined, method: 'load', args: [data] }, transferred(data, ownOptions(options, ['transfer']).transfer))),
    },
    terminate,
    [DISPOSE]: terminate,
  };
}
