import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { offline, securityPolicy } from './scripts/offline.ts';
import { firstPaint } from './scripts/shell.ts';
import { shipped } from './scripts/shipped.ts';

// Threads in WebAssembly need a cross-origin isolated page.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export default defineConfig({
  // Relative addresses: the built folder works under any path of a static host.
  base: './',
  plugins: [react(), shipped(), offline(), securityPolicy(), firstPaint()],
  // The variant of the runtime whose WebAssembly is a file of its own, loaded from the addresses the worker gives.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'development|production'] },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  worker: { format: 'es' },
  // The manifest lets a test see which chunks a first visit loads.
  build: { target: 'es2022', manifest: true, chunkSizeWarningLimit: 700 },
  server: { headers, host: '127.0.0.1', port: 5173 },
  preview: { headers, host: '127.0.0.1', port: 4173 },
});
