// The first pane: suggestions on every key press.

import { METRICS } from 'likewise';
import { differing } from './difference.js';

const element = (id) => document.getElementById(id);
const LIMIT = 8;

/** Wire up the pane; `add` makes more words known to it. */
export function startSuggest(worker, dictionary) {
  const query = element('query');
  const metric = element('metric');
  const list = element('matches');
  const told = element('told');
  metric.append(...METRICS.map((name) => new Option(name, name, false, name === 'typo')));

  // Words that were fetched are a dictionary of their own, searched beside the first.
  let added;
  const addedWords = [];
  let busy = false;
  let asked = false;
  let selected = -1;

  async function search(text, options) {
    const [first, second = []] = await Promise.all([dictionary.search(text, options), added?.search(text, options)]);
    const merged = [...first, ...second];
    // Within each the order is the metric's; between the two the score decides.
    return second.length > 0 ? merged.sort((a, b) => b.score - a.score).slice(0, LIMIT) : merged;
  }

  function item(text, { choice, score }, position) {
    const entry = document.createElement('li');
    entry.id = `match-${position}`;
    entry.role = 'option';
    entry.ariaSelected = 'false';
    const word = document.createElement('span');
    word.className = 'word';
    for (const { letters, differs } of differing(text, choice)) {
      const part = differs ? document.createElement('mark') : document.createElement('span');
      part.textContent = letters;
      word.append(part);
    }
    const percent = document.createElement('span');
    percent.className = 'score';
    percent.textContent = `${score.toFixed(1)} %`;
    entry.append(word, percent);
    entry.dataset.word = choice;
    return entry;
  }

  /** Mark an entry as the one that Enter takes: counted around, undefined for none. */
  function select(position) {
    const entries = [...list.children];
    selected = position === undefined || entries.length === 0 ? -1 : (position + entries.length) % entries.length;
    entries.forEach((entry, i) => (entry.ariaSelected = String(i === selected)));
    if (selected < 0) query.removeAttribute('aria-activedescendant');
    else query.setAttribute('aria-activedescendant', entries[selected].id);
  }

  async function show() {
    const text = query.value.trim();
    const started = performance.now();
    // A text that is no word is refused, by its length: that is what there is to say then.
    let refused;
    const matches = text === '' ? [] : await search(text, { metric: metric.value, limit: LIMIT }).catch((error) => ((refused = error.message), []));
    const answered = performance.now();
    if (asked) return;
    list.replaceChildren(...matches.map((match, i) => item(text, match, i)));
    list.dataset.for = `${metric.value} ${text}`;
    query.ariaExpanded = String(matches.length > 0);
    select(undefined);
    const count = matches.length === 1 ? '1 suggestion' : `${matches.length} suggestions`;
    const found = matches.length === 0 ? 'Nothing is like that.' : `${count} in ${(answered - started).toFixed(1)} ms, the first is ${matches[0].choice}.`;
    told.textContent = text === '' ? '' : (refused ?? found);
    performance.measure('likewise:show', { start: answered });
  }

  /** Show what is typed: one search at a time, and what was typed meanwhile after it. */
  async function update() {
    asked = true;
    if (busy) return;
    busy = true;
    try {
      while (asked) {
        asked = false;
        await show();
      }
    } finally {
      busy = false;
    }
  }

  function accept(word) {
    query.value = word;
    query.focus();
    void update();
  }

  query.addEventListener('input', () => {
    const start = performance.now();
    void update();
    performance.measure('likewise:ask', { start });
  });
  metric.addEventListener('change', () => void update());
  element('suggest').addEventListener('submit', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const entry = event.target.closest('[role=option]');
    if (entry) accept(entry.dataset.word);
  });
  query.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') select(selected + 1);
    else if (event.key === 'ArrowUp') select(selected < 0 ? -1 : selected - 1);
    else if (event.key === 'Enter' && selected >= 0) accept(list.children[selected].dataset.word);
    else if (event.key === 'Escape') accept('');
    else return;
    event.preventDefault();
  });

  return {
    async add(words) {
      addedWords.push(...words);
      const before = added;
      added = await worker.Dictionary.from(addedWords);
      before?.dispose();
      if (query.value) await update();
    },
  };
}
