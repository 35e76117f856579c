/** Name of the one JSONL file; it comes first, because 5.36 takes the first file of the zip that ends so. */
export const IMPORT_FILE = 'import.jsonl'
