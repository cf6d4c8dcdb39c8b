/** A request's body, read once and never further than the limit: a chunked body does not say how long it is. */
import { pointTo } from "./field-errors.ts";
import { BadRequest, invalidRequest } from "./problem.ts";

export const bodyBytesMax = 1_048_576;

export async function readBody(request: Request, bytesMax = bodyBytesMax): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax) throw tooLarge(bytesMax);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > bytesMax) {
      await reader.cancel();
      throw tooLarge(bytesMax);
    }
    chunks.push(value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** @returns undefined for an empty body: whether one may be left out, the contract says. */
export function parseJson(bytes: Uint8Array, contentType: string | null): unknown {
  if (bytes.byteLength === 0) return undefined;
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType ?? "")) {
    throw new BadRequest("unsupported_media_type", "Send JSON, with `Content-Type: application/json`.");
  }
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    // The parser's own message repeats a piece of the body, which may be a password.
    throw new BadRequest("malformed_json", "The body is not well-formed JSON in UTF-8.");
  }
  const prototype = /__proto__|\\u005f/i.test(text) ? findPrototype(value, "") : null;
  if (prototype === null) return value;
  throw invalidRequest([{ in: "body", pointer: prototype, detail: "A field cannot have this name." }]);
}

/** Bytes that are said to be something else are refused; what says nothing of itself is taken as it is. */
export function requireRaw(contentType: string | undefined, type: string): void {
  const said = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (["", type, "application/octet-stream", "text/plain"].includes(said)) return;
  throw new BadRequest(
    "unsupported_media_type",
    `Send the bytes as they are, with \`Content-Type: ${type}\`.`,
  );
}

/** A key that parsers after us would drop without a word: nothing that is sent gets lost silently. */
function findPrototype(value: unknown, pointer: string, depth = 0): string | null {
  // No contract is this deep: what is gets refused for that.
  if (typeof value !== "object" || value === null || depth > 32) return null;
  if (Object.hasOwn(value, "__proto__")) return `${pointer}/__proto__`;
  for (const [key, inner] of Object.entries(value)) {
    const found = findPrototype(inner, pointTo(pointer, key), depth + 1);
    if (found !== null) return found;
  }
  return null;
}

const tooLarge = (bytesMax: number) =>
  new BadRequest(
    "body_too_large",
    `A body may hold ${Math.round(bytesMax / 1_048_576)} MB here. Send less at a time.`,
  );
