// The second pane: the same queries for likewise and for two peers.

const element = (id) => document.getElementById(id);

const QUERIES = ['definately', 'recieve', 'acommodate', 'seperate', 'occured', 'neccessary', 'embarass', 'wierd', 'goverment', 'tommorow'];

// Long enough for the browser to have compiled what runs hot.
const AT_LEAST_MS = 1500;

// The bars span from one query in ten seconds to ten thousand a second.
const SLOWEST = -1;
const FASTEST = 4;

function row(name) {
  const tr = document.createElement('tr');
  const head = document.createElement('th');
  head.scope = 'row';
  head.textContent = name;
  const bar = document.createElement('span');
  bar.className = 'bar';
  head.append(bar);
  const rate = document.createElement('td');
  const time = document.createElement('td');
  tr.append(head, rate, time);
  return {
    tr,
    show(milliseconds) {
      const perSecond = 1000 / milliseconds;
      bar.style.setProperty('--share', Math.max(0.01, Math.min(1, (Math.log10(perSecond) - SLOWEST) / (FASTEST - SLOWEST))));
      rate.textContent = perSecond >= 10 ? Math.round(perSecond).toLocaleString('en') : perSecond.toFixed(2);
      time.textContent = milliseconds >= 100 ? Math.round(milliseconds).toLocaleString('en') : milliseconds.toPrecision(3);
    },
  };
}

/** A peer in a worker. */
function peer(name, words) {
  const worker = new Worker(new URL('./race-worker.js', import.meta.url), { type: 'module', name });
  const answer = (message) =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(message);
    });
  return {
    name,
    prepare: () => answer({ name, words: words.join('\n') }),
    ask: (query) => answer({ query }),
    end: () => worker.terminate(),
  };
}

/** Wire up the pane. */
export function startRace(words, dictionary) {
  const button = element('race');
  const told = element('race-told');
  button.addEventListener('click', async () => {
    button.disabled = true;
    const ours = {
      name: 'likewise',
      prepare: async () => {},
      ask: (query) => dictionary.search(query, { metric: 'levenshtein', limit: 5 }),
      end() {},
    };
    const contestants = [ours, peer('fastest-levenshtein', words), peer('fuse.js', words)];
    const rows = contestants.map(({ name }) => row(name));
    element('bars').replaceChildren(...rows.map(({ tr }) => tr));
    const medians = [];
    try {
      for (const [i, contestant] of contestants.entries()) {
        told.textContent = `${contestant.name} runs…`;
        await contestant.prepare();
        const times = [];
        const end = performance.now() + AT_LEAST_MS;
        for (let turn = 0; turn < QUERIES.length || performance.now() < end; turn++) {
          const started = performance.now();
          await contestant.ask(QUERIES[turn % QUERIES.length]);
          times.push(performance.now() - started);
          if (turn % QUERIES.length > 0 && times.length > QUERIES.length) continue;
          medians[i] = times.toSorted((a, b) => a - b)[times.length >> 1];
          rows[i].show(medians[i]);
        }
      }
      const times = (i) => Math.round(medians[i] / medians[0]).toLocaleString('en');
      told.textContent = `likewise answers ${times(1)} times as fast as fastest-levenshtein and ${times(2)} times as fast as fuse.js.`;
    } catch (error) {
      told.textContent = `The race was called off: ${error.message}`;
    } finally {
      for (const contestant of contestants) contestant.end();
      button.disabled = false;
    }
  });
}
