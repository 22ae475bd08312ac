package io.redshank.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A WebSocket client that sends the frames it is told to send, right or wrong. Reads wait for at most five seconds. */
public final class RawWebSocket implements AutoCloseable {
    /** Opcodes. */
    public static final int CONTINUATION = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;

    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int PATIENCE_MILLIS = 5000;
    private static final byte[] MASK = {1, 2, 3, 4};

    private final Socket socket;
    private final DataInputStream in;

    /** A frame of the server, or the end of the connection if the opcode is -1. */
    public record Frame(int opcode, byte[] payload) {
        /** The status of a close frame. */
        public int status() {
            return Byte.toUnsignedInt(payload[0]) << 8 | Byte.toUnsignedInt(payload[1]);
        }
    }

    /** What the server answers to the request; header names are in lower case. */
    public record Reply(int status, Map<String, String> headers, String body) {}

    private RawWebSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** A connection without a request yet. */
    public static RawWebSocket open(int port) {
        try {
            Socket socket = new Socket();
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            return new RawWebSocket(socket);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Upgraded as a client of MQTT does it, at the usual path. */
    public static RawWebSocket connected(int port) {
        RawWebSocket client = open(port);
        assertThat(client.request(upgrade("/mqtt", "mqtt")))
                .extracting(Reply::status)
                .isEqualTo(101);
        return client;
    }

    /** The lines of a request to upgrade. */
    public static List<String> upgrade(String path, String subprotocol) {
        return List.of(
                "GET " + path + " HTTP/1.1",
                "Host: 127.0.0.1",
                "Connection: keep-alive, Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Protocol: " + subprotocol);
    }

    /** Sends a request of these lines and reads the answer. */
    public Reply request(List<String> lines) {
        send((String.join("\r\n", lines) + "\r\n\r\n").getBytes(ISO_8859_1));
        return reply();
    }

    /** Writes bytes as they are. */
    @CanIgnoreReturnValue
    public RawWebSocket send(byte[]... bytes) {
        try {
            socket.getOutputStream().write(Packets.join(bytes));
            socket.getOutputStream().flush();
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A whole message in one frame of a client. */
    public static byte[] frame(int opcode, byte[] payload) {
        return frame(opcode, true, payload);
    }

    /** A frame of a client: masked. */
    public static byte[] frame(int opcode, boolean last, byte[] payload) {
        byte[] masked = payload.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= MASK[i % MASK.length];
        }
        return Packets.join(header(opcode, last, MASKED, payload.length), MASK, masked);
    }

    /** A frame without a mask, which clients may not send. */
    public static byte[] unmasked(int opcode, byte[] payload) {
        return Packets.join(header(opcode, true, 0, payload.length), payload);
    }

    /** The beginning of a frame that claims to have so many bytes. */
    public static byte[] header(int opcode, boolean last, int mask, long length) {
        byte[] first = Packets.bytes((last ? FIN : 0) | opcode);
        if (length < 126) {
            return Packets.join(first, Packets.bytes(mask | (int) length));
        }
        return length < 1 << 16
                ? Packets.join(first, Packets.bytes(mask | 126), Packets.u16((int) length))
                : Packets.join(first, Packets.bytes(mask | 127), Packets.u32(0), Packets.u32(length));
    }

    /** The next frame of the server, or one of opcode -1 at the end of the connection. */
    public Frame next() {
        try {
            int opcode = in.readUnsignedByte() & 0x0F;
            int length = in.readUnsignedByte();
            assertThat(length).as("mask bit and length of a server's frame").isLessThan(MASKED);
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = (int) in.readLong();
            }
            return new Frame(opcode, in.readNBytes(length));
        } catch (EOFException | SocketException end) {
            return new Frame(-1, new byte[0]);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The next frame is a binary one with these bytes. */
    @CanIgnoreReturnValue
    public RawWebSocket expect(byte[] payload) {
        Frame frame = next();
        assertThat(frame.opcode()).isEqualTo(BINARY);
        assertThat(frame.payload()).containsExactly(payload);
        return this;
    }

    /** The server closes the WebSocket with this status, and then the connection. */
    public void expectClosed(int status) {
        Frame frame = next();
        assertThat(frame.opcode()).isEqualTo(CLOSE);
        assertThat(frame.status()).isEqualTo(status);
        assertThat(next().opcode()).isEqualTo(-1);
    }

    private Reply reply() {
        String @Nullable [] first = line().split(" ", 3);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        try {
            return new Reply(Integer.parseInt(first[1]), headers, new String(in.readNBytes(length), ISO_8859_1));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
                line.write(next);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return line.toString(ISO_8859_1).strip();
    }

    /** Cuts the connection. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
