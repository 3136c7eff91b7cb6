// A fetch session of the guest, in an instance of its own: a suspended call must be the only one in its instance.

import type { Modules } from '../component/modules.js';
import { LikewiseError } from '../errors.js';
import type { Options as GuestOptions, Outcome } from '../generated/interfaces/likewise-engine-scraper.js';
import type { Completion, Request } from '../generated/interfaces/likewise-engine-transport.js';
import { Kept } from './kept.js';
import type { TransportOptions } from './options.js';
import { Transport } from './transport.js';

/** URLs on their way. */
export interface Session {
  /** The next URL to end, or undefined when all have. One call at a time. */
  next(): Promise<Outcome | undefined>;
  /** End what is left. A call of `next` under way then comes to an end. */
  close(): void;
}

/** How to start a session. */
export interface Start {
  modules: Modules;
  urls: string[];
  guest: GuestOptions;
  transport: TransportOptions;
}

export type OpenSession = (start: Start) => Promise<Session>;

/** Whether this engine can suspend a call of the guest (JavaScript Promise Integration). */
export function hasJspi(): boolean {
  return 'Suspending' in WebAssembly;
}

/** A session whose guest is suspended while it waits. */
export async function openSuspending({ modules, urls, guest, transport: options }: Start): Promise<Session> {
  const { instantiate } = await import('../generated/glue-jspi.js');
  const kept = new Kept();
  let completions: Completion[] = [];
  // What came with an exchange has all been given out before the next one.
  let given: number[] = [];
  let wake = (): void => {};
  let underWay = 0;
  const transport = new Transport(options, (completion) => {
    underWay--;
    completions.push(completion);
    wake();
  });
  const exchange = async (submit: Request[], wait: boolean): Promise<Completion[]> => {
    underWay += submit.length;
    for (const request of submit) transport.start(request);
    if (wait && completions.length === 0 && underWay > 0) await new Promise<void>((resolve) => (wake = resolve));
    kept.drop(given);
    const taken = completions;
    completions = [];
    for (const completion of taken) kept.keep(completion);
    given = taken.map(({ id }) => id);
    return taken;
  };
  const { scraper } = await instantiate((name) => modules[name] as WebAssembly.Module, { 'likewise:engine/transport': { exchange } });
  const session = new scraper.Session(urls, guest);
  return {
    next: async () => {
      try {
        const outcome = await session.next();
        return outcome && kept.restore(outcome);
      } catch (error) {
        throw trapped(error);
      }
    },
    close: () => transport.close(),
  };
}

/** A fault of the guest as an error of this package. */
export function trapped(error: unknown): unknown {
  if (!(error instanceof WebAssembly.RuntimeError)) return error;
  return new LikewiseError('trap', `the guest stopped while it fetched: ${error.message}; start the scrape again`, { cause: error });
}
