package io.redshank.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.charset.StandardCharsets;

/** A CONNECT in the making: says what a test wants of it, the rest is as a plain client has it. */
public final class ConnectPacket {
    private static final int CLEAN = 0x02;
    private static final int WILL = 0x04;
    private static final int USERNAME = 0x80;
    private static final int PASSWORD = 0x40;
    private static final int MQTT_3_1 = 3;

    private final int version;
    private final byte[] clientId;
    private int flags = CLEAN;
    private int keepAlive = 60;
    private byte[] properties = new byte[0];
    private byte[] will = new byte[0];
    private byte[] username = new byte[0];
    private byte[] password = new byte[0];

    private ConnectPacket(int version, byte[] clientId) {
        this.version = version;
        this.clientId = clientId;
    }

    /** Of this protocol level (3, 4 or 5) and client id. */
    public static ConnectPacket of(int version, String clientId) {
        return new ConnectPacket(version, clientId.getBytes(StandardCharsets.UTF_8));
    }

    /** With a client id that need not be a text. */
    public static ConnectPacket of(int version, byte[] clientId) {
        return new ConnectPacket(version, clientId);
    }

    /** Without clean session or clean start. */
    @CanIgnoreReturnValue
    public ConnectPacket resuming() {
        flags &= ~CLEAN;
        return this;
    }

    /** With these connect flags and no others, whatever else is said. */
    @CanIgnoreReturnValue
    public ConnectPacket flags(int connectFlags) {
        flags = connectFlags;
        return this;
    }

    /** 60 unless said. */
    @CanIgnoreReturnValue
    public ConnectPacket keepAlive(int seconds) {
        keepAlive = seconds;
        return this;
    }

    /** With this user name. */
    @CanIgnoreReturnValue
    public ConnectPacket username(String name) {
        flags |= USERNAME;
        username = Packets.string(name);
        return this;
    }

    /** With this password. */
    @CanIgnoreReturnValue
    public ConnectPacket password(String text) {
        return password(text.getBytes(StandardCharsets.UTF_8));
    }

    /** With a password that need not be a text. */
    @CanIgnoreReturnValue
    public ConnectPacket password(byte[] bytes) {
        flags |= PASSWORD;
        password = Packets.binary(bytes);
        return this;
    }

    /** With this will. */
    @CanIgnoreReturnValue
    public ConnectPacket will(String topic, String payload, int qos) {
        return will(topic, payload, qos, new byte[0]);
    }

    /** With this will, which in MQTT 5 has these properties. */
    @CanIgnoreReturnValue
    public ConnectPacket will(String topic, String payload, int qos, byte[] willProperties) {
        flags |= WILL | qos << 3;
        will = Packets.join(
                Packets.properties(version, willProperties), Packets.string(topic), Packets.string(payload));
        return this;
    }

    /** With this will, to be published so many seconds after the end, for MQTT 5. */
    @CanIgnoreReturnValue
    public ConnectPacket delayedWill(String topic, String payload, int qos, long seconds) {
        return will(topic, payload, qos, Packets.join(Packets.bytes(0x18), Packets.u32(seconds)));
    }

    /** With one more property, for MQTT 5. */
    @CanIgnoreReturnValue
    public ConnectPacket property(int id, byte[] value) {
        properties = Packets.join(properties, Packets.bytes(id), value);
        return this;
    }

    /** With an authentication method, for MQTT 5. */
    @CanIgnoreReturnValue
    public ConnectPacket method(String name) {
        return property(RawProperties.AUTH_METHOD, Packets.string(name));
    }

    /** With authentication data, for MQTT 5. */
    @CanIgnoreReturnValue
    public ConnectPacket data(String text) {
        return property(RawProperties.AUTH_DATA, Packets.string(text));
    }

    /** With a session expiry interval, for MQTT 5. */
    @CanIgnoreReturnValue
    public ConnectPacket expiry(long seconds) {
        return property(0x11, Packets.u32(seconds));
    }

    /** With a receive maximum, for MQTT 5. */
    @CanIgnoreReturnValue
    public ConnectPacket receiveMaximum(int messages) {
        return property(0x21, Packets.u16(messages));
    }

    /** The packet. */
    public byte[] bytes() {
        return Packets.packet(
                0x10,
                Packets.string(version == MQTT_3_1 ? "MQIsdp" : "MQTT"),
                Packets.bytes(version, flags),
                Packets.u16(keepAlive),
                Packets.properties(version, properties),
                Packets.binary(clientId),
                will,
                username,
                password);
    }
}
