// The graph that every tool builds in the same shape: ten layers, and each task that is not in the first layer
// joins the outputs of two tasks of the layer before.

/** A task that writes one small file. */
export interface Task {
  /** Unique, and good as a file name. */
  readonly name: string;
  readonly layer: number;
  /** Names of the tasks whose output it joins: none or two. */
  readonly inputs: readonly string[];
}

const LAYERS = 10;

/** All tasks, inputs before those that use them. `count` must be a multiple of ten. */
export function layeredTasks(count: number): readonly Task[] {
  const width = count / LAYERS;
  const nameOf = (layer: number, at: number): string => `t${layer}-${at % width}`;
  return Array.from({ length: count }, (_, i) => {
    const layer = Math.floor(i / width);
    const at = i % width;
    const inputs = layer === 0 ? [] : [nameOf(layer - 1, at), nameOf(layer - 1, at + 1)];
    return { name: nameOf(layer, at), layer, inputs };
  });
}

/** The shell command of a task in its directory; `pathOf` gives the output of a task. */
export function shellCommand(task: Task, pathOf: (name: string) => string): string {
  const inputs = task.inputs.map(pathOf).join(' ');
  const source = inputs === '' ? `echo ${task.name}` : `cat ${inputs}`;
  return `${source} > ${pathOf(task.name)}`;
}
