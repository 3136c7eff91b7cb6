// The worker's half of a blocking fetch session.

import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Command, Reply } from '../fetch/blocking.node.js';
import { Kept } from '../fetch/kept.js';
import { instantiate } from '../generated/glue-plain.js';
import type { Session } from '../generated/interfaces/likewise-engine-scraper.js';
import type { Completion, Request } from '../generated/interfaces/likewise-engine-transport.js';

/** The transport as the guest sees it: it blocks this thread, and nothing else. */
function exchanger(port: MessagePort, counter: Int32Array, kept: Kept) {
  let underWay = 0;
  let seen = 0;
  return (submit: Request[], wait: boolean): Completion[] => {
    underWay += submit.length;
    if (submit.length > 0) port.postMessage(submit);
    const completions: Completion[] = [];
    for (;;) {
      for (let received; (received = receiveMessageOnPort(port)); seen++) completions.push(received.message as Completion);
      if (!wait || completions.length > 0 || underWay === 0) break;
      // The counter is ahead of what was seen once a message is there; messages may be seen before they are counted.
      Atomics.wait(counter, 0, seen);
    }
    underWay -= completions.length;
    return kept.keep(completions);
  };
}

/** Serve sessions, one after the other. */
export function serveFetch(parent: MessagePort): void {
  let opened: Promise<{ session: Session; kept: Kept }> | undefined;
  parent.on('message', async (command: Command) => {
    if (command.kind === 'open') {
      const { modules, urls, guest, port, counter } = command;
      const kept = new Kept();
      const exchange = exchanger(port, counter, kept);
      opened = instantiate((name) => modules[name] as WebAssembly.Module, { 'likewise:engine/transport': { exchange } }).then(
        ({ scraper }) => ({ session: new scraper.Session(urls, guest), kept }),
      );
      // Reported by the `next` that follows.
      opened.catch(() => {});
      return;
    }
    let reply: Reply;
    try {
      const { session, kept } = (await opened) as NonNullable<Awaited<typeof opened>>;
      reply = { outcome: kept.restore(session.next()) };
    } catch (error) {
      reply = { error: (error as Error).message, trap: error instanceof WebAssembly.RuntimeError };
    }
    parent.postMessage(reply);
  });
}
