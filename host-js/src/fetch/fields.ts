// Header fields as the contract carries them in a response: lines "name: value", each ended by a line feed.

export function toLines(fields: Iterable<[string, string]>): string {
  let lines = '';
  for (const [name, value] of fields) lines += `${name}: ${value}\n`;
  return lines;
}

export function fromLines(lines: string): [string, string][] {
  const fields: [string, string][] = [];
  for (const line of lines.split('\n')) {
    const colon = line.indexOf(': ');
    if (colon > 0) fields.push([line.slice(0, colon), line.slice(colon + 2)]);
  }
  return fields;
}
