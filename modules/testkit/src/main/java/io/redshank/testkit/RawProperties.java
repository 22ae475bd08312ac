package io.redshank.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The MQTT 5 properties of a packet that was received, in their order, each as the bytes behind its identifier. */
public final class RawProperties {
    /** Identifiers of properties, under the names of the specification. */
    public static final int PAYLOAD_FORMAT = 0x01, MESSAGE_EXPIRY = 0x02, CONTENT_TYPE = 0x03, RESPONSE_TOPIC = 0x08;
    /** Identifiers of properties, continued. */
    public static final int CORRELATION_DATA = 0x09, SUBSCRIPTION_IDENTIFIER = 0x0B, SESSION_EXPIRY = 0x11;
    /** Identifiers of properties, continued. */
    public static final int ASSIGNED_CLIENT_ID = 0x12, SERVER_KEEP_ALIVE = 0x13, AUTH_METHOD = 0x15, AUTH_DATA = 0x16;
    /** Identifiers of properties, continued. */
    public static final int RESPONSE_INFORMATION = 0x1A, SERVER_REFERENCE = 0x1C, REASON_STRING = 0x1F;
    /** Identifiers of properties, continued. */
    public static final int RECEIVE_MAXIMUM = 0x21,
            TOPIC_ALIAS_MAXIMUM = 0x22,
            TOPIC_ALIAS = 0x23,
            USER_PROPERTY = 0x26;

    private static final Set<Integer> ONE_BYTE = Set.of(0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A);
    private static final Set<Integer> TWO_BYTES = Set.of(0x13, 0x21, 0x22, 0x23);
    private static final Set<Integer> FOUR_BYTES = Set.of(0x02, 0x11, 0x18, 0x27);

    private record Property(int id, byte[] value) {}

    private final List<Property> all = new ArrayList<>();
    private final int end;

    private RawProperties(ByteBuffer packet) {
        int length = variable(packet);
        int stop = packet.position() + length;
        while (packet.position() < stop) {
            int id = variable(packet);
            int start = packet.position();
            skip(packet, id);
            all.add(new Property(id, bytes(packet, start)));
        }
        end = packet.position();
    }

    /** The properties that begin at this place of a packet's body; none if the body ends there. */
    public static RawProperties at(RawPacket packet, int place) {
        byte[] body = packet.body();
        byte[] readable = place < body.length ? body : Packets.join(body, Packets.bytes(0));
        return new RawProperties(ByteBuffer.wrap(readable).position(place));
    }

    /** The properties of a PUBLISH. */
    public static RawProperties ofPublish(RawPacket packet) {
        return at(packet, 2 + packet.topicLength() + (packet.qos() > 0 ? 2 : 0));
    }

    /** Where in the body they end. */
    public int end() {
        return end;
    }

    /** The identifiers, in the order of the packet. */
    public List<Integer> ids() {
        return all.stream().map(Property::id).toList();
    }

    /** Whether there is one of this identifier. */
    public boolean has(int id) {
        return ids().contains(id);
    }

    /** The number in the only property of this identifier. */
    public long number(int id) {
        return numbers(id).get(0);
    }

    /** The numbers in all properties of this identifier. */
    public List<Long> numbers(int id) {
        return values(id).stream()
                .map(value -> {
                    ByteBuffer bytes = ByteBuffer.wrap(value);
                    return switch (value.length) {
                        case 2 -> id == SUBSCRIPTION_IDENTIFIER ? variable(bytes) : bytes.getShort() & 0xFFFFL;
                        case 4 -> id == SUBSCRIPTION_IDENTIFIER ? variable(bytes) : bytes.getInt() & 0xFFFF_FFFFL;
                        default -> (long) variable(bytes);
                    };
                })
                .toList();
    }

    /** The text in the only property of this identifier. */
    public String text(int id) {
        byte[] value = values(id).get(0);
        return new String(value, 2, value.length - 2, StandardCharsets.UTF_8);
    }

    /** The bytes behind the length in the only property of this identifier. */
    public byte[] binary(int id) {
        byte[] value = values(id).get(0);
        return bytes(ByteBuffer.wrap(value).position(value.length), 2);
    }

    /** The user properties, each as {@code name=value}. */
    public List<String> user() {
        return values(USER_PROPERTY).stream()
                .map(ByteBuffer::wrap)
                .map(pair -> string(pair) + "=" + string(pair))
                .toList();
    }

    private List<byte[]> values(int id) {
        return all.stream()
                .filter(property -> property.id() == id)
                .map(Property::value)
                .toList();
    }

    private static void skip(ByteBuffer packet, int id) {
        if (id == SUBSCRIPTION_IDENTIFIER) {
            int identifier = variable(packet);
            assert identifier > 0 : "a subscription identifier of 0";
        } else if (id == USER_PROPERTY) {
            packet.position(packet.position() + 2 + packet.getShort(packet.position()));
            packet.position(packet.position() + 2 + packet.getShort(packet.position()));
        } else {
            int size = ONE_BYTE.contains(id)
                    ? 1
                    : TWO_BYTES.contains(id)
                            ? 2
                            : FOUR_BYTES.contains(id) ? 4 : 2 + (packet.getShort(packet.position()) & 0xFFFF);
            packet.position(packet.position() + size);
        }
    }

    private static byte[] bytes(ByteBuffer packet, int start) {
        byte[] bytes = new byte[packet.position() - start];
        packet.get(start, bytes);
        return bytes;
    }

    private static String string(ByteBuffer from) {
        byte[] text = new byte[from.getShort() & 0xFFFF];
        from.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static int variable(ByteBuffer from) {
        int value = 0;
        int shift = 0;
        int digit;
        do {
            digit = from.get();
            value |= (digit & 0x7F) << shift;
            shift += 7;
        } while (digit < 0);
        return value;
    }
}
