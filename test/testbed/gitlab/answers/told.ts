/** What an answer says of a schema of `@gitbeaker/rest`: the fields it has are of the schema's types, or null where the schema forgot that GitLab says null. */
export type Told<T> = { readonly [K in keyof T]?: T[K] | null }
