import { readFileSync } from 'node:fs';

import { defineConfig } from 'vitest/config';

/** Gives `.sql` files as text, as esbuild's `--loader:.sql=text` does in the build. */
const sqlAsText = {
  name: 'sql-as-text',
  load(id: string): string | undefined {
    return id.endsWith('.sql')
      ? `export default ${JSON.stringify(readFileSync(id, 'utf8'))}`
      : undefined;
  },
};

export default defineConfig({
  plugins: [sqlAsText],
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});
