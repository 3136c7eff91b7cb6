// The five nearest words by each contestant's own means. Runs in Node, and as text in a browser.

export const LIMIT = 5;

/** Top five by a full scan with a distance function. */
export function scan(distance, words) {
  return (query) => {
    const nearest = [];
    for (const word of words) {
      const far = distance(query, word);
      if (nearest.length === LIMIT && far >= nearest[LIMIT - 1].far) continue;
      const place = nearest.findIndex((other) => other.far > far);
      nearest.splice(place < 0 ? nearest.length : place, 0, { word, far });
      nearest.length = Math.min(nearest.length, LIMIT);
    }
    return nearest;
  };
}

/** Milliseconds a query, the median; every contestant in turn, so that what else the machine does hits all alike. */
export function race(contestants, queries, { rounds = 3, slow = {} } = {}) {
  const times = contestants.map(() => []);
  for (const [, search] of contestants) search(queries[0]);
  for (let round = 0; round < rounds; round++) {
    for (const [i, query] of queries.entries()) {
      contestants.forEach(([name, search], c) => {
        // One of the slow takes longer than all others together: a few queries tell enough.
        if (slow[name] && (round > 0 || i >= slow[name])) return;
        const started = performance.now();
        search(query);
        times[c].push(performance.now() - started);
      });
    }
  }
  return contestants.map(([name], c) => ({ name, milliseconds: times[c].sort((a, b) => a - b)[times[c].length >> 1] }));
}
