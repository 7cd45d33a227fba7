// SPDX-License-Identifier: Apache-2.0
import { damagedTable, type Item, itemOf, textIn } from './dynamodb-item.ts';
import type { DynamoDbTable } from './dynamodb-table.ts';
import { IndexError } from './evidence-index.ts';

/** Raise it with every change of the items, of the order in which records are taken in, or of what the projection makes. */
const indexVersion = 1;

/** No generation owns it, as none owns how far a removal has come (`index`, `removal`) and the ledger's head (`ledger`, `head`). */
const pointerKey = { pk: 'index', sk: 'current' } as const;

/** Which generation of items readers and writers use, and which others there may be. Names are `v<version>.<number>` and never come again. */
export interface Pointer {
  readonly generation: string;
  /** A generation that is being filled and that nobody reads yet; a rebuild that was interrupted goes on with it. */
  readonly filling: string | null;
  /** Generations whose items are to be deleted. */
  readonly retired: readonly string[];
}

/** A pointer as it was read; moving it on needs it to be the same still. */
export interface ReadPointer extends Pointer {
  readonly isWritten: boolean;
}

/** Reads and moves the pointer to the current generation of the index. */
export class DynamoDbGenerations {
  private readonly table: DynamoDbTable;

  constructor(table: DynamoDbTable) {
    this.table = table;
  }

  /** The pointer; to the first generation where there is none yet. Throws INDEX_NEWER, INDEX_DAMAGED where it is of an older version. */
  async read(): Promise<ReadPointer> {
    const pointer = await this.readAny();
    if (versionOf(pointer.generation) < indexVersion) {
      throw damagedTable(`the index in table ${this.table.name} was made by an older version of aims`);
    }
    return pointer;
  }

  /** The pointer, to a generation of whichever known version. Throws INDEX_NEWER. */
  async readAny(): Promise<ReadPointer> {
    const item = await this.table.get(pointerKey);
    if (item === null) return { generation: nameOf(1), filling: null, retired: [], isWritten: false };
    const pointer = pointerIn(item);
    const version = versionOf(pointer.generation);
    if (version > indexVersion) {
      const message = `the index in table ${this.table.name} was made by a newer version of aims (index ${version}, known up to ${indexVersion}): use that version`;
      throw new IndexError('INDEX_NEWER', message);
    }
    return pointer;
  }

  /** Writes the pointer before the first item; who is second finds it written. */
  async found(pointer: ReadPointer): Promise<void> {
    await this.table.putWhen(itemOfPointer(pointer), 'absent');
  }

  /** Replaces the pointer. Throws INDEX_UNAVAILABLE where another rebuild moved it meanwhile. */
  async move(from: ReadPointer, to: Pointer): Promise<ReadPointer> {
    const condition = from.isWritten ? textsOf(from) : 'absent';
    // Where the answer to the first try was lost, the second one finds it done.
    if (!(await this.table.putWhen(itemOfPointer(to), condition)) && !isSame(await this.readAny(), to)) {
      throw new IndexError('INDEX_UNAVAILABLE', `another rebuild of the index in table ${this.table.name} is under way`);
    }
    return { ...to, isWritten: true };
  }
}

/** The generation that a rebuild, begun by whichever process, is to be filled further by this program; null where there is none. */
export function begunIn({ generation, filling }: Pointer): string | null {
  // Never the one that is read: it may be what is wrong.
  return filling !== null && filling !== generation && versionOf(filling) === indexVersion ? filling : null;
}

/** A name that no generation had yet. */
export function nextGeneration({ generation, filling, retired }: Pointer): string {
  const numbers = [generation, ...retired, ...(filling === null ? [] : [filling])].map((name) => Number(name.split('.')[1]));
  return nameOf(Math.max(...numbers) + 1);
}

function nameOf(number: number): string {
  return `v${indexVersion}.${number}`;
}

function versionOf(generation: string): number {
  const version = /^v(\d+)\.\d+$/.exec(generation)?.[1];
  if (version === undefined) throw damagedTable(`there is no generation named ${JSON.stringify(generation)}`);
  return Number(version);
}

function textsOf({ generation, filling, retired }: Pointer): { readonly g: string; readonly f: string; readonly r: string } {
  return { g: generation, f: filling ?? '', r: retired.join(' ') };
}

function isSame(one: Pointer, other: Pointer): boolean {
  return JSON.stringify(textsOf(one)) === JSON.stringify(textsOf(other));
}

function itemOfPointer(pointer: Pointer): Item {
  return itemOf(pointerKey, textsOf(pointer));
}

function pointerIn(item: Item): ReadPointer {
  const filling = textIn(item, 'f');
  const retired = textIn(item, 'r').split(' ').filter(Boolean);
  return { generation: textIn(item, 'g'), filling: filling === '' ? null : filling, retired, isWritten: true };
}
