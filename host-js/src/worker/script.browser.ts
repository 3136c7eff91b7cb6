// The worker in browsers.

import type { Call, Init } from './protocol.js';
import { server } from './serve.js';

const receive = server((answer) => postMessage(answer));
addEventListener('message', ({ data }: MessageEvent<Init | Call>) => receive(data));
