// A peer of the race, on a thread of its own: the five nearest words by its own means.

import { distance } from 'fastest-levenshtein';
import Fuse from 'fuse.js';

const LIMIT = 5;

const searches = {
  'fastest-levenshtein': (words) => (query) => {
    const nearest = [];
    for (const word of words) {
      const far = distance(query, word);
      if (nearest.length === LIMIT && far >= nearest[LIMIT - 1].far) continue;
      const place = nearest.findIndex((other) => other.far > far);
      nearest.splice(place < 0 ? nearest.length : place, 0, { word, far });
      nearest.length = Math.min(nearest.length, LIMIT);
    }
    return nearest;
  },
  'fuse.js': (words) => {
    const fuse = new Fuse(words);
    return (query) => fuse.search(query, { limit: LIMIT });
  },
};

let search;

onmessage = ({ data }) => {
  if (data.words !== undefined) {
    search = searches[data.name](data.words.split('\n'));
    postMessage('ready');
    return;
  }
  postMessage(search(data.query));
};
