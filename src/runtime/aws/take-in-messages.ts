// SPDX-License-Identifier: Apache-2.0
import type { EventDelivery } from '../../collect/collect-events.ts';
import type { Delivery } from '../../collect/collect-runs.ts';
import type { PlanTarget } from '../../collect/plan-collection.ts';
import type { Gap } from '../../evidence/gap.ts';
import type { Reading } from '../../evidence/observation.ts';
import { collectMessageSchema } from '../deployment/collect-message.ts';
import type { CollectorParts } from './collector-parts.ts';
import { takeInEvent } from './event-intake.ts';
import type { Place } from './function-settings.ts';
import { everyPlace, isPlanned, readerOfObject } from './place-readers.ts';
import { isLastReceive, jsonBody, type QueueMessage } from './queue-event.ts';

/** What a batch of messages of planned runs holds. */
export interface TakenRuns {
  readonly deliveries: readonly Delivery[];
  readonly malformed: readonly QueueMessage[];
}

/** Sorts a batch of messages of planned runs. */
export function takeInRuns({ source }: Pick<CollectorParts, 'source'>, messages: readonly QueueMessage[]): TakenRuns {
  const deliveries: Delivery[] = [];
  const malformed: QueueMessage[] = [];
  for (const message of messages) {
    const parsed = collectMessageSchema.safeParse(jsonBody(message));
    if (parsed.success && parsed.data.source === source.id) {
      deliveries.push({ id: message.messageId, run: parsed.data, isLast: isLastReceive(message) });
    } else malformed.push(message);
  }
  return { deliveries, malformed };
}

/** What a batch of event messages holds. */
export interface TakenMessages {
  readonly deliveries: readonly EventDelivery[];
  /** Accounts and Regions in which something changed that no event tells. */
  readonly hinted: readonly PlanTarget[];
  readonly malformed: readonly QueueMessage[];
}

/** Sorts a batch of event messages. Nothing is read from AWS before a delivery is. */
export function takeInMessages(
  parts: Pick<CollectorParts, 'source' | 'configuration' | 'kind' | 'connect'>,
  messages: readonly QueueMessage[],
  home: Place,
  sweptAt: string,
): TakenMessages {
  const deliveries: EventDelivery[] = [];
  const hinted = new Map<string, PlanTarget>();
  const malformed: QueueMessage[] = [];
  const places = {
    ...everyPlace(parts.source, parts),
    isPlanned: (owner: Pick<Place, 'account' | 'region'>) => isPlanned(parts.configuration, home, owner),
  };
  for (const message of messages) {
    const connect = async (target: Place) => {
      const connected = await parts.connect(target, home);
      if ('gap' in connected) throw new Unreachable(connected.gap);
      return connected.connection;
    };
    const taken = takeInEvent({ text: message.body, source: parts.source, sweptAt, ...places, connect });
    const { place, readings } = taken;
    if (taken.isForeign) continue;
    if (place === null) malformed.push(message);
    else if (taken.isHint) hinted.set(`${place.account}/${place.region}`, placeOf(place));
    else {
      const reader = taken.ownerless === undefined ? null : readerOfObject(taken.ownerless, parts.configuration, home);
      const { account, region } = reader ?? place;
      const [id, isLast] = [message.messageId, isLastReceive(message)];
      deliveries.push({ ...placeOf(place), polledIn: { account, region }, id, isLast, read: () => orGap(readings) });
    }
  }
  return { deliveries, hinted: [...hinted.values()], malformed };
}

/** Carries a gap out of a reading that could not begin. */
class Unreachable extends Error {
  readonly gap: Gap;

  constructor(gap: Gap) {
    super(gap.message);
    this.gap = gap;
  }
}

async function* orGap(readings: AsyncIterable<Reading>): AsyncGenerator<Reading> {
  try {
    yield* readings;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    yield { gap: error.gap };
  }
}

function placeOf({ partition, account, region }: Place): Place {
  return { partition, account, region };
}
