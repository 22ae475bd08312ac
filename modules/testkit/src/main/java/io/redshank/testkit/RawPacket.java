package io.redshank.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** A packet as it was received: its first byte and what was behind its length. */
public final class RawPacket {
    /** The packet types by their number. */
    public static final int CONNACK = 2, PUBLISH = 3, PUBACK = 4, PUBREC = 5, PUBREL = 6, PUBCOMP = 7;
    /** The packet types by their number, continued. */
    public static final int SUBACK = 9, UNSUBACK = 11, PINGRESP = 13, DISCONNECT = 14, AUTH = 15;

    private static final int MQTT_5 = 5;
    private static final int MAX_SHOWN = 64;

    private final int first;
    private final byte[] body;

    RawPacket(int first, byte[] body) {
        this.first = first;
        this.body = body;
    }

    /** The whole first byte. */
    public int first() {
        return first;
    }

    /** The packet type. */
    public int type() {
        return first >> 4;
    }

    /** What is behind the length. */
    public byte[] body() {
        return body.clone();
    }

    /** An unsigned byte of the body. */
    public int at(int index) {
        return Byte.toUnsignedInt(body[index]);
    }

    /** The size of the whole packet. */
    public int size() {
        return 1 + Packets.variable(body.length).length + body.length;
    }

    /** The quality of service of a PUBLISH. */
    public int qos() {
        return first >> 1 & 3;
    }

    /** Whether a PUBLISH is marked as retained. */
    public boolean retained() {
        return (first & 1) != 0;
    }

    /** Whether a PUBLISH is marked as sent before. */
    public boolean duplicate() {
        return (first & 8) != 0;
    }

    /** The topic of a PUBLISH. */
    public String topic() {
        return new String(body, 2, u16(0), StandardCharsets.UTF_8);
    }

    /** The packet id of a PUBLISH, or of a packet that begins with it. */
    public int packetId() {
        return u16(type() == PUBLISH ? 2 + u16(0) : 0);
    }

    /** The payload of a PUBLISH. */
    public String payload(int version) {
        int start = version == MQTT_5 ? RawProperties.ofPublish(this).end() : 2 + topicLength() + (qos() > 0 ? 2 : 0);
        return new String(body, start, body.length - start, StandardCharsets.UTF_8);
    }

    int topicLength() {
        return u16(0);
    }

    private int u16(int index) {
        return at(index) << 8 | at(index + 1);
    }

    /** Whether it is these very bytes. */
    public boolean is(byte[] packet) {
        return Arrays.equals(packet, Packets.packet(first, body));
    }

    @Override
    public String toString() {
        byte[] packet = Packets.packet(first, body);
        int shown = Math.min(packet.length, MAX_SHOWN);
        return HexFormat.ofDelimiter(" ").formatHex(packet, 0, shown) + (shown < packet.length ? " ..." : "");
    }
}
