/** Name of the one JSONL file; it comes first, because 5.36 takes the first file of the zip that ends so. */
export const IMPORT_FILE = 'import.jsonl'
/** Name of the zip on its way to the server: jobs of earlier runs are known by it. */
export const ZIP_NAME = 'fallreep-import.zip'
