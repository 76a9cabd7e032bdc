// Reacts to an abort signal that many jobs share. A listener of its own for each job would be slow to remove among
// thousands of others, and Node warns of a leak from the eleventh on.

const reactions = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `react` when `signal` is aborted, at once if it is already, until the returned function is called. */
export function onAbort(signal: AbortSignal | undefined, react: () => void): () => void {
  if (signal === undefined) return () => undefined;
  if (signal.aborted) react();
  const all = reactions.get(signal) ?? listenTo(signal);
  all.add(react);
  return () => all.delete(react);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const all = new Set<() => void>();
  reactions.set(signal, all);
  const reactAll = (): void => {
    for (const react of all) react();
  };
  signal.addEventListener('abort', reactAll, { once: true });
  return all;
}
