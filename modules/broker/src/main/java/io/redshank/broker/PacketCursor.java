package io.redshank.broker;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Goes over the fields of one packet, never beyond its end, and finds them well formed or throws. Used again for each packet. */
final class PacketCursor {
    private static final int MAX_VARIABLE_BYTES = 4;

    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
    private int position;
    private int end;

    /** From here on, it is about the fields between these two indexes of a buffer. */
    void over(ByteBuf buffer, int from, int to) {
        bytes = buffer;
        position = from;
        end = to;
    }

    /** Forgets the buffer. */
    void clear() {
        over(Unpooled.EMPTY_BUFFER, 0, 0);
    }

    int position() {
        return position;
    }

    int left() {
        return end - position;
    }

    /** Writes over a byte that was read. */
    void replace(int index, int value) {
        bytes.setByte(index, value);
    }

    /** Ends earlier, until {@link #endAt} is called again; answers where it ended. */
    @CanIgnoreReturnValue
    int endAt(int newEnd) {
        int before = end;
        end = newEnd;
        return before;
    }

    void skip(int count, String field) {
        if (count > left()) {
            throw BadPacketException.malformed("the packet ends within its " + field);
        }
        position += count;
    }

    int u8(String field) {
        skip(1, field);
        return bytes.getUnsignedByte(position - 1);
    }

    int u16(String field) {
        skip(2, field);
        return bytes.getUnsignedShort(position - 2);
    }

    long u32(String field) {
        skip(4, field);
        return bytes.getUnsignedInt(position - 4);
    }

    /** A packet identifier, which is never 0 [MQTT-2.2.1-3]. */
    void packetId() {
        if (u16("packet id") == 0) {
            throw BadPacketException.malformed("packet id 0");
        }
    }

    /** A variable byte integer, in as few bytes as it takes [MQTT-1.5.5-1]. */
    int variable(String field) {
        int value = 0;
        for (int i = 0; i < MAX_VARIABLE_BYTES; i++) {
            int digit = u8(field);
            value |= (digit & 0x7F) << 7 * i;
            if (digit < 0x80) {
                if (digit == 0 && i > 0) {
                    throw BadPacketException.malformed(field + " in more bytes than it takes");
                }
                return value;
            }
        }
        throw BadPacketException.malformed(field + " of more than four bytes");
    }

    void binary(String field) {
        skip(u16(field), field);
    }

    /** A string; answers its length in bytes. */
    @CanIgnoreReturnValue
    int string(String field) {
        int length = u16(field);
        skip(length, field);
        if (!isUtf8(position - length, position)) {
            throw BadPacketException.malformed(field + " is not UTF-8");
        }
        return length;
    }

    /** Whether one of these bytes is in the last so many. */
    boolean lastBytesHold(int count, char one, char other) {
        for (int i = position - count; i < position; i++) {
            byte value = bytes.getByte(i);
            if (value == one || value == other) {
                return true;
            }
        }
        return false;
    }

    /** Well-formed UTF-8 without NUL: no surrogates, nothing overlong [MQTT-1.5.4-1], [MQTT-1.5.4-2]. */
    private boolean isUtf8(int from, int to) {
        int i = from;
        while (i < to) {
            int first = bytes.getUnsignedByte(i);
            if (first == 0) {
                return false;
            }
            int size = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
            if (size == 0 || size > to - i || size > 1 && !isSequence(first, i, size)) {
                return false;
            }
            i += size;
        }
        return true;
    }

    private boolean isSequence(int first, int start, int size) {
        int second = bytes.getUnsignedByte(start + 1);
        boolean overlong = first == 0xE0 && second < 0xA0 || first == 0xF0 && second < 0x90;
        boolean surrogate = first == 0xED && second >= 0xA0;
        boolean beyond = first == 0xF4 && second >= 0x90;
        if (overlong || surrogate || beyond) {
            return false;
        }
        for (int i = start + 1; i < start + size; i++) {
            if ((bytes.getByte(i) & 0xC0) != 0x80) {
                return false;
            }
        }
        return true;
    }
}
