// What became of a URL.

import { FetchError } from './errors.js';
import { fromMapped } from './fetch/body.js';
import { fromLines } from './fetch/fields.js';
import { UNSEEN } from './fetch/transport.js';
import type { Page } from './generated/interfaces/likewise-engine-page.js';
import type { Failed, Hop as GuestHop, Outcome, Site as GuestSite } from './generated/interfaces/likewise-engine-scraper.js';

export type { Page };

/** One response on the way to the last. */
export interface Hop {
  /** The URL asked. */
  url: string;
  /** Status code of its answer; 0 where a browser followed by itself and does not tell. */
  status: number;
  /** Header fields of its answer. */
  headers: Headers;
}

type Extract = (html: string, base: string) => Page;

function hop({ url, status, headers }: GuestHop): Hop {
  const fields = fromLines(headers);
  return fields.some(([name]) => name === UNSEEN) ? { url, status: 0, headers: new Headers() } : { url, status, headers: new Headers(fields) };
}

/** A URL that was fetched, or that could not be: then `error` says why, and the rest is empty. */
export class Site {
  /** The URL as it was given. */
  readonly url: string;
  /** Its position in what was given. */
  readonly index: number;
  /** Why it could not be fetched. A response of any status is none: see `status`. */
  readonly error: FetchError | undefined;
  /** The URL that answered, after redirects; the URL as given where none did. */
  readonly finalUrl: string;
  /** The host of the last URL asked: lower case, an international name in its ASCII form, "" where it is no URL. */
  readonly domain: string;
  /** "http" or "https", "" where it is no URL. */
  readonly protocol: string;
  /** The port of the last URL asked, 0 where it is no URL. */
  readonly port: number;
  /** Status code, 0 without a response. */
  readonly status: number;
  /** Media type in lower case without parameters, "" where none was sent. */
  readonly contentType: string;
  /** The `Server` field, "" where none was sent. */
  readonly server: string;
  /** Name of the character encoding found (WHATWG), "" for content that is not text. */
  readonly encoding: string;
  /** The content as text, in that encoding. */
  readonly text: string;
  /** Whether bytes had to be replaced to make `text`. */
  readonly replaced: boolean;
  /** The redirects that led here, in order. */
  readonly history: readonly Hop[];
  /** Milliseconds from the first request to the last byte. */
  readonly elapsed: number | undefined;
  readonly #lines: string;
  #headers: Headers | undefined;
  readonly #extract: Extract;
  readonly #mapped: string | undefined;
  #page: Page | undefined;

  /** @internal */
  constructor(url: string, { index, site }: Outcome, extract: Extract) {
    const found: Partial<GuestSite> = site.tag === 'ok' ? site.val : {};
    const failed: Partial<Failed> = site.tag === 'err' ? site.val : {};
    const address = found.address ?? failed.address;
    this.url = url;
    this.index = index;
    this.error = site.tag === 'err' ? new FetchError(site.val.kind, url, site.val.message) : undefined;
    this.finalUrl = found.finalUrl ?? url;
    this.domain = address?.domain ?? '';
    this.protocol = address?.protocol ?? '';
    this.port = address?.port ?? 0;
    this.status = found.status ?? 0;
    this.#lines = found.headers ?? '';
    this.contentType = found.contentType ?? '';
    this.server = found.server ?? '';
    this.encoding = found.encoding ?? '';
    this.text = found.text ?? '';
    this.replaced = found.replaced ?? false;
    this.history = (found.history ?? failed.history ?? []).map(hop);
    this.elapsed = found.elapsedUs === undefined ? undefined : Number(found.elapsedUs) / 1000;
    this.#mapped = found.content;
    this.#page = found.page;
    this.#extract = extract;
  }

  /** Whether a page arrived, of whatever status. */
  get ok(): boolean {
    return this.error === undefined;
  }

  /** HTTP's status code: `status` by the name that the Python host gives it. */
  get statusCode(): number {
    return this.status;
  }

  /** Header fields. */
  get headers(): Headers {
    return (this.#headers ??= new Headers(fromLines(this.#lines)));
  }

  /** The content as text: `text` by another name. */
  get body(): string {
    return this.text;
  }

  /** The content as bytes. */
  get content(): Uint8Array {
    return this.#mapped === undefined ? new TextEncoder().encode(this.text) : fromMapped(this.#mapped);
  }

  /** The page's facts, extracted when first asked for; undefined where the content is not HTML. */
  get page(): Page | undefined {
    if (!this.#page && /^(text\/html|application\/xhtml\+xml)$/.test(this.contentType)) this.#page = this.#extract(this.text, this.finalUrl);
    return this.#page;
  }

  /** The content as JSON. Throws a SyntaxError where it is not. */
  json(): unknown {
    return JSON.parse(this.text);
  }
}
