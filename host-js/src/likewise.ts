// What `load` gives.

import type { Modules } from './component/modules.js';
import { dictionaries, type DictionaryFactory } from './dictionary.js';
import type { Engine } from './engine.js';
import type { OpenSession } from './fetch/session.js';
import { scraper, type Scraper } from './fetch/scrape.js';
import { manifest } from './generated/manifest.js';
import { checkMetric, type Metric } from './metric.js';
import { checkString, isText, substituted } from './text.js';

/** The engine, ready. Its functions may be taken off it: `const { ratio } = await load()`. */
export interface Likewise extends Scraper {
  /** The sha256 of the component: that of the file in the Python wheel. */
  readonly sha256: string;
  /** Normalised indel similarity in percent, 0 to 100: 100 for equal strings, two empty ones included. */
  ratio(a: string, b: string): number;
  /** Normalised similarity, 0.0 to 1.0; 1.0 for equal strings, two empty ones included. "typo" gives that of "indel". */
  similarity(metric: Metric, a: string, b: string): number;
  /**
   * Distance: 0 for equal strings. A whole number of edits, except that "jaro", "jaro-winkler" and "sorensen-dice" give
   * 1 - similarity. Counts code points, not UTF-16 units.
   */
  distance(metric: Metric, a: string, b: string): number;
  /** Where dictionaries come from. */
  readonly Dictionary: DictionaryFactory;
}

type Compare = 'similarity' | 'distance';

export function likewise(engine: Engine, modules: Modules, open: OpenSession): Likewise {
  const compare = (how: Compare, metric: Metric, a: string, b: string): number => {
    checkString(a, 'the first string');
    checkString(b, 'the second string');
    checkMetric(metric);
    if (!isText(a) || !isText(b)) [a, b] = substituted(a, b) as [string, string];
    return engine.call(({ similarity }) => similarity[how](metric, a, b));
  };
  return {
    sha256: manifest.sha256,
    ratio: (a, b) => 100 * compare('similarity', 'indel', a, b),
    similarity: (metric, a, b) => compare('similarity', metric, a, b),
    distance: (metric, a, b) => compare('distance', metric, a, b),
    Dictionary: dictionaries(engine),
    ...scraper(modules, engine, open),
  };
}
