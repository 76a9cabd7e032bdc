// The checksum of a dataset by what its rows hold.

import { dataset, defineMethod } from 'acc-engine';

import { checksumOptions } from './lib/tables/checksum-options.ts';
import { datasetChecksum, sliceChecksum } from './lib/tables/checksum.ts';

export default defineMethod({
  description: `Gives the checksum of a dataset's rows

By default the order of rows, and how they lie in slices, do not count, nor does the order of columns or of the members
of JSON objects; rows that are there twice do. All NaN are equal, as are 0 and -0. The result is
{ sum, rows, columns }; \`sum\` is 64 hexadecimal digits. Memory does not grow with rows. It is a checksum against
mistakes, not against forgery.

Example: (await (await urd.build('dataset_checksum', { source })).load()).sum`,
  options: checksumOptions,
  datasets: { source: dataset() },

  analysis: ({ sliceno, options, datasets: { source } }) => sliceChecksum(source, sliceno, options),

  synthesis({ options, datasets: { source }, analysisRes }) {
    const [, rows] = source.shape;
    const columns = [...(options.columns ?? source.columnNames)].toSorted();
    return { sum: datasetChecksum(source, analysisRes, options), rows, columns };
  },
});
