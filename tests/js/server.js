// A small web on 127.0.0.1 that behaves and misbehaves, by path.

import { createServer } from 'node:http';
import { createServer as createSocket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** A page with a title, links and words. */
export function pageOf(number) {
  const words = Array.from({ length: 120 }, (_, i) => `word${number}x${i}`).join(' ');
  return `<!doctype html><html lang=en><title>Page ${number}</title><p>${words}</p><a href="/page/${number + 1}">next</a></html>`;
}

const CORS = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' };

const answers = {
  page: (response, rest) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', server: 'small', ...CORS });
    response.end(pageOf(Number(rest)));
  },
  echo: (response, rest, request) => {
    response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'], ...CORS });
    response.end(JSON.stringify({ path: request.url, headers: request.headers }));
  },
  status: (response, rest) => {
    response.writeHead(Number(rest), { 'content-type': 'text/plain', ...CORS });
    response.end(`status ${rest}`);
  },
  // So many hops to a page.
  hops: (response, rest) => {
    const left = Number(rest);
    response.writeHead(302, { location: left > 1 ? `/hops/${left - 1}` : '/page/7', ...CORS });
    response.end();
  },
  loop: (response, rest) => {
    response.writeHead(302, { location: `/loop/${rest}`, ...CORS });
    response.end();
  },
  // Text in Windows-1252 that calls itself UTF-8.
  charset: (response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...CORS });
    response.end(Buffer.from('<title>Café naïve</title><p>déjà vu', 'latin1'));
  },
  bytes: (response, rest) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': rest, ...CORS });
    response.end(Buffer.alloc(Number(rest), 0xff));
  },
  // Few bytes on the wire, many once decompressed.
  bomb: (response, rest) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip', ...CORS });
    response.end(gzipSync(Buffer.alloc(Number(rest), 'a')));
  },
  'not-gzip': (response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip', ...CORS });
    response.end('this was never compressed');
  },
  // The head at once, then a byte now and then.
  drip: (response) => {
    response.writeHead(200, { 'content-type': 'text/plain', ...CORS });
    const timer = setInterval(() => response.write('.'), 50);
    response.on('close', () => clearInterval(timer));
  },
  slow: (response, rest) => {
    setTimeout(() => answers.status(response, '200'), Number(rest));
  },
  short: (response) => {
    response.writeHead(200, { 'content-length': '100', ...CORS });
    response.write('not a hundred');
    setTimeout(() => response.destroy(), 20);
  },
  reset: (response) => response.socket.resetAndDestroy(),
  hang: () => {},
  // Any page may use any other answer, but not this one.
  private: (response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end('for this origin');
  },
};

/** Start the server; `extra` adds answers by the first part of the path. */
export async function startServer(extra = {}) {
  const all = { ...answers, ...extra };
  const seen = [];
  let open = 0;
  const server = createServer((request, response) => {
    seen.push(request.url);
    open++;
    response.on('close', () => open--);
    const [, kind, ...rest] = request.url.split('?')[0].split('/');
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { ...CORS, 'access-control-allow-headers': '*' });
      return response.end();
    }
    const answer = all[kind] ?? all['*'];
    if (answer) return answer(response, rest.join('/'), request);
    answers.status(response, '404');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const nonsense = createSocket((socket) => {
    socket.on('error', () => {});
    socket.end('this is not HTTP\r\n\r\n');
  });
  await new Promise((resolve) => nonsense.listen(0, '127.0.0.1', resolve));
  const refused = createSocket();
  await new Promise((resolve) => refused.listen(0, '127.0.0.1', resolve));
  const refusing = `http://127.0.0.1:${refused.address().port}`;
  await new Promise((resolve) => refused.close(resolve));
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    port: server.address().port,
    nonsense: `http://127.0.0.1:${nonsense.address().port}`,
    refusing,
    seen,
    /** Requests that are neither answered nor hung up on. */
    open: () => open,
    close() {
      nonsense.close();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
