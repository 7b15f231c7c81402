import type { ContractCase, Section } from "./contract-case.ts";

/** How each case went on each server, as a table for people. */
export class ResultTable {
  readonly #results = new Map<string, Map<ContractCase, boolean>>();

  record(server: string, contractCase: ContractCase, passed: boolean): void {
    const results = this.#results.get(server) ?? new Map<ContractCase, boolean>();
    this.#results.set(server, results.set(contractCase, passed));
  }

  /** One row a section, one column a server. */
  toString(): string {
    const servers = [...this.#results.keys()];
    const sections = [
      ...new Set(
        [...this.#results.values()].flatMap((results) => [...results.keys()].map(({ section }) => section)),
      ),
    ];
    const rows = [
      ["contract", ...servers],
      ...sections.map((section) => [section, ...servers.map((server) => this.#cell(server, section))]),
      ["all", ...servers.map((server) => this.#cell(server))],
    ];
    const widths =
      rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
    return rows
      .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
      .join("\n");
  }

  #cell(server: string, section?: Section): string {
    const results = [...(this.#results.get(server) ?? [])].filter(
      ([contractCase]) => section === undefined || contractCase.section === section,
    );
    return `${results.filter(([, passed]) => passed).length} of ${results.length}`;
  }
}
