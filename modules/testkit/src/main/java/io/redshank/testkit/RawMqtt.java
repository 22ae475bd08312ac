package io.redshank.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An MQTT client that sends the bytes it is told to send and shows the packets that come back, one by one. Reads wait for at
 * most five seconds. Not for several threads.
 */
public final class RawMqtt implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 5000;
    private static final byte[] PINGRESP = Packets.bytes(0xD0, 0);

    private final Socket socket;
    private final DataInputStream in;
    private final int version;

    private RawMqtt(Socket socket, int version) throws IOException {
        this.socket = socket;
        this.version = version;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** A connection without a CONNECT yet, to a broker on this machine, for packets of this protocol level. */
    public static RawMqtt open(int port, int version) {
        return open(port, version, 0);
    }

    /** The same with a receive buffer of about so many bytes, unless that is 0. */
    public static RawMqtt open(int port, int version, int receiveBuffer) {
        Socket socket = new Socket();
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            return over(socket, version);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Over a connection that somebody else has made, and this ends. */
    public static RawMqtt over(Socket socket, int version) {
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            return new RawMqtt(socket, version);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Connected by this packet, with the CONNACK read and found to be a success. */
    public static RawMqtt connected(int port, int version, ConnectPacket connect) {
        RawMqtt client = open(port, version).send(connect.bytes());
        RawPacket connack = client.next(RawPacket.CONNACK);
        assertThat(connack.at(1)).as("CONNACK %s", connack).isZero();
        return client;
    }

    /** The protocol level. */
    public int version() {
        return version;
    }

    /** The socket, for what only a socket can do. */
    public Socket socket() {
        return socket;
    }

    /** Writes all of this at once. */
    @CanIgnoreReturnValue
    public RawMqtt send(byte[]... packets) {
        try {
            socket.getOutputStream().write(Packets.join(packets));
            socket.getOutputStream().flush();
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The next packet. */
    public RawPacket next() {
        RawPacket packet = nextOrNull();
        if (packet == null) {
            throw new AssertionError("the connection has ended where a packet was expected");
        }
        return packet;
    }

    /** The next packet, which is of this type. */
    @CanIgnoreReturnValue
    public RawPacket next(int type) {
        RawPacket packet = next();
        assertThat(packet.type()).as("type of %s", packet).isEqualTo(type);
        return packet;
    }

    /** The next packet is this one. */
    @CanIgnoreReturnValue
    public RawMqtt expect(byte[] packet) {
        RawPacket next = next();
        assertThat(next).as("not %s", next).matches(got -> got.is(packet));
        return this;
    }

    /** Nothing else has been sent to this client up to now: the answer to a PINGREQ is what comes next. */
    @CanIgnoreReturnValue
    public RawMqtt expectNothing() {
        return send(Packets.PINGREQ).expect(PINGRESP);
    }

    /** The broker closes the connection, and sends nothing before. */
    public void expectClosed() {
        assertThat(nextOrNull()).as("nothing but the end").isNull();
    }

    /** The broker says DISCONNECT for this reason and closes. */
    public void expectDisconnect(int reason) {
        RawPacket packet = next(RawPacket.DISCONNECT);
        assertThat(packet.at(0)).as("reason of %s", packet).isEqualTo(reason);
        expectClosed();
    }

    /** Subscribes to one filter and awaits the SUBACK, which grants it. */
    @CanIgnoreReturnValue
    public RawMqtt subscribed(String filter, int options) {
        send(Packets.subscribe(version, 0xABCD, filter, options));
        RawPacket suback = next(RawPacket.SUBACK);
        assertThat(suback.at(suback.body().length - 1)).as("code of %s", suback).isEqualTo(options & 3);
        return this;
    }

    /** The next packet, or null at the end of the connection. */
    public @Nullable RawPacket nextOrNull() {
        try {
            int first = in.readUnsignedByte();
            int length = 0;
            int shift = 0;
            int digit;
            do {
                digit = in.readUnsignedByte();
                length |= (digit & 0x7F) << shift;
                shift += 7;
            } while (digit > 0x7F);
            return new RawPacket(first, in.readNBytes(length));
        } catch (EOFException | SocketException end) {
            return null;
        } catch (SocketTimeoutException silence) {
            throw new AssertionError("no packet within " + PATIENCE_MILLIS + " ms", silence);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Cuts the connection without a word. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
