/**
 * How the tests run: the real programs are made sure of first, files run two at a time, and nothing is left out.
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [],
    globalSetup: ['test/set-up.ts'],
    // Each file starts programs of its own; more at a time than this and their deadlines would measure the machine.
    maxWorkers: 2,
    testTimeout: 10_000,
    hookTimeout: 30_000,
    teardownTimeout: 15_000,
  },
});
