// Runs on any Node since 18: it is the one file that must start where the program cannot. 22.18 is the first version that runs
// TypeScript files without a flag. Where the registry has a Node package, npm has put a newer one first in the PATH already.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Claude Market needs Node 22.18 or newer and this is ${process.versions.node}: install the current Node from https://nodejs.org and try again.`,
  )
  process.exit(2)
}
