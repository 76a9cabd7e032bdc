#!/usr/bin/env node
// The command `acc`. Exits explicitly: nothing a build script leaves behind may keep the process alive.

import { dispatch } from './cli/dispatch.ts';

process.exit(await dispatch(process.argv.slice(2), process));
