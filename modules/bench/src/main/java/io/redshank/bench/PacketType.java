package io.redshank.bench;

import java.util.Arrays;

/** The control packets of MQTT 3.1.1 that this client sends or understands, with the number each has on the wire. */
enum PacketType {
    CONNECT(1),
    CONNACK(2),
    PUBLISH(3),
    PUBACK(4),
    PUBREC(5),
    PUBREL(6),
    PUBCOMP(7),
    SUBSCRIBE(8),
    SUBACK(9),
    PINGREQ(12),
    PINGRESP(13),
    DISCONNECT(14);

    private static final PacketType[] BY_CODE = byCode();

    private final int code;

    PacketType(int code) {
        this.code = code;
    }

    /** The type that the first byte of a packet names. */
    static PacketType ofFirstByte(int firstByte) {
        PacketType type = BY_CODE[(firstByte & 0xF0) >> 4];
        // CONNECT fills the places of the numbers that no client is ever sent.
        if (type == CONNECT) {
            throw new BenchFailedException("the broker sent a packet that begins with " + firstByte);
        }
        return type;
    }

    /** The first byte of such a packet. [MQTT-2.2.2-1] */
    byte firstByte() {
        int flags = this == PUBREL || this == SUBSCRIBE ? 0b0010 : 0;
        return (byte) (code << 4 | flags);
    }

    private static PacketType[] byCode() {
        PacketType[] types = new PacketType[16];
        Arrays.fill(types, CONNECT);
        for (PacketType type : values()) {
            types[type.code] = type;
        }
        return types;
    }
}
