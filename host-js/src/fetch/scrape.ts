// Many URLs at once: as they end, or all in order.

import type { Modules } from '../component/modules.js';
import type { Engine } from '../engine.js';
import { LikewiseError, shown } from '../errors.js';
import { Site } from '../site.js';
import { readOptions, type ScrapeOptions } from './options.js';
import type { OpenSession, Session } from './session.js';

/** URLs as they end. Leaving the loop ends what is left. */
export type SiteStream = AsyncIterableIterator<Site, undefined, undefined>;

/** What fetches. */
export interface Scraper {
  /**
   * Fetch URLs: one site for each, in the order given, duplicates kept. It never fails for a URL: see `site.error`.
   * @throws {LikewiseError} `invalid-argument`; `unsupported` where this engine can neither suspend a call nor block a thread.
   */
  scrape(urls: Iterable<string | URL>, options?: ScrapeOptions): Promise<Site[]>;
  /** Fetch URLs and give the sites as they end. */
  scrapeIter(urls: Iterable<string | URL>, options?: ScrapeOptions): SiteStream;
}

function readUrls(urls: unknown): string[] {
  if (typeof urls === 'string' || urls instanceof URL) {
    throw new LikewiseError('invalid-argument', `urls is one URL, and must be a list of them: [${JSON.stringify(String(urls))}]`);
  }
  if (typeof (urls as Iterable<unknown> | undefined)?.[Symbol.iterator] !== 'function') {
    throw new LikewiseError('invalid-argument', `urls is ${shown(urls)}, and must be a list of URLs`);
  }
  return Array.from(urls as Iterable<unknown>, read);
}

/** One of the URLs: what cannot even be read spoils none of the others. */
function read(url: unknown): string {
  try {
    return String(url);
  } catch {
    return shown(url);
  }
}

type Ended = { done: true; value: undefined };

/** Ends what was left half way and forgotten. */
const forgotten = new FinalizationRegistry<() => Promise<Ended>>((stop) => void stop());

/** A stream of these steps. It must not be in reach of `stop`, which outlives it. */
function streamed(step: () => Promise<IteratorResult<Site, undefined>>, stop: () => Promise<Ended>): SiteStream {
  let last: Promise<unknown> = Promise.resolve();
  const stream: SiteStream = {
    // Calls may overlap, and the guest takes one at a time.
    next: () => {
      const result = last.then(step);
      // Whoever waits for a step alone holds the stream by it.
      const held = (): SiteStream => stream;
      last = result.then(held, held);
      return result;
    },
    return: stop,
    [Symbol.asyncIterator]: () => stream,
  };
  forgotten.register(stream, stop);
  return stream;
}

export function scraper(modules: Modules, engine: Engine, open: OpenSession): Scraper {
  const extract = (html: string, base: string) => engine.call(({ page }) => page.extract(html, base));

  function scrapeIter(given: Iterable<string | URL>, options?: ScrapeOptions): SiteStream {
    const urls = readUrls(given);
    const { guest, transport, progress } = readOptions(options);
    let session: Promise<Session> | undefined;
    let done = 0;
    let over = false;
    const finished: Ended = { done: true, value: undefined };
    async function step(): Promise<IteratorResult<Site, undefined>> {
      if (over) return finished;
      session ??= open({ modules, urls, guest, transport });
      try {
        const outcome = await (await session).next();
        if (outcome && !over) {
          const site = new Site(urls[outcome.index] as string, outcome, extract);
          progress?.(++done, urls.length, site);
          return { done: false, value: site };
        }
      } catch (error) {
        await stop();
        throw error;
      }
      return stop();
    }
    async function stop(): Promise<Ended> {
      over = true;
      await session?.then((opened) => opened.close(), () => {});
      return finished;
    }
    return streamed(step, stop);
  }

  return {
    scrapeIter,
    async scrape(urls, options) {
      const sites: Site[] = [];
      for await (const site of scrapeIter(urls, options)) sites[site.index] = site;
      return sites;
    },
  };
}
