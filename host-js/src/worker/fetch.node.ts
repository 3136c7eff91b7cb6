// The worker's half of a blocking fetch session.

import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Command, Reply } from '../fetch/blocking.node.js';
import { instantiate } from '../generated/glue-plain.js';
import type { Outcome, Session } from '../generated/interfaces/likewise-engine-scraper.js';
import type { Completion, Request } from '../generated/interfaces/likewise-engine-transport.js';

/** A caller who takes his time has no more than this many outcomes waiting for him. */
const AT_ONCE = 32;

/** A session that is run ahead as far as it goes without waiting. */
class Run {
  readonly #parent: MessagePort;
  readonly #port: MessagePort;
  readonly #counter: Int32Array;
  readonly #session: Promise<Session>;
  #underWay = 0;
  #seen = 0;
  /** Outcomes not yet sent, requests that none of the later ones names, and those of the last exchange. */
  #outcomes: Outcome[] = [];
  #past: number[] = [];
  #given: number[] = [];
  #sent = false;

  constructor(parent: MessagePort, { modules, urls, guest, port, counter }: Command & { kind: 'open' }) {
    this.#parent = parent;
    this.#port = port;
    this.#counter = counter;
    const imports = { 'likewise:engine/transport': { exchange: (submit: Request[], wait: boolean) => this.#exchange(submit, wait) } };
    this.#session = instantiate((name) => modules[name] as WebAssembly.Module, imports).then(({ scraper }) => new scraper.Session(urls, guest));
    // Reported by the `next` that follows.
    this.#session.catch(() => {});
  }

  /** Send what there is, at least one outcome or the end. */
  async next(): Promise<void> {
    const session = await this.#session;
    this.#sent = false;
    let over = false;
    try {
      do {
        const outcome = session.next();
        if (outcome) this.#outcomes.push(outcome);
        over = !outcome;
      } while (!over && !this.#sent && this.#outcomes.length < AT_ONCE);
    } catch (error) {
      if (this.#outcomes.length > 0) this.#send('running');
      throw error;
    }
    this.#send(over ? 'over' : 'resting');
  }

  #send(state: 'running' | 'resting' | 'over'): void {
    this.#parent.postMessage({ outcomes: this.#outcomes, past: this.#past, state } satisfies Reply);
    this.#outcomes = [];
    this.#past = [];
    this.#sent = true;
  }

  /** The transport as the guest sees it: it blocks this thread, and nothing else. */
  #exchange(submit: Request[], wait: boolean): Completion[] {
    this.#past.push(...this.#given);
    this.#underWay += submit.length;
    if (submit.length > 0) this.#port.postMessage(submit);
    const completions: Completion[] = [];
    for (;;) {
      for (let received; (received = receiveMessageOnPort(this.#port)); this.#seen++) completions.push(received.message as Completion);
      if (!wait || completions.length > 0 || this.#underWay === 0) break;
      // Nobody waits for what is here already.
      if (this.#outcomes.length > 0) this.#send('running');
      // The counter is ahead of what was seen once a message is there; messages may be seen before they are counted.
      Atomics.wait(this.#counter, 0, this.#seen);
    }
    this.#underWay -= completions.length;
    this.#given = completions.map(({ id }) => id);
    return completions;
  }
}

/** Serve sessions, one after the other. */
export function serveFetch(parent: MessagePort): void {
  let run: Run | undefined;
  parent.on('message', (command: Command) => {
    if (command.kind === 'open') {
      run = new Run(parent, command);
      return;
    }
    (run as Run).next().catch((error: Error) => {
      parent.postMessage({ error: error.message, trap: error instanceof WebAssembly.RuntimeError } satisfies Reply);
    });
  });
}
