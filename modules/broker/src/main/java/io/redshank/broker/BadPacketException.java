package io.redshank.broker;

/** A packet that MQTT does not allow: the reason in MQTT 5's terms, and in words. */
final class BadPacketException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ReasonCode reason;

    private BadPacketException(ReasonCode reason, String why) {
        super(why, null, false, false); // the peer's fault: where we found it tells nothing
        this.reason = reason;
    }

    /** Bytes that do not have the form of the packet (MQTT 5, section 4.13). */
    static BadPacketException malformed(String why) {
        return new BadPacketException(ReasonCode.MALFORMED_PACKET, why);
    }

    /** Well formed, and not allowed (MQTT 5, section 4.13). */
    static BadPacketException protocolError(String why) {
        return new BadPacketException(ReasonCode.PROTOCOL_ERROR, why);
    }

    /** Longer than the listener takes. */
    static BadPacketException tooLarge(String why) {
        return new BadPacketException(ReasonCode.PACKET_TOO_LARGE, why);
    }

    ReasonCode reason() {
        return reason;
    }
}
