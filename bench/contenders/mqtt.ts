/** The little of MQTT 3.1.1 that the bench needs: QoS 0 only. */
const level = 4
const cleanSession = 2

export const pingRequest = Buffer.from([0xc0, 0])
export const pingResponse = Buffer.from([0xd0, 0])
/** What answers the packet that connects. */
export const accepted = Buffer.from([0x20, 2, 0, 0])

export function connectPacket(clientId: string): Buffer {
  const keepAliveS = [0, 0] // for ever
  return packet(0x10, Buffer.concat([text('MQTT'), Buffer.from([level, cleanSession, ...keepAliveS]), text(clientId)]))
}

export function subscribePacket(topic: string): Buffer {
  return packet(0x82, Buffer.concat([Buffer.from([0, 1]), text(topic), Buffer.from([0])]))
}

export function publishPacket(topic: string, body: string): Buffer {
  return packet(0x30, Buffer.concat([text(topic), Buffer.from(body)]))
}

function packet(head: number, rest: Buffer): Buffer {
  return Buffer.concat([Buffer.from([head, ...lengthBytes(rest.length)]), rest])
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}

function lengthBytes(length: number): readonly number[] {
  return length < 128 ? [length] : [(length & 127) | 128, ...lengthBytes(length >> 7)]
}

export type MqttHearer = { readonly message: (body: Buffer) => void; readonly other: (kind: number) => void }

/** Reads packets, however they are cut into chunks. */
export class MqttReader {
  readonly #hearer: MqttHearer
  #rest: Buffer = Buffer.alloc(0)

  constructor(hearer: MqttHearer) {
    this.#hearer = hearer
  }

  hear(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    for (let next = this.#read(bytes, at); next !== undefined; next = this.#read(bytes, at)) at = next
    this.#rest = bytes.subarray(at)
  }

  #read(bytes: Buffer, from: number): number | undefined {
    let length = 0
    let at = from + 1
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined) return undefined
      length |= (byte & 127) << shift
      if (byte < 128) break
    }
    const end = at + length
    if (end > bytes.length) return undefined
    const kind = (bytes[from] ?? 0) >> 4
    if (kind === 3) this.#hearer.message(bytes.subarray(at + 2 + bytes.readUInt16BE(at), end))
    else this.#hearer.other(kind)
    return end
  }
}
