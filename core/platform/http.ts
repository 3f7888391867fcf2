/** An `import` of node:http also loads Node's own fetch, for the names the two share: 40 ms of every start. */
export const nodeHttp = process.getBuiltinModule('node:http')
