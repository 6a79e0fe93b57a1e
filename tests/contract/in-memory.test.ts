import { describeBridge } from './bridge-suite.ts';
import { createInMemoryBridge } from './in-memory-bridge.ts';

describeBridge('nothing (in memory)', async (engine) => createInMemoryBridge(engine));
