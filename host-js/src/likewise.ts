// What `load` gives.

import { comparisons, type Comparisons } from './comparison.js';
import type { Modules } from './component/modules.js';
import { dictionaries, type DictionaryFactory } from './dictionary.js';
import type { Engine } from './engine.js';
import { scraper, type Scraper } from './fetch/scrape.js';
import type { OpenSession } from './fetch/session.js';
import { manifest } from './generated/manifest.js';

/** The engine, ready. Its functions may be taken off it: `const { ratio } = await load()`. */
export interface Likewise extends Comparisons, Scraper {
  /** The sha256 of the component: that of the file in the Python wheel. */
  readonly sha256: string;
  /** Where dictionaries come from. */
  readonly Dictionary: DictionaryFactory;
}

export function likewise(engine: Engine, modules: Modules, open: OpenSession): Likewise {
  return {
    sha256: manifest.sha256,
    Dictionary: dictionaries(engine),
    ...comparisons(engine),
    ...scraper(modules, engine, open),
  };
}
