// SPDX-License-Identifier: Apache-2.0
import { parentPort } from 'node:worker_threads';
import { checkSegment, type SegmentToCheck } from './check-segment.ts';

// Entry of a worker thread: answers each segment in the order asked.
const port = parentPort;
port?.on('message', (segment: SegmentToCheck) => {
  port.postMessage(checkSegment(segment));
});
