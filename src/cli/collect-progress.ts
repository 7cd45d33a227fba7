// SPDX-License-Identifier: Apache-2.0
import type { ProgressEvent } from '../collect/collection.ts';
import { Progress, type Terminal } from './terminal.ts';

/** Shows on a terminal what a collection is doing; silent in pipes. */
export function collectProgress(terminal: Terminal): { on: (event: ProgressEvent) => void; end: () => void } {
  const line = new Progress(terminal);
  let items = 0;
  let place = '';
  return {
    on: (event) => {
      if (event.step === 'run') place = `${event.source} ${event.account} ${event.region}`;
      else if (event.step === 'file') place = event.path;
      else items += event.items;
      line.show(`${items > 0 ? `${items.toLocaleString('en')} items, ` : ''}reading ${place}`);
    },
    end: () => line.clear(),
  };
}
