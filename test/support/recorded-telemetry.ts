// SPDX-License-Identifier: Apache-2.0
import type { LineFields, Telemetry } from '../../src/runtime/aws/telemetry.ts';
import type { MetricName } from '../../src/runtime/deployment/metric-names.ts';

/** Keeps what a function says, and writes it nowhere. */
export class RecordedTelemetry implements Telemetry {
  readonly lines: { readonly what: string; readonly fields: LineFields }[] = [];
  readonly problems: { readonly what: string; readonly fields: LineFields; readonly error: unknown }[] = [];
  readonly counted: { readonly name: MetricName; readonly value: number; readonly source: string | undefined }[] = [];
  flushes = 0;

  line(what: string, fields: LineFields): void {
    this.lines.push({ what, fields });
  }

  problem(what: string, fields: LineFields, error?: unknown): void {
    this.problems.push({ what, fields, error });
  }

  count(name: MetricName, value: number, source?: string): void {
    this.counted.push({ name, value, source });
  }

  flush(): void {
    this.flushes++;
  }

  /** What a metric adds up to. */
  sum(name: MetricName): number {
    return this.counted.filter((one) => one.name === name).reduce((sum, { value }) => sum + value, 0);
  }
}
