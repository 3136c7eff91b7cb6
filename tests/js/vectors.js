// The vector files of fixtures/vectors, read in Node.

import { readFileSync } from 'node:fs';
import { METRICS } from 'likewise';

const folder = new URL('../../fixtures/vectors/', import.meta.url);

/** Every vector: metric, the two strings, what is expected. */
export function vectors() {
  return METRICS.filter((metric) => metric !== 'typo').flatMap((metric) => {
    const [header, ...lines] = readFileSync(new URL(`${metric}.csv`, folder), 'utf8').trimEnd().split('\n');
    if (header !== 'a,b,distance,similarity') throw new Error(`${metric}.csv has the header ${header}`);
    return lines.map((line) => {
      const [a, b, distance, similarity] = line.split(',');
      return { metric, a: JSON.parse(`"${a}"`), b: JSON.parse(`"${b}"`), distance: Number(distance), similarity: Number(similarity) };
    });
  });
}

/** For each metric the longest query that a dictionary takes, and what the error says of the second of several that is one longer. */
export function longestQueries() {
  const [header, ...lines] = readFileSync(new URL('dictionary/longest-queries.csv', folder), 'utf8').trimEnd().split('\n');
  if (header !== 'metric,longest,message') throw new Error(`the header is ${header}`);
  return lines.map((line) => {
    const [metric, longest, message] = line.split(',');
    return { metric, longest: Number(longest), message: JSON.parse(`"${message}"`) };
  });
}

/** Those that an engine answers otherwise, as lines to read. Self-contained: it is also sent to browsers as text. */
export async function disagreements(cases, engine) {
  const wrong = [];
  for (const { metric, a, b, distance, similarity } of cases) {
    const answers = [await engine.distance(metric, a, b), await engine.similarity(metric, a, b)];
    if (!(Math.abs(answers[0] - distance) < 1e-9 && Math.abs(answers[1] - similarity) < 1e-9)) {
      wrong.push(`${metric} ${JSON.stringify([a, b])}: ${answers}, expected ${[distance, similarity]}`);
    }
  }
  return wrong;
}
