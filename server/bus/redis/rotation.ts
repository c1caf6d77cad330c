/** One of the present addresses after the other, round and round, so that who fails at one goes on to the next. */
export function rotationOf(addresses: () => readonly string[]): () => string {
  let turn = Math.floor(Math.random() * 1000) // several servers of ours begin at several of theirs
  return () => {
    const all = addresses()
    turn++
    const address = all[turn % all.length]
    if (address === undefined) throw new Error('there is no address to connect to')
    return address
  }
}
