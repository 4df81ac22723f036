/** Folders below a vehicle's zone store. */
export const STORE_FOLDERS = { trust: "metadata", sets: "sets", parts: "parts" } as const;
