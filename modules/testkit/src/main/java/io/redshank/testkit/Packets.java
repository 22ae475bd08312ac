package io.redshank.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** MQTT packets and their pieces as bytes, also those that no client library would send. */
public final class Packets {
    /** PINGREQ. */
    public static final byte[] PINGREQ = bytes(0xC0, 0);
    /** DISCONNECT without a reason: the normal one. */
    public static final byte[] DISCONNECT = bytes(0xE0, 0);

    private static final int MQTT_5 = 5;

    private Packets() {}

    /** These bytes. */
    public static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** All of these, one behind the other. */
    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    /** A number in two bytes. */
    public static byte[] u16(int value) {
        return bytes(value >> 8, value);
    }

    /** A number in four bytes. */
    public static byte[] u32(long value) {
        return bytes((int) (value >> 24), (int) (value >> 16), (int) (value >> 8), (int) value);
    }

    /** A text with its length. */
    public static byte[] string(String text) {
        return binary(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes with their length. */
    public static byte[] binary(byte[] bytes) {
        return join(u16(bytes.length), bytes);
    }

    /** A number in as many bytes as MQTT's variable length takes for it. */
    public static byte[] variable(int value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int rest = value;
        while (rest > 0x7F) {
            out.write(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
        return out.toByteArray();
    }

    /** A packet of this first byte and of these parts behind its length. */
    public static byte[] packet(int first, byte[]... parts) {
        byte[] body = join(parts);
        return join(bytes(first), variable(body.length), body);
    }

    /** The length and the bytes of MQTT 5 properties; nothing at all for older versions. */
    public static byte[] properties(int version, byte[]... properties) {
        byte[] all = join(properties);
        return version < MQTT_5 ? new byte[0] : join(variable(all.length), all);
    }

    /** PUBLISH; the packet id is left out at QoS 0. */
    public static byte[] publish(int version, String topic, int qos, int packetId, String payload) {
        return publish(version, 0x30 | qos << 1, topic, packetId, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** PUBLISH with a first byte of the caller's choice; the packet id is left out at QoS 0. */
    public static byte[] publish(
            int version, int first, String topic, int packetId, byte[] payload, byte[]... properties) {
        boolean hasId = (first & 0b110) != 0;
        return packet(
                first, string(topic), hasId ? u16(packetId) : new byte[0], properties(version, properties), payload);
    }

    /** SUBSCRIBE to one filter with these subscription options. */
    public static byte[] subscribe(int version, int packetId, String filter, int options) {
        return packet(0x82, u16(packetId), properties(version), string(filter), bytes(options));
    }

    /** UNSUBSCRIBE from these filters. */
    public static byte[] unsubscribe(int version, int packetId, String... filters) {
        byte[] all = new byte[0];
        for (String filter : filters) {
            all = join(all, string(filter));
        }
        return packet(0xA2, u16(packetId), properties(version), all);
    }

    /** PUBACK. */
    public static byte[] puback(int packetId) {
        return packet(0x40, u16(packetId));
    }

    /** PUBREC. */
    public static byte[] pubrec(int packetId) {
        return packet(0x50, u16(packetId));
    }

    /** PUBREL. */
    public static byte[] pubrel(int packetId) {
        return packet(0x62, u16(packetId));
    }

    /** PUBCOMP. */
    public static byte[] pubcomp(int packetId) {
        return packet(0x70, u16(packetId));
    }

    /** AUTH with a method and data. */
    public static byte[] auth(int reason, String method, String data) {
        return auth(
                reason,
                join(bytes(RawProperties.AUTH_METHOD), string(method)),
                join(bytes(RawProperties.AUTH_DATA), string(data)));
    }

    /** AUTH with properties. */
    public static byte[] auth(int reason, byte[]... properties) {
        return packet(0xF0, bytes(reason), properties(MQTT_5, properties));
    }

    /** DISCONNECT of MQTT 5 with a reason and properties. */
    public static byte[] disconnect(int reason, byte[]... properties) {
        return packet(0xE0, bytes(reason), properties(MQTT_5, properties));
    }
}
