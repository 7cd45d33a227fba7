// SPDX-License-Identifier: Apache-2.0

/** A number as Java writes it: whole ones with all digits, others with an exponent from 10^7 up and below 10^-3. */
export function javaTextOf(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) || (size >= 1e-3 && size < 1e7)) return String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}
