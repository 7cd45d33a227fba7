// SPDX-License-Identifier: Apache-2.0

/** Whether somebody answers at a URL, and well. */
export async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    // Not listening yet.
    return false;
  }
}
