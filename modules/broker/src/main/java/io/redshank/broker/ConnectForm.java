package io.redshank.broker;

/** The form of CONNECT (MQTT 5, section 3.1). */
final class ConnectForm {
    private static final int MQTT_3_1 = 3;
    private static final int MQTT_3_1_1 = 4;
    private static final int MQTT_5 = 5;
    private static final int RESERVED = 0x01;
    private static final int WILL = 0x04;
    private static final int WILL_QOS = 0x18;
    private static final int WILL_RETAIN = 0x20;
    private static final int PASSWORD = 0x40;
    private static final int USERNAME = 0x80;

    private ConnectForm() {}

    /** The protocol level: 3, 4 or 5, or 0 if it is another one, or another protocol, which the decoder answers. */
    static int version(PacketCursor packet) {
        int name = packet.string("protocol name");
        boolean older = name == "MQIsdp".length();
        int level = packet.u8("protocol level");
        if (older) {
            return level == MQTT_3_1 ? MQTT_3_1 : 0;
        }
        return name == "MQTT".length() && (level == MQTT_3_1_1 || level == MQTT_5) ? level : 0;
    }

    /** Goes over the fields behind the protocol level. */
    static void check(PacketCursor packet, int version) {
        int place = packet.position();
        int flags = packet.u8("connect flags");
        checkFlags(flags, version);
        packet.skip(2, "keep-alive");
        if (version >= MQTT_5) {
            PropertyRules.check(packet, PropertyRules.Place.CONNECT);
        }
        packet.string("client id"); // [MQTT-3.1.3-3], [MQTT-3.1.3-4]
        if ((flags & WILL) != 0) { // [MQTT-3.1.2-9]
            if (version >= MQTT_5) {
                PropertyRules.check(packet, PropertyRules.Place.WILL);
            }
            packet.string("will topic"); // [MQTT-3.1.3-11]
            packet.binary("will payload");
        }
        checkLogin(packet, version, flags, place);
        if (packet.left() > 0) { // [MQTT-3.1.2-16], [MQTT-3.1.2-18]
            throw BadPacketException.malformed("bytes behind the last field");
        }
    }

    private static void checkFlags(int flags, int version) {
        if (version > MQTT_3_1 && (flags & RESERVED) != 0) {
            throw BadPacketException.malformed("the reserved connect flag"); // [MQTT-3.1.2-3]
        }
        if ((flags & WILL_QOS) == WILL_QOS) {
            throw BadPacketException.malformed("will QoS 3"); // [MQTT-3.1.2-12]
        }
        if ((flags & WILL) == 0 && (flags & (WILL_QOS | WILL_RETAIN)) != 0) {
            throw BadPacketException.protocolError("flags of a will without one"); // [MQTT-3.1.2-11], [MQTT-3.1.2-13]
        }
        if (version <= MQTT_3_1_1 && (flags & (USERNAME | PASSWORD)) == PASSWORD) {
            throw BadPacketException.malformed(
                    "a password without a user name"); // [MQTT-3.1.2-22] of 3.1.1; 3.1, section 3.1
        }
    }

    /** In MQTT 3.1 the packet's length has more to say than the flags: what is not there was not sent. */
    private static void checkLogin(PacketCursor packet, int version, int flags, int place) {
        int present = flags;
        if (version == MQTT_3_1 && (present & USERNAME) != 0 && packet.left() == 0) {
            present &= ~(USERNAME | PASSWORD);
        }
        if ((present & USERNAME) != 0) {
            packet.string("user name"); // [MQTT-3.1.2-17], [MQTT-3.1.3-12]
        }
        if (version == MQTT_3_1 && (present & PASSWORD) != 0 && packet.left() == 0) {
            present &= ~PASSWORD;
        }
        if ((present & PASSWORD) != 0) {
            packet.binary("password"); // [MQTT-3.1.2-19]
        }
        if (present != flags) {
            packet.replace(place, present);
        }
    }
}
