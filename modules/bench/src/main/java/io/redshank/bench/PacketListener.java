package io.redshank.bench;

import java.nio.ByteBuffer;

/** What a client does with the packets it is sent, one call for each; a packet it has no use for ends the run. */
interface PacketListener {
    /**
     * The answer to CONNECT.
     *
     * @param resumed whether the broker had kept a session of this client
     * @param returnCode 0 means welcome
     */
    void onConnack(boolean resumed, int returnCode);

    /** The answer to a SUBSCRIBE of one filter: the granted QoS, or 0x80. */
    default void onSuback(int packetId, int granted) {
        throw new BenchFailedException("unexpected SUBACK " + packetId);
    }

    /**
     * A message.
     *
     * @param packet holds the payload at the given place, only until this returns
     * @param packetId 0 at QoS 0
     */
    default void onPublish(ByteBuffer packet, int qos, int packetId, int payloadAt, int payloadLength) {
        throw new BenchFailedException("unexpected PUBLISH");
    }

    /** A PUBACK, PUBREC, PUBREL or PUBCOMP. */
    void onAck(PacketType type, int packetId);

    /** All that was written has been handed to the network. */
    default void onFlushed() {}

    /** The broker has closed the connection after our goodbye. */
    default void onClosed() {}
}
