// The files of a new project: one method, one build script and a little data, all with a purpose.

/** Content of each file by path; `engine` is what the project's package.json asks for. */
export function projectFiles(engine: string): Readonly<Record<string, string>> {
  return {
    'package.json': `${JSON.stringify(packageJson(engine), null, 2)}\n`,
    'tsconfig.json': TSCONFIG,
    '.gitignore': 'node_modules/\n.acc/\nworkdirs/\nresults/\n',
    'build.ts': BUILD,
    'methods/mean_temperature.ts': METHOD,
    'data/readings.csv': readings(),
  };
}

function packageJson(engine: string): object {
  return {
    private: true,
    type: 'module',
    scripts: { build: 'acc run', check: 'acc types && tsc' },
    dependencies: { 'acc-engine': engine },
    devDependencies: { '@types/node': '^20.19.0', typescript: '>=5.8' },
  };
}

const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2023",
    "module": "nodenext",
    "types": ["node"],
    "strict": true,
    "verbatimModuleSyntax": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true,
    "noEmit": true,

    // acc links itself into .acc, so that the editor knows it also before "npm install".
    "typeRoots": ["node_modules/@types", ".acc/node_modules/acc-engine/node_modules/@types"],
    "paths": {
      "acc-engine": [
        "./node_modules/acc-engine/dist/index.d.ts",
        "./.acc/node_modules/acc-engine/dist/index.d.ts"
      ]
    }
  },
  "include": ["*.ts", "methods", ".acc/methods.d.ts"]
}
`;

const BUILD = `import type { Urd } from 'acc-engine';

export default async function main(urd: Urd) {
  const readings = urd.build('csvimport', {
    filename: 'data/readings.csv',
    types: { temperature: 'float64' },
  });
  const means = await urd.build('mean_temperature', { source: readings });
  means.linkResult('mean-temperature.json');
  console.log(await means.load());
}
`;

const METHOD = `import { dataset, defineMethod, merge, z } from 'acc-engine';

export default defineMethod({
  description: 'Mean temperature of each city',
  options: { digits: z.number().int().min(0).default(1) },
  datasets: { source: dataset({ columns: { city: 'string', temperature: 'float64' } }) },

  // Runs once per slice, in parallel.
  analysis({ sliceno, datasets }) {
    const cities = new Map<string, { sum: number; count: number }>();
    for (const [city, temperature] of datasets.source.iterate(sliceno, ['city', 'temperature'])) {
      const { sum, count } = cities.get(city) ?? { sum: 0, count: 0 };
      cities.set(city, { sum: sum + temperature, count: count + 1 });
    }
    return cities;
  },

  // Runs once, with what all slices returned.
  synthesis({ analysisRes, options, job }) {
    const means: Record<string, number> = {};
    for (const [city, { sum, count }] of merge(analysisRes)) {
      means[city] = Number((sum / count).toFixed(options.digits));
    }
    job.saveJson(means, 'mean-temperature.json');
    return means;
  },
});
`;

/** A week of made-up readings; the same in every new project. */
function readings(): string {
  const normal = { Kiruna: -9.5, Lund: 2.1, Uppsala: -2.3, Visby: 1.4 };
  const lines = ['day,city,temperature'];
  for (let day = 1; day <= 7; day++) {
    for (const [city, mean] of Object.entries(normal)) {
      const swing = 3 * Math.sin(day + city.length);
      lines.push(`2024-01-0${day},${city},${(mean + swing).toFixed(1)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
