import { parse } from "@foxglove/rosmsg";
import type { Schema } from "./channel.ts";

/** One field of a message in the order of its bytes, nested ones unfolded. */
export interface RosField {
  /** Its own name, without those of the messages around it. */
  readonly name: string;
  readonly type: FieldType;
}

export type FieldType = keyof typeof SIZES | "string" | "bytes";

/** Bytes of a field, which are its alignment, too; a time is two whole numbers of 4 bytes. */
export const SIZES = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
  time: 8,
} as const;

const MAX_DEPTH = 8;

/** The definitions of a `ros1msg` or `ros2msg` schema; null where it is none. */
export function rosDefinitions({ encoding, data }: Schema): ReturnType<typeof parse> | null {
  if (encoding !== "ros1msg" && encoding !== "ros2msg") return null;
  try {
    return parse(new TextDecoder().decode(data), { ros2: encoding === "ros2msg" });
  } catch {
    return null; // No schema that can be read: whoever asks drops what it describes.
  }
}

/**
 * The fields of an image message. null where the schema cannot be read, has a field that could hold another picture, or
 * has a name twice (rule 2).
 */
export function rosFields(schema: Schema): readonly RosField[] | null {
  const definitions = rosDefinitions(schema);
  const [root] = definitions?.filter(({ name }) => name === undefined) ?? [];
  if (definitions === null || root === undefined) return null;
  const fields = unfolded(root, definitions, 0);
  if (fields === null || fields.filter(({ type }) => type === "bytes").length !== 1) return null;
  return new Set(fields.map(({ name }) => name)).size === fields.length ? fields : null;
}

type Definitions = ReturnType<typeof parse>;

function unfolded(definition: Definitions[number], all: Definitions, depth: number): RosField[] | null {
  if (depth > MAX_DEPTH) return null;
  const fields: RosField[] = [];
  for (const { name, type, isComplex, isArray, isConstant, arrayLength } of definition.definitions) {
    if (isConstant === true) continue;
    const nested =
      isComplex === true && isArray !== true ? all.find((other) => other.name === type) : undefined;
    const own =
      nested === undefined
        ? [{ name, type: typeOf(type, isArray, arrayLength) }]
        : unfolded(nested, all, depth + 1);
    if (own === null) return null;
    for (const field of own) {
      if (field.type === null) return null;
      fields.push({ name: field.name, type: field.type });
    }
  }
  return fields;
}

function typeOf(
  type: string,
  isArray: boolean | undefined,
  arrayLength: number | undefined,
): FieldType | null {
  if (isArray === true) return type === "uint8" && arrayLength === undefined ? "bytes" : null;
  if (type === "string") return type;
  return Object.hasOwn(SIZES, type) ? (type as FieldType) : null;
}
