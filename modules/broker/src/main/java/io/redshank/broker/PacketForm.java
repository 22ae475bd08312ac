package io.redshank.broker;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.mqtt.MqttMessageType;

/**
 * The form of each packet that a connected client may send: what the decoder and Vert.x MQTT do not mind, or would wait for more
 * bytes about.
 */
final class PacketForm {
    private static final int MQTT_3_1 = 3;
    private static final int MQTT_5 = 5;
    private static final int DUP = 8;
    private static final int ACKNOWLEDGED = 2;

    private PacketForm() {}

    /** The flags of the packet that begins here, put as the decoder wants them if MQTT 3.1, which had other rules, allows it. */
    @CanIgnoreReturnValue
    static int flags(ByteBuf bytes, int start, int version) {
        int first = bytes.getUnsignedByte(start);
        int type = first >> 4;
        int flags = first & 0x0F;
        boolean publish = type == MqttMessageType.PUBLISH.value();
        if (version == MQTT_3_1 && !publish) {
            int plain = isMarked(type) ? flags & ~DUP : 0; // 3.1 marks what is sent again, and ignores the other flags
            bytes.setByte(start, type << 4 | plain);
            flags = plain;
        }
        int qos = flags >> 1 & 3;
        boolean wrong = publish
                ? qos == 3 || qos == 0 && (flags & DUP) != 0 // [MQTT-3.3.1-4], [MQTT-3.3.1-2]
                : flags != (isMarked(type) ? ACKNOWLEDGED : 0); // [MQTT-2.1.3-1]
        if (wrong) {
            throw BadPacketException.malformed("flags that packets of type " + type + " do not have");
        }
        return flags;
    }

    private static boolean isMarked(int type) {
        return type == MqttMessageType.PUBREL.value()
                || type == MqttMessageType.SUBSCRIBE.value()
                || type == MqttMessageType.UNSUBSCRIBE.value();
    }

    /** Goes over the fields of a packet that is not CONNECT. */
    static void check(int type, int flags, PacketCursor packet, int version) {
        switch (MqttMessageType.valueOf(type)) {
            case PUBLISH -> checkPublish(flags, packet, version);
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> {
                packet.packetId();
                checkReason(packet, version, PropertyRules.Place.ACKNOWLEDGEMENT);
            }
            case SUBSCRIBE -> checkSubscribe(packet, version);
            case UNSUBSCRIBE -> checkUnsubscribe(packet, version);
            case PINGREQ -> checkReason(packet, 0, PropertyRules.Place.DISCONNECT);
            case DISCONNECT -> checkReason(packet, version, PropertyRules.Place.DISCONNECT);
            case AUTH -> {
                if (version < MQTT_5) {
                    throw BadPacketException.malformed("AUTH before MQTT 5");
                }
                checkReason(packet, version, PropertyRules.Place.AUTH);
            }
            default -> throw BadPacketException.protocolError("a packet that clients do not send");
        }
    }

    private static void checkPublish(int flags, PacketCursor packet, int version) {
        packet.string("topic");
        if ((flags & 6) != 0) {
            packet.packetId();
        }
        if (version >= MQTT_5) {
            PropertyRules.check(packet, PropertyRules.Place.PUBLISH);
        }
    }

    /** What ends many packets of MQTT 5: nothing, or a reason code, or that and properties. MQTT 3 has nothing there. */
    private static void checkReason(PacketCursor packet, int version, PropertyRules.Place place) {
        if (version >= MQTT_5 && packet.left() > 0) {
            packet.skip(1, "reason code");
            if (packet.left() > 0) {
                PropertyRules.check(packet, place);
            }
        }
        if (packet.left() > 0) {
            throw BadPacketException.malformed("bytes behind the last field");
        }
    }

    private static void checkSubscribe(PacketCursor packet, int version) {
        packet.packetId();
        if (version >= MQTT_5) {
            PropertyRules.check(packet, PropertyRules.Place.SUBSCRIBE);
        }
        if (packet.left() == 0) {
            throw BadPacketException.protocolError("SUBSCRIBE without a filter"); // [MQTT-3.8.3-2]
        }
        while (packet.left() > 0) {
            packet.string("topic filter");
            int options = packet.u8("subscription options");
            boolean reserved = version < MQTT_5 ? options > 3 : (options & 0xC0) != 0 || (options & 0x30) == 0x30;
            if (reserved || (options & 3) == 3) {
                throw BadPacketException.malformed("subscription options"); // [MQTT-3.8.3-5]
            }
        }
    }

    private static void checkUnsubscribe(PacketCursor packet, int version) {
        packet.packetId();
        if (version >= MQTT_5) {
            PropertyRules.check(packet, PropertyRules.Place.UNSUBSCRIBE);
        }
        if (packet.left() == 0) {
            throw BadPacketException.protocolError("UNSUBSCRIBE without a filter"); // [MQTT-3.10.3-2]
        }
        while (packet.left() > 0) {
            packet.string("topic filter");
        }
    }
}
