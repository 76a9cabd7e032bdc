// The checksum of a chain of datasets.

import { dataset, defineMethod, z } from 'acc-engine';

import { checksumOptions } from './lib/tables/checksum-options.ts';
import { datasetChecksum, sliceChecksum } from './lib/tables/checksum.ts';

export default defineMethod({
  description: `Gives the checksum of the datasets of a chain

Each dataset from \`source\` back to (and without) \`stop\` has the checksum that dataset_checksum gives; that of the chain
is the exclusive or of them: that of a chain of one is the checksum of the dataset, and equal datasets cancel out. The
result is { sum, sums, rows }, \`sums\` and \`rows\` with one item for each dataset, oldest first.

Example: await urd.build('dataset_checksum_chain', { source, chainLength: 7 })`,
  options: {
    chainLength: z.number().int().default(-1).describe('Number of datasets at most; -1 for all'),
    ...checksumOptions,
  },
  datasets: { source: dataset(), stop: dataset().optional() },

  analysis({ sliceno, options, datasets: { source, stop } }) {
    const { datasets } = source.chain({ length: options.chainLength, stop });
    return datasets.map((one) => sliceChecksum(one, sliceno, options));
  },

  synthesis({ options, datasets: { source, stop }, analysisRes }) {
    const { datasets } = source.chain({ length: options.chainLength, stop });
    const sums = datasets.map((one, i) =>
      datasetChecksum(
        one,
        analysisRes.flatMap((parts) => parts[i] ?? []),
        options,
      ),
    );
    const rows = datasets.map((one) => one.shape[1]);
    return { sum: exclusiveOr(sums), sums, rows };
  },
});

function exclusiveOr(sums: readonly string[]): string {
  const sum = sums.reduce((bits, one) => bits ^ BigInt(`0x${one}`), 0n);
  return sum.toString(16).padStart(64, '0');
}
