// The worker in Node: one script for both of its roles.

import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { serveFetch } from './fetch.node.js';
import { server } from './serve.js';

const parent = parentPort as MessagePort;
if ((workerData as { role: string }).role === 'fetch') serveFetch(parent);
else parent.on('message', server((answer) => parent.postMessage(answer)));
