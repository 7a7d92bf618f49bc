import { defineConfig } from 'vitest/config';
import { shipped } from './scripts/shipped.ts';

export default defineConfig({
  plugins: [shipped()],
  test: {
    environment: 'node',
    // By default one core is left for the terminal; on two cores that doubles the time.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      // src/lab has no module-level state: its test files share processes, which load each module once. The runtime
      // has: a process's first engine decides how many threads there are. So the engine's own tests are by themselves.
      {
        extends: true,
        test: { name: 'lab', include: ['src/lab/**/*.test.ts'], exclude: ['src/lab/engine/**'], isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'rest',
          include: ['src/{app,ui,lab/engine}/**/*.test.ts', '{workers,cli,scripts,training,bench}/**/*.test.ts'],
        },
      },
    ],
  },
});
