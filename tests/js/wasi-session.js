// node wasi-session.js COMPONENT URLS: fetch a JSON list of URLs in a session on preview2-shim's WASI-HTTP, and print the outcomes.

import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transpileBytes } from '@bytecodealliance/jco-transpile';
import { environment, stdout } from '@bytecodealliance/preview2-shim/cli';
import { outgoingHandler, types } from '@bytecodealliance/preview2-shim/http';
import { error, poll, streams } from '@bytecodealliance/preview2-shim/io';

const [component, urls] = process.argv.slice(2);
const { files } = await transpileBytes(readFileSync(component), { name: 'guest', instantiation: 'sync' });
const folder = await mkdtemp(join(tmpdir(), 'likewise-'));
await writeFile(join(folder, 'guest.mjs'), files['guest.js']);
const { instantiate } = await import(pathToFileURL(join(folder, 'guest.mjs')));
await rm(folder, { recursive: true });

const { scraper } = instantiate((name) => new WebAssembly.Module(files[name]), {
  'wasi:cli/environment': environment,
  'wasi:cli/stdout': stdout,
  'wasi:http/outgoing-handler': outgoingHandler,
  'wasi:http/types': types,
  'wasi:io/error': error,
  'wasi:io/poll': poll,
  'wasi:io/streams': streams,
});
const session = new scraper.Session(JSON.parse(urls), {
  concurrency: 50,
  timeoutMs: 10_000,
  maxRedirects: 5,
  maxBytes: undefined,
  headers: [['x-asked', 'yes']],
  extract: true,
});
const outcomes = [];
for (let outcome; (outcome = session.next()); ) outcomes.push(outcome);
process.stdout.write(JSON.stringify(outcomes), () => process.exit());
