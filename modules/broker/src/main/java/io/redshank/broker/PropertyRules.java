package io.redshank.broker;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** Which properties a client may send where, and with what values (MQTT 5, section 2.2.2). */
final class PropertyRules {
    /** A section of properties in a packet that clients send. */
    enum Place {
        CONNECT,
        WILL,
        PUBLISH,
        ACKNOWLEDGEMENT,
        SUBSCRIBE,
        UNSUBSCRIBE,
        DISCONNECT,
        AUTH
    }

    private enum Type {
        FLAG,
        TWO_BYTES,
        FOUR_BYTES,
        VARIABLE,
        STRING,
        TOPIC,
        BINARY,
        PAIR
    }

    private record Rule(Type type, long least, Set<Place> places) {}

    private static final int USER_PROPERTY = 0x26;
    private static final int SUBSCRIPTION_IDENTIFIER = 0x0B;
    private static final int AUTHENTICATION_METHOD = 0x15;
    private static final int AUTHENTICATION_DATA = 0x16;
    private static final Rule[] RULES = new Rule[0x2B];

    static {
        rule(0x01, Type.FLAG, 0, Place.PUBLISH, Place.WILL); // payload format indicator
        rule(0x02, Type.FOUR_BYTES, 0, Place.PUBLISH, Place.WILL); // message expiry interval
        rule(0x03, Type.STRING, 0, Place.PUBLISH, Place.WILL); // content type
        rule(0x08, Type.TOPIC, 0, Place.PUBLISH, Place.WILL); // response topic
        rule(0x09, Type.BINARY, 0, Place.PUBLISH, Place.WILL); // correlation data
        rule(SUBSCRIPTION_IDENTIFIER, Type.VARIABLE, 1, Place.SUBSCRIBE);
        rule(0x11, Type.FOUR_BYTES, 0, Place.CONNECT, Place.DISCONNECT); // session expiry interval
        rule(AUTHENTICATION_METHOD, Type.STRING, 0, Place.CONNECT, Place.AUTH);
        rule(AUTHENTICATION_DATA, Type.BINARY, 0, Place.CONNECT, Place.AUTH);
        rule(0x17, Type.FLAG, 0, Place.CONNECT); // request problem information
        rule(0x18, Type.FOUR_BYTES, 0, Place.WILL); // will delay interval
        rule(0x19, Type.FLAG, 0, Place.CONNECT); // request response information
        rule(0x1F, Type.STRING, 0, Place.ACKNOWLEDGEMENT, Place.DISCONNECT, Place.AUTH); // reason string
        rule(0x21, Type.TWO_BYTES, 1, Place.CONNECT); // receive maximum
        rule(0x22, Type.TWO_BYTES, 0, Place.CONNECT); // topic alias maximum
        rule(0x23, Type.TWO_BYTES, 0, Place.PUBLISH); // topic alias; 0 has a reason code of its own
        rule(USER_PROPERTY, Type.PAIR, 0, Place.values());
        rule(0x27, Type.FOUR_BYTES, 1, Place.CONNECT); // maximum packet size
    }

    private PropertyRules() {}

    private static void rule(int id, Type type, long least, Place... places) {
        RULES[id] = new Rule(type, least, EnumSet.copyOf(Arrays.asList(places)));
    }

    /** Goes over a section of properties, its length first. */
    static void check(PacketCursor packet, Place place) {
        int length = packet.variable("property length");
        if (length == 0) {
            return;
        }
        if (length > packet.left()) {
            throw BadPacketException.malformed("more properties than there are bytes");
        }
        int packetEnd = packet.endAt(packet.position() + length);
        long seen = 0;
        while (packet.left() > 0) {
            int id = packet.variable("property");
            Rule rule = ruleOf(id, place);
            if (id != USER_PROPERTY && (seen & 1L << id) != 0) {
                throw BadPacketException.protocolError("property " + id + " twice");
            }
            seen |= 1L << id;
            checkValue(packet, id, rule);
        }
        if ((seen & 1L << AUTHENTICATION_DATA) != 0 && (seen & 1L << AUTHENTICATION_METHOD) == 0) {
            throw BadPacketException.protocolError("authentication data without a method"); // 3.1.2.11.10
        }
        packet.endAt(packetEnd);
    }

    private static Rule ruleOf(int id, Place place) {
        Rule rule = id < RULES.length ? RULES[id] : null;
        if (rule == null || !rule.places().contains(place)) {
            String why = "property " + id + " is not one of " + place;
            throw place == Place.PUBLISH && id == SUBSCRIPTION_IDENTIFIER
                    ? BadPacketException.protocolError(why) // [MQTT-3.3.4-6]
                    : BadPacketException.malformed(why); // MQTT 5, 2.2.2.2
        }
        return rule;
    }

    private static void checkValue(PacketCursor packet, int id, Rule rule) {
        long value = rule.least();
        switch (rule.type()) {
            case FLAG -> {
                value = packet.u8("property");
                if (value > 1) {
                    throw BadPacketException.protocolError("property " + id + " is neither 0 nor 1");
                }
            }
            case TWO_BYTES -> value = packet.u16("property");
            case FOUR_BYTES -> value = packet.u32("property");
            case VARIABLE -> value = packet.variable("property");
            case BINARY -> packet.binary("property");
            case PAIR -> checkPair(packet);
            case TOPIC -> checkTopic(packet);
            case STRING -> packet.string("property");
        }
        if (value < rule.least()) {
            throw BadPacketException.protocolError("property " + id + " is 0");
        }
    }

    private static void checkPair(PacketCursor packet) { // [MQTT-1.5.7-1]
        packet.string("user property");
        packet.string("user property");
    }

    private static void checkTopic(PacketCursor packet) {
        int length = packet.string("response topic");
        if (length == 0 || packet.lastBytesHold(length, '+', '#')) { // [MQTT-3.3.2-14]
            throw BadPacketException.protocolError("the response topic is not a topic");
        }
    }
}
