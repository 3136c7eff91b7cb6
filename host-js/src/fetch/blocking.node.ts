// A fetch session whose guest blocks a worker thread while it waits: for Node without JSPI.
//
// The requests travel to this thread, which fetches; completions travel back through a message port that the worker reads
// without its event loop, woken by a counter in shared memory.

import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads';
import type { Modules } from '../component/modules.js';
import { LikewiseError } from '../errors.js';
import type { Options as GuestOptions, Outcome } from '../generated/interfaces/likewise-engine-scraper.js';
import type { Request } from '../generated/interfaces/likewise-engine-transport.js';
import { startWorker } from '../worker/thread.node.js';
import { Kept } from './kept.js';
import type { Session, Start } from './session.js';
import { Transport } from './transport.js';

/** What the worker is asked. */
export type Command =
  | { kind: 'open'; modules: Modules; urls: string[]; guest: GuestOptions; port: MessagePort; counter: Int32Array }
  | { kind: 'next' };

/**
 * What it answers: outcomes, and requests whose bodies none of the later ones names. It then goes on by itself (`running`), waits for
 * the next command (`resting`), or has come to the end (`over`).
 */
export type Reply = { outcomes: Outcome[]; past: number[]; state: 'running' | 'resting' | 'over' } | { error: string; trap: boolean };

/** Threads that wait for work. A new one takes some 50 ms, so a few are kept; they keep no process alive. */
const idle: Worker[] = [];
const MOST_IDLE = 4;
/** The memory of a guest that was given a longer content stays large, so that its thread is not kept. */
const LONGEST_IDLE = 2 ** 20;

async function thread(): Promise<Worker> {
  // One that has died meanwhile has no number any more.
  for (let kept; (kept = idle.pop()); ) if (kept.threadId > 0) return kept;
  return startWorker('fetch');
}

/** A session in a thread of its own. */
export async function openBlocking({ modules, urls, guest, transport: options }: Start): Promise<Session> {
  const worker = await thread();
  // It keeps the process alive while somebody waits for it, and not where an iterator was left half way.
  worker.unref();
  const { port1: port, port2 } = new MessageChannel();
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const kept = new Kept();
  let longest = 0;
  const transport = new Transport(options, (completion) => {
    kept.keep(completion);
    if (completion.outcome.tag === 'ok') longest = Math.max(longest, completion.outcome.val.body.data.length);
    port.postMessage(completion);
    Atomics.add(counter, 0, 1);
    Atomics.notify(counter, 0);
  });
  port.on('message', (requests: Request[]) => requests.forEach((request) => transport.start(request))).unref();

  const ready: Outcome[] = [];
  let state: 'running' | 'resting' | 'over' = 'resting';
  let waiting: { resolve(outcome: Outcome | undefined): void; reject(error: unknown): void } | undefined;
  let closed = false;
  let released = false;
  const release = (alive: boolean): void => {
    if (released) return;
    released = true;
    closed = true;
    transport.close();
    port.close();
    worker.off('message', receive).off('error', fail).off('exit', exited);
    if (alive && idle.length < MOST_IDLE && longest <= LONGEST_IDLE) idle.push(worker);
    else void worker.terminate();
  };
  const waiter = (): typeof waiting => {
    const found = waiting;
    waiting = undefined;
    worker.unref();
    return found;
  };
  // What was ready before a fault is given out before it.
  let fault: { error: unknown } | undefined;
  const fail = (error: unknown): void => {
    release(false);
    const found = waiter();
    if (found) found.reject(error);
    else fault = { error };
  };
  const receive = (reply: Reply): void => {
    if ('error' in reply) {
      const message = `the guest stopped while it fetched: ${reply.error}; start the scrape again`;
      return fail(reply.trap ? new LikewiseError('trap', message) : new Error(reply.error));
    }
    state = reply.state;
    for (const outcome of reply.outcomes) ready.push(kept.restore(outcome));
    kept.drop(reply.past);
    if (state === 'over' || (closed && state === 'resting')) release(true);
    if (ready.length > 0 || released) waiter()?.resolve(ready.shift());
  };
  const exited = (code: number): void => fail(new LikewiseError('trap', `the thread of the scrape ended with code ${code}`));
  worker.on('message', receive).on('error', fail).on('exit', exited);

  const command: Command = { kind: 'open', modules, urls, guest, port: port2, counter };
  worker.postMessage(command, [port2]);
  return {
    next: () =>
      new Promise((resolve, reject) => {
        if (ready.length === 0 && fault) return reject(fault.error);
        if (ready.length > 0 || closed) return resolve(ready.shift());
        waiting = { resolve, reject };
        worker.ref();
        if (state !== 'resting') return;
        state = 'running';
        worker.postMessage({ kind: 'next' } satisfies Command);
      }),
    close: () => {
      if (closed) return;
      closed = true;
      // A guest that waits is woken by the completions of what is canceled; once it rests, the thread is free for another.
      transport.close();
      if (state !== 'running') release(true);
    },
  };
}
