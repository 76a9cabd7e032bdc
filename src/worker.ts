// The entry of worker threads and isolated worker processes: joins the worker loop with the stages of methods.
// Piscina calls the default export.

import type { ThreadRequest } from './exec/protocol.ts';
import { serveStages } from './exec/worker/worker-loop.ts';
import { runStage } from './method/stage/run-stage.ts';

const carryOut: (request: ThreadRequest) => Promise<void> = serveStages(runStage);

export default carryOut;
