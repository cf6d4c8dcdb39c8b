/**
 * A table as somebody else's program wrote it → rows with the line each starts on. Called by `pnpm load contacts`.
 * It must never lose a row: one that cannot be read comes out as a problem, and reading goes on with the next line.
 */
import { parse } from "csv-parse/sync";

export type CsvRow = { line: number; cells: string[] } | { line: number; problem: string };
export type CsvTable = { header: string[]; delimiter: string; rows: CsvRow[] };

const delimiters = [",", ";", "\t", "|"];
/** What spreadsheets write above the header so that other spreadsheets know the delimiter. */
const delimiterLine = /^"?sep=(.)"?\s*$/i;
/** A quote that is never closed would swallow the rest of the file into one row. */
const rowBytesMax = 1_000_000;

/** @throws CsvError when there is no table at all. `encoding` is what TextDecoder calls it; UTF-16 is seen by its mark. */
export function readCsv(bytes: Uint8Array, encoding = "utf-8"): CsvTable {
  refuseOtherFormats(bytes);
  const { text, badLines } = decode(bytes, encoding);
  const lines = text.split("\n");
  const firstFrom = (line: number) => {
    const ahead = lines.slice(line).findIndex((one) => one.trim() !== "");
    return ahead < 0 ? -1 : line + ahead;
  };
  const top = firstFrom(0);
  if (top < 0) throw new CsvError("The file is empty.");
  const told = delimiterLine.exec(lines[top]!)?.[1];
  const first = told ? firstFrom(top + 1) : top;
  if (first < 0) throw new CsvError("The file is empty.");
  const delimiter = told ?? delimiterOf(lines[first]!);
  const [header, ...records] = readRecords(lines, first, delimiter);
  if (!header || "problem" in header) throw new CsvError(`Line ${first + 1}, the header, cannot be read.`);
  const names = header.cells.map((name) => name.trim());
  const person = names.find((name) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(name));
  if (person)
    throw new CsvError(
      `Line ${first + 1} should name the columns, but holds a person (${person}). Put a line above it, like: Email,First Name,Last Name,Company`,
    );
  if (!records.length) throw new CsvError("The file holds a header and no rows.");
  const rows = records.map((record) => checked(record, names.length, badLines));
  return { header: names, delimiter, rows: rows.map(({ until: _, ...row }) => row) };
}

export class CsvError extends Error {}

/** A workbook that was only renamed is not text; read as such it would end as noise on somebody's terminal. */
function refuseOtherFormats(bytes: Uint8Array): void {
  const begins = (...mark: number[]) => mark.every((byte, at) => bytes[at] === byte);
  if (begins(0x50, 0x4b, 0x03, 0x04) || begins(0xd0, 0xcf, 0x11, 0xe0))
    throw new CsvError(
      "This is a workbook (.xlsx, .xls, .ods) or an archive, not a CSV file: save it as CSV UTF-8.",
    );
}

/** Line breaks become "\n"; lines that do not decode are named, so that only their rows are refused. */
function decode(bytes: Uint8Array, encoding: string): { text: string; badLines: Set<number> } {
  const utf16 = wideEncoding(bytes);
  const decoder = new TextDecoder(utf16 ?? encoding);
  const text = decoder.decode(bytes).replace(/\r\n?/g, "\n");
  if (text.includes("\0"))
    throw new CsvError(
      "This is not text: it holds NUL characters. If it is UTF-16, pass --encoding utf-16le.",
    );
  const badLines = new Set<number>();
  if (text.includes("\ufffd")) {
    const strict = new TextDecoder(utf16 ?? encoding, { fatal: true, ignoreBOM: false });
    for (const [index, line] of splitLines(bytes, utf16 !== null || /^utf-?16/i.test(encoding)).entries()) {
      try {
        strict.decode(line);
      } catch {
        badLines.add(index + 1);
      }
    }
  }
  return { text, badLines };
}

function splitLines(bytes: Uint8Array, wide: boolean): Uint8Array[] {
  if (wide) return [bytes];
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let at = 0; at <= bytes.length; at++) {
    const isBreak = bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] !== 0x0a);
    if (at < bytes.length && !isBreak) continue;
    lines.push(bytes.subarray(start, at));
    start = at + 1;
  }
  return lines;
}

/** What a program saved: UTF-16 is told by its mark, anything else is taken for UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(wideEncoding(bytes) ?? "utf-8").decode(bytes);
}

const wideEncoding = ([a, b]: Uint8Array): "utf-16le" | "utf-16be" | null =>
  a === 0xff && b === 0xfe ? "utf-16le" : a === 0xfe && b === 0xff ? "utf-16be" : null;

/** Whatever splits the header into the most names. */
function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, "");
  const counted = delimiters.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}

type Record = ({ line: number; cells: string[] } | { line: number; problem: string }) & { until: number };

/** `from` counts from 0, lines in a result from 1; `until` is the last line a record covers. */
function readRecords(lines: string[], from: number, delimiter: string): Record[] {
  const records: Record[] = [];
  for (let next = from; next < lines.length; ) {
    const text = lines.slice(next).join("\n");
    const started = next;
    const startAfter = (end: number) => {
      let line = end;
      while (line < lines.length && lines[line]!.trim() === "") line++;
      return line;
    };
    try {
      parse(text, {
        delimiter,
        relax_column_count: true,
        skip_empty_lines: true,
        max_record_size: rowBytesMax,
        record_delimiter: "\n",
        on_record: (cells: string[], { lines: read }) => {
          const end = started + read;
          const line = startAfter(next);
          if (cells.some((cell) => cell.trim() !== "")) records.push({ line: line + 1, cells, until: end });
          next = end;
          return null;
        },
      });
      return records;
    } catch (error) {
      const line = startAfter(next);
      records.push({ line: line + 1, problem: quoteProblem(error), until: line + 1 });
      next = line + 1;
    }
  }
  return records;
}

function quoteProblem(error: unknown): string {
  switch ((error as { code?: string }).code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return "a quote is opened and never closed";
    case "CSV_MAX_RECORD_SIZE":
      return "it is longer than a million characters, or a quote in it is opened and closed only far below";
    case "INVALID_OPENING_QUOTE":
      return 'a quote stands inside a field that does not begin with one (write it twice: "")';
    case "CSV_INVALID_CLOSING_QUOTE":
      return 'a quote stands inside a quoted field (write it twice: "")';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function checked(record: Record, width: number, badLines: Set<number>): Record {
  if ("problem" in record) return record;
  const { line, until, cells } = record;
  for (let at = line; at <= until; at++) {
    if (badLines.has(at)) {
      return {
        line,
        until,
        problem:
          "it holds bytes that are not UTF-8 (save the file as UTF-8, or pass --encoding windows-1252)",
      };
    }
  }
  if (cells.length === width) return record;
  // A spreadsheet pads with empty cells; those hold nothing that could be lost.
  if (cells.length > width && cells.slice(width).every((cell) => cell.trim() === "")) {
    return { line, until, cells: cells.slice(0, width) };
  }
  const how = cells.length < width ? "too few" : "too many";
  return { line, until, problem: `it has ${how} columns: ${cells.length} where the header has ${width}` };
}
