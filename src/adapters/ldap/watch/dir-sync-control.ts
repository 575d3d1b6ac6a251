import { Ber, type BerReader, BerWriter, Control } from 'ldapts';

/** MS-ADTS, 3.1.1.3.4.1.3: what changed since a cookie was given. Samba has it too. */
const DIR_SYNC = '1.2.840.113556.1.4.841';
/** LDAP_DIRSYNC_OBJECT_SECURITY: no right to replicate is needed, and what the account may not read is left out. */
const OBJECT_SECURITY = 1;
/** LDAP_DIRSYNC_INCREMENTAL_VALUES (0x80000000): of an attribute of many values those that came and went. */
const INCREMENTAL_VALUES = -0x8000_0000;
const NO_COOKIE = Buffer.alloc(0);

/** One request for what changed; after the search it has what the server said to it. */
export class DirSyncControl extends Control {
  readonly #after: Buffer;
  readonly #maxBytes: number;
  /** Whether there is more than this answer had. */
  hasMore = false;
  /** What to ask with next; `undefined`: the server gave none. */
  cookie: Buffer | undefined;

  /**
   * Takes the cookie to go on from (`undefined`: from the beginning of the directory), and the most that one answer
   * should have.
   */
  constructor(after: Buffer | undefined, maxBytes: number) {
    super(DIR_SYNC, { critical: true });
    this.#after = after ?? NO_COOKIE;
    this.#maxBytes = maxBytes;
  }

  protected override writeControl(writer: BerWriter): void {
    const value = new BerWriter();
    value.startSequence();
    value.writeInt(OBJECT_SECURITY + INCREMENTAL_VALUES);
    value.writeInt(this.#maxBytes);
    value.writeBuffer(this.#after, Ber.OctetString);
    value.endSequence();
    writer.writeBuffer(value.buffer, Ber.OctetString);
  }

  protected override parseControl(reader: BerReader): void {
    reader.readSequence();
    this.hasMore = reader.readInt() !== 0;
    reader.readInt();
    this.cookie = reader.readString(Ber.OctetString, true) ?? undefined;
  }
}
