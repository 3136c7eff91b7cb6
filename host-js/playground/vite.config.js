import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { samples } from './samples.js';

// The words as the Python package ships them, indexed by the same component.
const WORDS = new URL('../../host-py/src/likewise/data/english.index', import.meta.url);

const words = {
  name: 'words',
  async generateBundle() {
    const source = await readFile(WORDS).catch(() => {
      throw new Error(`${fileURLToPath(WORDS)} is missing: ./just build makes it`);
    });
    this.emitFile({ type: 'asset', fileName: 'english.index', source });
  },
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [words, samples],
  build: { target: 'es2022', chunkSizeWarningLimit: 4000 },
  worker: { format: 'es' },
  preview: { host: '127.0.0.1', port: 5173 },
});
