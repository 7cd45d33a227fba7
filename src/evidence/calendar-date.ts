// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';

/** A day as people write it in a file: YYYY-MM-DD, and in the calendar (no 30 February, no month 13). */
export const calendarDate = z.iso.date({
  error: ({ input }) => `${input === undefined ? 'nothing' : JSON.stringify(input)} is no day of the calendar: write it as 2026-11-22`,
});
