// The helper that gives `acc.config.ts` its types. What is in the file is checked where it is loaded.

import type { ProjectConfig } from '../../model/config.ts';

/** Returns `config` unchanged, so that the editor knows its fields. */
export function defineConfig(config: ProjectConfig): ProjectConfig {
  return config;
}
