import { Decoder, Encoder, type Packet, PacketType } from 'socket.io-parser'
import { EncodedMessage } from './frames.ts'

/**
 * socket.io's own wire format, with one shortcut: a message whose JSON is ready is put into the packet as it is, so that
 * the rows of a batch are never parsed and serialised again. Browsers use the standard parser.
 */
class FrameEncoder extends Encoder {
  override encode(packet: Packet): ReturnType<Encoder['encode']> {
    const message: unknown = packet.type === PacketType.EVENT ? packet.data?.[1] : undefined
    if (!(message instanceof EncodedMessage)) return super.encode(packet)
    const namespace = packet.nsp === '/' ? '' : `${packet.nsp},`
    return [`${packet.type}${namespace}[${JSON.stringify(packet.data[0])},${message.text}]`]
  }
}

export const frameParser = { Encoder: FrameEncoder, Decoder }
