package io.redshank.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes down what it is told. */
final class Heard implements PacketListener {
    private final List<String> all = new ArrayList<>();

    List<String> all() {
        return all;
    }

    @Override
    public void onConnack(boolean resumed, int returnCode) {
        all.add("CONNACK " + returnCode + (resumed ? " resumed" : ""));
    }

    @Override
    public void onSuback(int packetId, int granted) {
        all.add("SUBACK " + packetId + " " + granted);
    }

    @Override
    public void onPublish(ByteBuffer packet, int qos, int packetId, int payloadAt, int payloadLength) {
        byte[] payload = new byte[payloadLength];
        packet.get(payloadAt, payload);
        String text = payloadLength > 100 ? payloadLength + " bytes" : new String(payload, StandardCharsets.UTF_8);
        all.add("PUBLISH " + qos + " " + packetId + " " + text);
    }

    @Override
    public void onAck(PacketType type, int packetId) {
        all.add(type + " " + packetId);
    }
}
