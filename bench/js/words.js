// The words and the queries that every bench uses.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));
const shared = process.env.LIKEWISE_SHARED ?? `${root}../shared`;

/** The 370,000 words of the articles, or where they are not at hand the English ones that the Python package ships. */
export async function readWords() {
  const path = `${shared}/data/words_alpha.txt.gz`;
  if (existsSync(path)) return { text: gunzipSync(readFileSync(path)).toString().replaceAll('\r', ''), source: 'words_alpha' };
  const { load } = await import('likewise');
  const index = readFileSync(`${root}/host-py/src/likewise/data/english.index`);
  return { text: (await load()).Dictionary.load(index).words().join('\n'), source: 'english.index' };
}

/** Misspellings, one after the other. */
export const QUERIES = [
  'almni', 'definately', 'recieve', 'acommodate', 'seperate', 'occured', 'neccessary', 'embarass', 'wierd', 'goverment',
  'tommorow', 'beleive', 'calender', 'existance', 'foriegn', 'harrass', 'independant', 'maintenence', 'priviledge', 'rythm',
];
