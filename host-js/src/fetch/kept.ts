// Bodies of responses that the guest was given and need not give back: an outcome names them by the request.

import type { Outcome } from '../generated/interfaces/likewise-engine-scraper.js';
import type { Completion, Payload } from '../generated/interfaces/likewise-engine-transport.js';
import { fromPayload, toMapped } from './body.js';

/** The bodies of responses that an outcome may still name. */
export class Kept {
  readonly #bodies = new Map<number, Payload>();

  /** Keep the body that a completion brings. */
  keep({ id, outcome }: Completion): void {
    if (outcome.tag === 'ok') this.#bodies.set(id, outcome.val.body);
  }

  /** An outcome with the text and the content that it only names. */
  restore(outcome: Outcome): Outcome {
    const site = outcome.site.tag === 'ok' ? outcome.site.val : undefined;
    const body = site?.kept === undefined ? undefined : this.#bodies.get(site.kept);
    if (!site || !body) return outcome;
    if (site.text === undefined) site.text = body.data;
    else site.content = body.mapped ? body.data : toMapped(fromPayload(body));
    return outcome;
  }

  /** Let go of what these requests brought: no outcome will name them any more. */
  drop(ids: Iterable<number>): void {
    for (const id of ids) this.#bodies.delete(id);
  }
}
