// What a join of two datasets gives: its columns, and where each comes from.

import { mistake } from '../mistake.ts';
import type { TableColumn } from '../tables/column-view.ts';
import { columnNamed, quote } from '../tables/table-sources.ts';

/** Which rows a join gives. */
export type JoinKind = 'inner' | 'left' | 'right' | 'outer' | 'semi' | 'anti';

/** Options that say how to join. */
export interface JoinOptions {
  readonly on: readonly string[];
  readonly kind: JoinKind;
  readonly leftRename: Readonly<Record<string, string>>;
  readonly rightRename: Readonly<Record<string, string>>;
  readonly rightPrefix: string;
}

/** A join. */
export interface JoinPlan {
  readonly kind: JoinKind;
  /** Columns that are read: the keys, then those that go into the result. */
  readonly left: readonly TableColumn[];
  readonly right: readonly TableColumn[];
  readonly keys: number;
  /** Columns of the result: the keys, the rest of `left`, the rest of `right`. */
  readonly columns: readonly TableColumn[];
}

/** Which rows without a partner are in the result. */
export function keepsUnmatched(kind: JoinKind): {
  readonly left: boolean;
  readonly right: boolean;
} {
  return {
    left: kind === 'left' || kind === 'outer',
    right: kind === 'right' || kind === 'outer',
  };
}

/** Plans a join; throws an error for columns that are missing, of different types, or two of one name. */
export function joinPlanOf(
  options: JoinOptions,
  left: { readonly columns: readonly TableColumn[]; readonly spec: string },
  right: { readonly columns: readonly TableColumn[]; readonly spec: string },
): JoinPlan {
  const { on, kind, leftRename, rightRename, rightPrefix } = options;
  const leftKeys = on.map((name) => columnNamed(left.columns, name, 'on', left.spec));
  const rightKeys = on.map((name) => columnNamed(right.columns, name, 'on', right.spec));
  checkKeys(leftKeys, rightKeys);
  checkRenames(leftRename, { option: 'leftRename', ...left, on });
  checkRenames(rightRename, { option: 'rightRename', ...right, on });
  const unmatched = keepsUnmatched(kind);
  const isKey = ({ name }: TableColumn): boolean => on.includes(name);
  const leftRest = left.columns.filter((column) => !isKey(column));
  const hasRight = kind !== 'semi' && kind !== 'anti';
  const rightRest = hasRight ? right.columns.filter((column) => !isKey(column)) : [];
  const keys = leftKeys.map((key, i) => ({
    ...key,
    nullable:
      (key.nullable && (unmatched.left || kind === 'anti')) ||
      ((rightKeys[i]?.nullable ?? false) && unmatched.right),
  }));
  const columns = [
    ...keys,
    ...leftRest.map((column) => ({
      ...column,
      name: renamed(leftRename, column.name) ?? column.name,
      nullable: column.nullable || unmatched.right,
    })),
    ...rightRest.map((column) => ({
      ...column,
      name: renamed(rightRename, column.name) ?? rightPrefix + column.name,
      nullable: column.nullable || unmatched.left,
    })),
  ];
  checkNames(columns);
  return {
    kind,
    left: [...leftKeys, ...leftRest],
    right: [...rightKeys, ...rightRest],
    keys: on.length,
    columns,
  };
}

function checkKeys(left: readonly TableColumn[], right: readonly TableColumn[]): void {
  for (const [i, { name, type }] of left.entries()) {
    const other = right[i]?.type;
    if (type === 'json') throw mistake(`Option "on" names column ${quote(name)} of type json`);
    if (other !== type) {
      throw mistake(`Column ${quote(name)} is ${type} on the left and ${other} on the right`);
    }
  }
}

function checkRenames(
  rename: Readonly<Record<string, string>>,
  side: {
    readonly option: string;
    readonly columns: readonly TableColumn[];
    readonly spec: string;
    readonly on: readonly string[];
  },
): void {
  for (const name of Object.keys(rename)) {
    columnNamed(side.columns, name, side.option, side.spec);
    if (side.on.includes(name)) {
      throw mistake(`Option "${side.option}" names column ${quote(name)}, which is joined on`);
    }
  }
}

function renamed(names: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

function checkNames(columns: readonly TableColumn[]): void {
  const twice = columns.find(({ name }, i) => columns.findIndex((one) => one.name === name) < i);
  if (twice === undefined) return;
  throw mistake(
    `Two columns of the result would be named ${quote(twice.name)}: give "rightPrefix", "leftRename" or "rightRename"`,
  );
}
