// Two strings, one metric, one number.

import type { Engine } from './engine.js';
import { checkMetric, type Metric } from './metric.js';
import { checkString, isText, substituted } from './text.js';

/** Comparisons of two strings, by code point. */
export interface Comparisons {
  /** Normalised indel similarity in percent, 0 to 100: 100 for equal strings, two empty ones included. */
  ratio(a: string, b: string): number;
  /** Normalised similarity, 0.0 to 1.0; 1.0 for equal strings, two empty ones included. "typo" gives that of "indel". */
  similarity(metric: Metric, a: string, b: string): number;
  /**
   * Distance: 0 for equal strings. A whole number of edits, except that "jaro", "jaro-winkler" and "sorensen-dice" give
   * 1 - similarity. Counts code points, not UTF-16 units.
   */
  distance(metric: Metric, a: string, b: string): number;
}

export function comparisons(engine: Engine): Comparisons {
  const compare = (how: 'similarity' | 'distance', metric: Metric, a: string, b: string): number => {
    checkMetric(metric);
    checkString(a, 'the first string');
    checkString(b, 'the second string');
    if (!isText(a) || !isText(b)) [a, b] = substituted(a, b) as [string, string];
    return engine.call(({ similarity }) => similarity[how](metric, a, b));
  };
  return {
    ratio: (a, b) => 100 * compare('similarity', 'indel', a, b),
    similarity: (metric, a, b) => compare('similarity', metric, a, b),
    distance: (metric, a, b) => compare('distance', metric, a, b),
  };
}
