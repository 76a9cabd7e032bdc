// acc itself, building the same graph: one build call per task, from one script, none of them awaited one by one.

import { BenchProject } from '../bench-project.ts';

const METHODS = {
  'methods/leaf.ts': `import { defineMethod, z } from 'acc-engine';
export default defineMethod({
  options: { name: z.string() },
  synthesis({ job, options }) {
    job.write('out', options.name + '\\n');
  },
});
`,
  'methods/join.ts': `import { defineMethod, job, z } from 'acc-engine';
export default defineMethod({
  options: { name: z.string() },
  jobs: { a: job(), b: job() },
  async synthesis({ job, jobs }) {
    const texts = await Promise.all([jobs.a.read('out'), jobs.b.read('out')]);
    job.write('out', texts.join(''));
  },
});
`,
};

/** A project whose build.ts builds the graph of `layeredTasks(count)`. */
export function accGraph(count: number): BenchProject {
  return new BenchProject({ ...METHODS, 'build.ts': buildScript(count) });
}

function buildScript(count: number): string {
  return `import type { Build, Urd } from 'acc-engine';
const width = ${count / 10};
export default async function main(urd: Urd) {
  let before: Build[] = [];
  for (let layer = 0; layer < 10; layer++) {
    const builds: Build[] = [];
    for (let at = 0; at < width; at++) {
      const name = \`t\${layer}-\${at}\`;
      const [a, b] = [before[at], before[(at + 1) % width]];
      builds.push(a && b ? urd.build('join', { name, a, b }) : urd.build('leaf', { name }));
    }
    before = builds;
  }
  await Promise.all(before);
}
`;
}
