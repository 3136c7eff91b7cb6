// Which letters of a word differ from what was typed.

/** The word in runs of letters that are, or are not, part of the longest common subsequence with the query. */
export function differing(query, word) {
  const [a, b] = [[...query], [...word]];
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i][j] = a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const runs = [];
  for (let i = 0, j = 0; j < b.length; ) {
    const same = i < a.length && a[i] === b[j];
    if (!same && i < a.length && lengths[i + 1][j] >= lengths[i][j + 1]) {
      i++;
      continue;
    }
    const last = runs.at(-1);
    if (last?.differs === !same) last.letters += b[j];
    else runs.push({ letters: b[j], differs: !same });
    i += Number(same);
    j++;
  }
  return runs;
}
