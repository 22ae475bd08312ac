package io.redshank.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Asks about ports of this machine: which is free, and whether a Redis answers. */
final class ServerProbe {
    private static final int TIMEOUT_MILLIS = 1_000;
    private static final byte[] PING = "*1\r\n$4\r\nPING\r\n".getBytes(US_ASCII);

    private ServerProbe() {}

    /** The preferred port, or any other one if it is taken or 0. */
    static int freePort(int preferred) throws IOException {
        try {
            return bindable(preferred);
        } catch (IOException taken) {
            return bindable(0);
        }
    }

    private static int bindable(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket.getLocalPort();
        }
    }

    /** Whether a Redis listens there and has loaded its data. */
    static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(PING);
            return new String(socket.getInputStream().readNBytes(5), US_ASCII).equals("+PONG");
        } catch (IOException notYet) {
            return false;
        }
    }
}
