import { describe, expect, it } from "vitest";
import { CsvError, decodeText, readCsv } from "./csv-rows.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const rowsOf = (text: string) => readCsv(bytes(text)).rows;

describe("a CSV file", () => {
  it("is read with quotes, commas and line breaks inside fields, each row with the line it starts on", () => {
    expect(rowsOf('name,note\n"Vento, Lda.","one\ntwo"\nB,"say ""hi"""\n')).toEqual([
      { line: 2, cells: ["Vento, Lda.", "one\ntwo"] },
      { line: 4, cells: ["B", 'say "hi"'] },
    ]);
  });

  it.each([
    ["\ufeffname,note\r\nA,1\r\n", ","],
    ["name;note\nA;1", ";"],
    ["name\tnote\rA\t1\r", "\t"],
    ['"na,me";note\nA;1', ";"],
    ["name|note\nA|1\n", "|"],
  ])("may have a byte order mark, any line end and any delimiter", (text, delimiter) => {
    const table = readCsv(bytes(text));
    expect(table.delimiter).toBe(delimiter);
    expect(table.header[1]).toBe("note");
    expect(table.rows).toEqual([{ line: 2, cells: ["A", "1"] }]);
  });

  it("is read from UTF-16, as a spreadsheet saves Unicode text", () => {
    const text = "name\tnote\r\nJosé\t1\r\n";
    const wide = new Uint8Array([
      0xff,
      0xfe,
      ...new Uint8Array(Uint16Array.from([...text].map((c) => c.charCodeAt(0))).buffer),
    ]);
    expect(readCsv(wide).rows).toEqual([{ line: 2, cells: ["José", "1"] }]);
  });

  it("passes over blank lines and rows of empty cells without losing count", () => {
    expect(rowsOf("\na,b\n\n1,2\n,\n\n3,4\n")).toEqual([
      { line: 4, cells: ["1", "2"] },
      { line: 7, cells: ["3", "4"] },
    ]);
  });

  it.each([["sep=;\n"], ['"sep=;"\r\n\n'], ["SEP=;\n"]])(
    "may say its delimiter on a line of its own",
    (line) => {
      const { header, delimiter, rows } = readCsv(bytes(`${line}na,me;note\nA;1\n`));
      expect({ header, delimiter, cells: rows.map((row) => "cells" in row && row.cells) }).toEqual({
        header: ["na,me", "note"],
        delimiter: ";",
        cells: [["A", "1"]],
      });
    },
  );

  it.each([
    ["nothing", "\n \n", /is empty/],
    ["only its delimiter", "sep=;\n", /is empty/],
    ["a header and no rows", "name,email\n\n", /a header and no rows/],
    [
      "people without a header",
      "Dana,dana@x.example\nRui,rui@x.example\n",
      /^Line 1 .*dana@x\.example.*Email,First Name/,
    ],
    ["NUL characters", "n\0a\0m\0e\0\n\0A\0\n\0", /utf-16le/],
  ])("that holds %s is refused, and told why", (_, text, why) => {
    expect(() => readCsv(bytes(text))).toThrow(CsvError);
    expect(() => readCsv(bytes(text))).toThrow(why);
  });

  it.each([[[0x50, 0x4b, 0x03, 0x04, 0x14]], [[0xd0, 0xcf, 0x11, 0xe0, 0xa1]]])(
    "that is a workbook under another name is refused as one",
    (begin) => {
      expect(() => readCsv(Uint8Array.from([...begin, 10, 65, 10]))).toThrow(
        /not a CSV file: save it as CSV/,
      );
    },
  );
});

describe("a row that cannot be read", () => {
  it("is named by its line, and the rows around it are kept", () => {
    expect(rowsOf("a,b\n1\n1,2,3\n4,5\n")).toEqual([
      { line: 2, problem: "it has too few columns: 1 where the header has 2" },
      { line: 3, problem: "it has too many columns: 3 where the header has 2" },
      { line: 4, cells: ["4", "5"] },
    ]);
  });

  it.each([
    ['a,b\n1,"x\n2,3\n4,5\n', "a quote is opened and never closed", [3, 4]],
    [
      'a,b\n1,x"y\n4,5\n',
      'a quote stands inside a field that does not begin with one (write it twice: "")',
      [3],
    ],
    ['a,b\n"1"z,x\n4,5\n', 'a quote stands inside a quoted field (write it twice: "")', [3]],
  ])("does not swallow the rows after it", (text, problem, kept) => {
    const [bad, ...rest] = rowsOf(text);
    expect(bad).toEqual({ line: 2, problem });
    expect(rest.map(({ line }) => line)).toEqual(kept);
    expect(rest.every((row) => "cells" in row)).toBe(true);
  });

  it("is not called unclosed where it is only too long", () => {
    const [bad, next] = rowsOf(`a,b\n1,"${"x".repeat(1_200_000)}"\n4,5\n`);
    expect(bad).toEqual({
      line: 2,
      problem: expect.stringMatching(/^it is longer than a million characters/),
    });
    expect(next).toEqual({ line: 3, cells: ["4", "5"] });
  });

  it("for its bytes is refused alone, or read once its encoding is told", () => {
    const latin = new Uint8Array([...bytes("a,b\nx,1\nJos"), 0xe9, ...bytes(",2\ny,3\n")]);
    expect(readCsv(latin).rows.map((row) => [row.line, "cells" in row])).toEqual([
      [2, true],
      [3, false],
      [4, true],
    ]);
    expect(readCsv(latin, "windows-1252").rows[1]).toEqual({ line: 3, cells: ["José", "2"] });
  });

  it("with only empty cells too many is not bad", () => {
    expect(rowsOf("a,b\n1,2,,\n")).toEqual([{ line: 2, cells: ["1", "2"] }]);
  });
});

it("a text is read from UTF-16, too, where its mark says so", () => {
  const wide = [...'{"é":1}'].flatMap((letter) => [letter.charCodeAt(0), 0]);
  expect(decodeText(Uint8Array.from([0xff, 0xfe, ...wide]))).toBe('{"é":1}');
  expect(decodeText(bytes('{"é":1}'))).toBe('{"é":1}');
});
