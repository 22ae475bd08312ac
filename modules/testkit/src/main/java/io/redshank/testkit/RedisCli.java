package io.redshank.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An application beside the broker: commands to Redis over a plain socket, one after the other. Not for several threads. */
public final class RedisCli implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;

    /** An error that Redis replied. */
    public static final class ErrorReply extends RuntimeException {
        private static final long serialVersionUID = 1;

        ErrorReply(String message) {
            super(message);
        }
    }

    /** Connects to this server and selects this database. */
    public RedisCli(String host, int port, int database) {
        this(host, port);
        command("SELECT", Integer.toString(database));
    }

    private RedisCli(String host, int port) {
        try {
            socket = new Socket();
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Connects to a server that has no databases: a sentinel. */
    public static RedisCli withoutDatabase(String host, int port) {
        return new RedisCli(host, port);
    }

    /**
     * The reply to a command: {@code Long}, {@code String}, {@code List} of such, or null. An error reply is thrown as {@link
     * ErrorReply}.
     */
    @CanIgnoreReturnValue
    public @Nullable Object command(String... args) {
        return asText(binary(args));
    }

    /** The same with {@code byte[]} in place of strings in the reply. Arguments are strings or byte arrays. */
    @CanIgnoreReturnValue
    public @Nullable Object binary(Object... args) {
        try {
            socket.getOutputStream().write(encode(args));
            Object reply = read();
            if (reply instanceof ErrorReply error) {
                throw error;
            }
            return reply;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Hands over what the server sends by itself, until this is closed. */
    void pushed(Consumer<List<?>> handler) {
        try {
            socket.setSoTimeout(0);
            while (asText(read()) instanceof List<?> push) {
                handler.accept(push);
            }
        } catch (IOException closed) {
            // is the end
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static byte[] encode(Object... args) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(("*" + args.length + "\r\n").getBytes(UTF_8));
        for (Object arg : args) {
            byte[] bytes = arg instanceof byte[] raw ? raw : arg.toString().getBytes(UTF_8);
            out.write(("$" + bytes.length + "\r\n").getBytes(UTF_8));
            out.write(bytes);
            out.write('\r');
            out.write('\n');
        }
        return out.toByteArray();
    }

    private @Nullable Object read() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest.getBytes(UTF_8);
            case '-' -> new ErrorReply(rest);
            case ':' -> Long.valueOf(rest);
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> array(Integer.parseInt(rest));
            default -> throw new IOException("not RESP 2: " + line);
        };
    }

    private byte @Nullable [] bulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        in.skipNBytes(2);
        return bytes;
    }

    private @Nullable List<@Nullable Object> array(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        List<@Nullable Object> elements = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            elements.add(read());
        }
        return elements;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("Redis closed the connection");
            }
            line.write(c);
        }
        in.skipNBytes(1);
        return line.toString(UTF_8);
    }

    private static @Nullable Object asText(@Nullable Object reply) {
        if (reply instanceof byte[] bytes) {
            return new String(bytes, UTF_8);
        }
        if (reply instanceof List<?> list) {
            List<@Nullable Object> texts = new ArrayList<>(list.size());
            list.forEach(element -> texts.add(asText(element)));
            return texts;
        }
        return reply;
    }
}
