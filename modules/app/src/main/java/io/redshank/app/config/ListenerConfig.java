package io.redshank.app.config;

import io.redshank.broker.ConnectionLimits;
import io.redshank.broker.PacketLimits;
import io.redshank.broker.Transport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * An address at which MQTT clients are served, and what one of them may ask for there.
 *
 * @param port 0 for any free one
 */
public record ListenerConfig(
        String host, int port, Transport transport, ConnectionLimits connections, PacketLimits packets) {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MQTT_PORT = 1883;
    private static final int LEAST_PACKET = 128;
    private static final int MOST_PACKET = 268_435_460; // 256 MiB less a byte behind the longest fixed header
    private static final int DEFAULT_PACKET = 1 << 20;
    private static final int LEAST_CLIENT_ID = 23; // what every server must take [MQTT-3.1.3-5]
    private static final int MOST_CLIENT_ID = 65_535;
    private static final int MOST_IN_FLIGHT = 65_535;
    private static final int DEFAULT_IN_FLIGHT = 1024;
    private static final Pattern IPV4_LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}");

    /** The address as a URI, for example {@code tcp://127.0.0.1:1883}. */
    public String uri() {
        return transport.scheme() + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** Whether only this machine can reach it. Names other than localhost are not looked up: they count as reachable. */
    public boolean isLoopback() {
        if (host.indexOf(':') < 0) {
            return host.equals("localhost") || IPV4_LOOPBACK.matcher(host).matches();
        }
        try {
            return InetAddress.getByName(host).isLoopbackAddress(); // an IPv6 literal: nothing is looked up
        } catch (UnknownHostException notAnAddress) {
            return false;
        }
    }

    static ListenerConfig from(Section listener) {
        try (listener) {
            listener.checkWord("type", "tcp", "tcp (no other type in this version)");
            return new ListenerConfig(
                    host(listener.text("host", LOOPBACK)),
                    listener.number("port", 0, 65_535, MQTT_PORT),
                    Transport.TCP,
                    ConnectionLimits.within(listener.duration(
                            "connect_timeout", Duration.ofMillis(100), Duration.ofHours(1), Duration.ofSeconds(10))),
                    packets(listener));
        }
    }

    private static PacketLimits packets(Section listener) {
        return new PacketLimits(
                (int) listener.size("max_packet_size", LEAST_PACKET, MOST_PACKET, DEFAULT_PACKET),
                listener.number("max_client_id_length", LEAST_CLIENT_ID, MOST_CLIENT_ID, MOST_CLIENT_ID),
                listener.number("receive_maximum", 1, MOST_IN_FLIGHT, DEFAULT_IN_FLIGHT));
    }

    private static String host(String written) {
        boolean bracketed = written.startsWith("[") && written.endsWith("]");
        return bracketed ? written.substring(1, written.length() - 1) : written;
    }
}
