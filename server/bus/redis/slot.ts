export const slots = 16_384

/** The slot of a cluster in which the keys of an environment are: CRC16 (XMODEM) of their hash tag. */
export function slotOf(environmentId: string): number {
  let crc = 0
  for (const byte of Buffer.from(environmentId)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff
  }
  return crc % slots
}
