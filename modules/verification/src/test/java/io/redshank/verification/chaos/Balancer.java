package io.redshank.verification.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A load balancer for TCP: passes each connection on to one of its nodes that takes it. */
final class Balancer implements AutoCloseable {
    private final ServerSocket server;
    private final List<InetSocketAddress> nodes = new CopyOnWriteArrayList<>();
    private final Map<Socket, InetSocketAddress> connections = new ConcurrentHashMap<>();

    Balancer() {
        this(local(0));
    }

    /** One that listens there. */
    Balancer(InetSocketAddress at) {
        try {
            server = new ServerSocket(at.getPort(), 50, at.getAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        run("balancer", this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** This port of the loopback interface. */
    static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Passes connections on to this node, too. */
    void add(InetSocketAddress node) {
        nodes.add(node);
    }

    /** Passes none on to it any more, and ends those that it has. */
    void remove(InetSocketAddress node) {
        nodes.remove(node);
        connections.forEach((socket, itsNode) -> {
            if (itsNode.equals(node)) {
                close(socket);
            }
        });
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        connections.keySet().forEach(Balancer::close);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                pass(server.accept());
            } catch (IOException ended) {
                continue; // by the test
            }
        }
    }

    private void pass(Socket client) {
        List<InetSocketAddress> inTurn = new ArrayList<>(nodes);
        Collections.shuffle(inTurn);
        for (InetSocketAddress address : inTurn) {
            try {
                Socket node = new Socket(address.getAddress(), address.getPort());
                connections.put(client, address);
                connections.put(node, address);
                run("balancer-to-" + address, () -> pump(client, node));
                run("balancer-from-" + address, () -> pump(node, client));
                return;
            } catch (IOException refused) {
                continue; // the next one may take it
            }
        }
        close(client);
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[16 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException ended) {
            // one side has gone, and so does the other
        } finally {
            connections.remove(from);
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void run(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
