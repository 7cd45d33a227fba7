// SPDX-License-Identifier: Apache-2.0
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { isTold, type MetricName, metricNames, metricNamespace, metricUnit, toldBySource } from '../deployment/metric-names.ts';

/** What is said of a run: figures and ids, never what a finding says. */
export type LineFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where functions say what they did: one line for each run, and metrics that alarms watch. */
export interface Telemetry {
  line(what: string, fields: LineFields): void;
  /** Something that a person should look at. */
  problem(what: string, fields: LineFields, error?: unknown): void;
  /** Adds to a metric of this invocation; to the source's own where each source has one. */
  count(name: MetricName, value: number, source?: string): void;
  /** Writes the metrics of this invocation out. */
  flush(): void;
}

/** Logs as JSON and metrics in CloudWatch's embedded format, both on stdout, where Lambda takes them from. */
export function powertoolsTelemetry(): Telemetry {
  const logger = new Logger();
  const metrics = new Metrics({ namespace: metricNamespace });
  const ofSources = new Map<string, Metrics>();
  const metricsOf = (source: string): Metrics => {
    const found = ofSources.get(source) ?? new Metrics({ namespace: metricNamespace, defaultDimensions: { source } });
    ofSources.set(source, found);
    return found;
  };
  return {
    line: (what, fields) => logger.info(what, { ...fields }),
    problem: (what, fields, error) => logger.error(what, { ...fields, ...(Error.isError(error) ? { error } : {}) }),
    count: (name, value, source) => {
      if (!isTold(name, value)) return;
      const told = source !== undefined && toldBySource.has(name) ? metricsOf(source) : metrics;
      told.addMetric(metricNames[name], metricUnit(name), value);
    },
    flush: () => {
      for (const one of [metrics, ...ofSources.values()]) if (one.hasStoredMetrics()) one.publishStoredMetrics();
    },
  };
}
