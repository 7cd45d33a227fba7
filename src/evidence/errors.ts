// SPDX-License-Identifier: Apache-2.0

/** Base of every error we throw. Decide on `code`, never on the message or the class name. */
export abstract class AimsError<Code extends string = string> extends Error {
  readonly code: Code;
  /** The message without the code, to stand in the message of another error. */
  readonly words: string;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options);
    this.name = new.target.name;
    this.code = code;
    this.words = message;
  }
}

/** Fails to compile where a closed choice gained a member that a `switch` does not handle. */
export function assertNever(value: never): never {
  throw new TypeError(`not one of the known choices: ${String(value)}`);
}
