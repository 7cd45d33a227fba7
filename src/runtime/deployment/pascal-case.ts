// SPDX-License-Identifier: Apache-2.0

/** `sagemaker-model-monitor` as construct ids are written: `SagemakerModelMonitor`. */
export function pascalCase(id: string): string {
  return id.replace(/(^|-)([a-z])/g, (_whole, _dash, letter: string) => letter.toUpperCase());
}
