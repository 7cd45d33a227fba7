// SPDX-License-Identifier: Apache-2.0

/** Replaces each `{{name}}` of a template. Throws where a name has no value, so that no `{{` ever reaches a file. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new TypeError(`the template asks for {{${name}}}, which has no value`);
    return value;
  });
}
