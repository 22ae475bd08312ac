package io.redshank.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One client's connection to the broker. Confined to its loop, which writes what was collected once for each round. */
final class MqttLink {
    private static final int KEEP_ALIVE_SECONDS = 60;

    private final SelectorLoop loop;
    private final String clientId;
    private final PacketListener listener;
    private final PacketReader reader;
    private final PacketWriter writer;

    private @Nullable SocketChannel channel;
    private boolean connected;
    private boolean leaving;
    private boolean toBeFlushed;
    private boolean waitsForRoom;
    private long readAtNanos;

    /** @param capacity of its two buffers at first: what thousands of links take */
    MqttLink(SelectorLoop loop, String clientId, PacketListener listener, int capacity) {
        this.loop = loop;
        this.clientId = clientId;
        this.listener = listener;
        this.reader = new PacketReader(capacity);
        this.writer = new PacketWriter(capacity);
    }

    /** Begins to connect; the listener hears of the CONNACK. Once it heard of the end, this may be called again. */
    void connect(InetSocketAddress broker, boolean cleanSession) throws IOException {
        SocketChannel opened = SocketChannel.open();
        channel = opened;
        reader.clear();
        writer.clear();
        leaving = false;
        waitsForRoom = false;
        opened.configureBlocking(false);
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        writer.connect(clientId, cleanSession, KEEP_ALIVE_SECONDS);
        connected = opened.connect(broker);
        loop.register(opened, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
        if (connected) {
            written();
        }
    }

    /** Where to put packets; {@link #written()} is to follow. */
    PacketWriter out() {
        return writer;
    }

    /** Has the loop send at the end of its round. */
    void written() {
        if (!toBeFlushed) {
            toBeFlushed = true;
            loop.flushLater(this);
        }
    }

    /** Shows the broker that we live. */
    void ping() {
        if (connected && !leaving) {
            writer.pingreq();
            written();
        }
    }

    /** Says goodbye; the listener hears when the broker has closed the connection, and until then of what still comes. */
    void leave() {
        if (connected && !leaving) {
            leaving = true;
            writer.disconnect();
            written();
        }
    }

    /** When the packets that are being handled came in: one look at the clock for all of one read. */
    long readAtNanos() {
        return readAtNanos;
    }

    /** The loop's word that the channel is ready for what it waited for. */
    void onReady(SelectionKey key) throws IOException {
        if (key.isConnectable() && opened().finishConnect()) {
            connected = true;
            key.interestOps(SelectionKey.OP_READ);
            written();
            return;
        }
        if (key.isReadable()) {
            read();
        }
        if (key.isValid() && key.isWritable()) {
            written();
        }
    }

    /** Sends what is there, and waits for the network to take the rest. */
    void flush() throws IOException {
        toBeFlushed = false;
        if (!connected) {
            return;
        }
        boolean all = writer.flushTo(opened());
        waitForRoom(!all);
        if (all) {
            listener.onFlushed();
        }
    }

    /** Ends the connection without a word, if there is one. */
    void close() {
        connected = false;
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // It is gone either way, and so is the run that wanted it.
        }
    }

    @Override
    public String toString() {
        return clientId;
    }

    private void read() throws IOException {
        int count = readSome();
        readAtNanos = System.nanoTime();
        if (count >= 0) {
            reader.decodeTo(listener);
        } else if (leaving) {
            close();
            loop.forget(this);
            listener.onClosed();
        } else {
            throw new BenchFailedException("the broker closed the connection");
        }
    }

    /** A connection that is reset after our goodbye has ended, no more. */
    private int readSome() throws IOException {
        try {
            return reader.readFrom(opened());
        } catch (IOException e) {
            if (leaving) {
                return -1;
            }
            throw e;
        }
    }

    private void waitForRoom(boolean wanted) {
        if (wanted != waitsForRoom) {
            waitsForRoom = wanted;
            loop.interest(opened(), wanted ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }

    private SocketChannel opened() {
        SocketChannel opened = channel;
        if (opened == null) {
            throw new IllegalStateException("not connected yet: " + clientId);
        }
        return opened;
    }
}
