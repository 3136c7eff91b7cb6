// The metrics by name.

import { LikewiseError, shown } from './errors.js';
import type { Metric } from './generated/interfaces/likewise-engine-similarity.js';

export type { Metric };

/** Every metric, in the order of the contract. */
export const METRICS = [
  'indel',
  'levenshtein',
  'osa',
  'damerau-levenshtein',
  'hamming',
  'lcs-seq',
  'prefix',
  'postfix',
  'jaro',
  'jaro-winkler',
  'sorensen-dice',
  'typo',
] as const satisfies readonly Metric[];

const KNOWN: ReadonlySet<string> = new Set(METRICS);

export function checkMetric(metric: Metric): Metric {
  if (KNOWN.has(metric)) return metric;
  throw new LikewiseError('invalid-argument', `unknown metric ${shown(metric)}; known are ${METRICS.join(', ')}`);
}
