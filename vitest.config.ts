import { defineConfig } from 'vitest/config';
import { shipped } from './scripts/shipped.ts';

export default defineConfig({
  plugins: [shipped()],
  test: {
    include: ['{src,workers,cli,scripts,training,bench}/**/*.test.ts'],
    environment: 'node',
    // By default one core is left for the terminal; on two cores that doubles the time.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
