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
    private final PacketReader reader = new PacketReader();
    private final PacketWriter writer = new PacketWriter();

    private @Nullable SocketChannel channel;
    private boolean toBeFlushed;
    private boolean waitsForRoom;
    private long readAtNanos;

    MqttLink(SelectorLoop loop, String clientId, PacketListener listener) {
        this.loop = loop;
        this.clientId = clientId;
        this.listener = listener;
    }

    /** Begins to connect; the listener hears of the CONNACK. */
    void connect(InetSocketAddress broker) throws IOException {
        SocketChannel opened = SocketChannel.open();
        channel = opened;
        opened.configureBlocking(false);
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        writer.connect(clientId, KEEP_ALIVE_SECONDS);
        boolean connected = opened.connect(broker);
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

    /** When the packets that are being handled came in: one look at the clock for all of one read. */
    long readAtNanos() {
        return readAtNanos;
    }

    /** The loop's word that the channel is ready for what it waited for. */
    void onReady(SelectionKey key) throws IOException {
        if (key.isConnectable() && opened().finishConnect()) {
            key.interestOps(SelectionKey.OP_READ);
            written();
            return;
        }
        if (key.isReadable()) {
            read();
        }
        if (key.isWritable()) {
            written();
        }
    }

    /** Sends what is there, and waits for the network to take the rest. */
    void flush() throws IOException {
        toBeFlushed = false;
        boolean all = writer.flushTo(opened());
        waitForRoom(!all);
        if (all) {
            listener.onFlushed();
        }
    }

    /** Ends the connection without a word, if there is one. */
    void close() {
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
        int count = reader.readFrom(opened());
        if (count < 0) {
            throw new BenchFailedException("the broker closed the connection");
        }
        readAtNanos = System.nanoTime();
        reader.decodeTo(listener);
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
