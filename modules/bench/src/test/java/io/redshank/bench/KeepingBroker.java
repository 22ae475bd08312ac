package io.redshank.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** As much of a broker as keeps sessions, a thread for each connection; breaks what MQTT promises as it is told to. */
final class KeepingBroker implements AutoCloseable {
    /** What it does to one session's backlog. */
    enum Flaw {
        NONE,
        LOSES,
        REPEATS,
        SWAPS,
        FORGETS
    }

    private record Session(String filter, List<byte[]> messages) {
        boolean takes(String topic) {
            return filter.endsWith("/#")
                    ? topic.startsWith(filter.substring(0, filter.length() - 1))
                    : topic.equals(filter);
        }
    }

    private final ServerSocket server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Flaw flaw;

    KeepingBroker(Flaw flaw) throws IOException {
        this.flaw = flaw;
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** How many sessions there are. */
    int sessions() {
        return sessions.size();
    }

    /** How many clients were connected at the same time. */
    int mostAtOnce() {
        return most.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "keeping-broker");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private void serve(Socket socket) {
        most.accumulateAndGet(connected.incrementAndGet(), Math::max);
        try (socket) {
            new Connection(new DataInputStream(socket.getInputStream()), socket.getOutputStream()).serve();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            connected.decrementAndGet();
        }
    }

    /** One client, from its CONNECT until its DISCONNECT. */
    private final class Connection {
        private final DataInputStream in;
        private final OutputStream out;
        private String clientId = "";

        Connection(DataInputStream in, OutputStream out) {
            this.in = in;
            this.out = out;
        }

        void serve() throws IOException {
            int first = in.read();
            while (first >= 0 && first != 0xE0) {
                handle(first);
                first = in.read();
            }
        }

        private void handle(int first) throws IOException {
            byte[] body = in.readNBytes(length());
            ByteBuffer packet = ByteBuffer.wrap(body);
            switch (first >> 4) {
                case 1 -> onConnect(packet);
                case 3 -> onPublish(first >> 1 & 3, packet);
                case 5 -> send(0x62, body); // PUBREC: PUBREL
                case 6 -> send(0x70, body); // PUBREL: PUBCOMP
                case 8 -> onSubscribe(packet);
                default -> {}
            }
        }

        private int length() throws IOException {
            int length = 0;
            int shift = 0;
            int digit;
            do {
                digit = in.readUnsignedByte();
                length |= (digit & 0x7F) << shift;
                shift += 7;
            } while (digit > 0x7F);
            return length;
        }

        private void onConnect(ByteBuffer packet) throws IOException {
            boolean clean = (packet.get(7) & 2) != 0;
            clientId = text(packet.position(10));
            Session session = clean ? null : sessions.get(clientId);
            if (clean) {
                sessions.remove(clientId);
            }
            boolean forgotten = flaw == Flaw.FORGETS && clientId.endsWith("s1") && session != null;
            send(0x20, new byte[] {(byte) (session == null || forgotten ? 0 : 1), 0});
            if (session != null && !forgotten) {
                deliver(session);
            }
        }

        private void deliver(Session session) throws IOException {
            List<byte[]> messages = new ArrayList<>(session.messages);
            if (clientId.endsWith("s1")) {
                switch (flaw) {
                    case LOSES -> messages.remove(1);
                    case REPEATS -> messages.add(1, messages.get(0));
                    case SWAPS -> Collections.swap(messages, 1, 2);
                    default -> {}
                }
            }
            int packetId = 0;
            for (byte[] message : messages) {
                packetId++;
                ByteBuffer packet = ByteBuffer.wrap(message.clone());
                int idAt = 1 + 2 + packet.getShort(1);
                packet.putShort(idAt, (short) packetId);
                byte[] body = new byte[message.length - 1];
                packet.get(1, body);
                send(0x30 | message[0] << 1, body);
            }
        }

        /** Keeps the QoS, and the packet as it is from its topic on. */
        private void onPublish(int qos, ByteBuffer packet) throws IOException {
            String topic = text(packet);
            byte[] message = ByteBuffer.allocate(1 + packet.limit())
                    .put((byte) qos)
                    .put(packet.array())
                    .array();
            for (Session session : sessions.values()) {
                if (session.takes(topic)) {
                    session.messages.add(message);
                }
            }
            send(qos == 1 ? 0x40 : 0x50, new byte[] {packet.get(), packet.get()});
        }

        private void onSubscribe(ByteBuffer packet) throws IOException {
            byte[] id = {packet.get(), packet.get()};
            sessions.put(clientId, new Session(text(packet), Collections.synchronizedList(new ArrayList<>())));
            send(0x90, new byte[] {id[0], id[1], packet.get()});
        }

        private void send(int first, byte[] body) throws IOException {
            ByteBuffer packet = ByteBuffer.allocate(5 + body.length).put((byte) first);
            PacketWriter.putLength(packet, body.length);
            out.write(packet.array(), 0, packet.put(body).position());
        }

        private String text(ByteBuffer packet) {
            byte[] bytes = new byte[packet.getShort()];
            packet.get(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
