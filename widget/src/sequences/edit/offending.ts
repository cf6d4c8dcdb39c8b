/** Where in a text the thing is that a problem names, so that it can be shown there. Pure. */

/** @returns from and to; null where the problem names nothing that stands in the text. */
export function offendingIn(text: string, detail: string): [from: number, to: number] | null {
  const named = /\{\{ ([^{}]+?) \}\}/.exec(detail)?.[1] ?? /^(\S.{0,60}?) would be sent/.exec(detail)?.[1];
  if (named) {
    const at = text.indexOf(named);
    if (at < 0) return null;
    // With its braces, where it has some.
    const open = text.lastIndexOf("{{", at);
    const isInside = open >= 0 && !text.slice(open, at).includes("}}");
    const close = text.indexOf("}}", at);
    return isInside && close >= 0 ? [open, close + 2] : [at, at + named.length];
  }
  const line = Number(/\(line (\d+)\)/.exec(detail)?.[1] ?? 0);
  const lines = text.split("\n");
  if (!line || line > lines.length) return null;
  const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const open = text.indexOf("{", from);
  const end = from + lines[line - 1]!.length;
  return [open >= 0 && open < end ? open : from, end];
}
