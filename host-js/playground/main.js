// The playground: loads the words into a worker and wires up the panes.

import { load } from 'likewise';
import { spawn } from 'likewise/worker';
import { startFetch } from './fetch.js';
import { startRace } from './race.js';
import { startSuggest } from './suggest.js';

const element = (id) => document.getElementById(id);

async function start() {
  const [worker, data] = await Promise.all([spawn(), fetch('./english.index')]);
  if (!data.ok) throw new Error(`the words are missing (${data.status}): ./just build makes them`);
  const dictionary = await worker.Dictionary.load(await data.arrayBuffer(), { transfer: true });
  const words = await dictionary.words();
  element('sha256').textContent = worker.sha256;
  element('loading').textContent = `${dictionary.length.toLocaleString('en')} English words`;

  const suggest = startSuggest(worker, dictionary);
  startRace(words, dictionary);
  const known = new Set(words);
  startFetch(load, async (found) => {
    const fresh = found.filter((word) => !known.has(word));
    for (const word of fresh) known.add(word);
    if (fresh.length > 0) await suggest.add(fresh);
    return fresh;
  });
  for (const control of document.querySelectorAll(':disabled')) control.disabled = false;
  element('query').focus({ preventScroll: true });
  document.documentElement.dataset.ready = 'yes';
}

start().catch((error) => {
  element('loading').textContent = `This did not work: ${error.message}`;
  throw error;
});
