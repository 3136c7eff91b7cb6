// The worker in Node: one script for both of its roles.

import { workerData } from 'node:worker_threads';
import { serveFetch } from './fetch.node.js';

if ((workerData as { role: string }).role === 'fetch') serveFetch();
