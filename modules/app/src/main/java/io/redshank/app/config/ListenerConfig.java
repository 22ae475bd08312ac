package io.redshank.app.config;

import io.redshank.broker.ClientLimits;
import io.redshank.broker.ConnectionLimits;
import io.redshank.broker.Redirect;
import io.redshank.broker.ServerHints;
import io.redshank.broker.Transport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An address at which MQTT clients are served, and what one of them may ask for there.
 *
 * @param port 0 for any free one
 * @param limits what its clients may do and cost
 * @param hints what its clients are told of this server
 */
public record ListenerConfig(
        String host,
        int port,
        Transport transport,
        ConnectionLimits connections,
        ClientLimits limits,
        ServerHints hints) {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MOST_CONNECTIONS = 10_000_000;
    private static final Pattern IPV4_LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}");

    private static final Map<String, Redirect.When> REDIRECTS = Map.of(
            "stopping", Redirect.When.STOPPING,
            "temporarily", Redirect.When.TEMPORARILY,
            "permanently", Redirect.When.PERMANENTLY);

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

    static ListenerConfig from(Section listener, ClientLimits common) {
        try (listener) {
            ListenerType type = listener.oneOf("type", ListenerType.BY_NAME, ListenerType.TCP);
            return new ListenerConfig(
                    host(listener.text("host", LOOPBACK)),
                    listener.number("port", 0, 65_535, type.defaultPort()),
                    TransportReader.transport(listener, type),
                    connections(listener),
                    LimitsReader.read(listener, common),
                    new ServerHints(
                            redirect(listener),
                            listener.optionalText("response_information").orElse(null)));
        }
    }

    private static ConnectionLimits connections(Section listener) {
        return new ConnectionLimits(
                listener.duration(
                        "connect_timeout", Duration.ofMillis(100), Duration.ofHours(1), Duration.ofSeconds(10)),
                listener.number("max_connections", 1, MOST_CONNECTIONS, ConnectionLimits.UNLIMITED),
                listener.number("max_connections_per_address", 1, MOST_CONNECTIONS, ConnectionLimits.UNLIMITED),
                listener.number("connection_rate", 1, MOST_CONNECTIONS, ConnectionLimits.UNLIMITED));
    }

    private static Redirect redirect(Section listener) {
        Redirect.When when = listener.oneOf("redirect", REDIRECTS, Redirect.When.STOPPING);
        String server = listener.optionalText("server_reference").orElse(null);
        if (server == null && when != Redirect.When.STOPPING) {
            listener.refuse("redirect", "\"server_reference\" beside it, which says where to");
        }
        return new Redirect(server, when);
    }

    /** Without the brackets that an IPv6 address may stand in. */
    static String host(String written) {
        boolean bracketed = written.startsWith("[") && written.endsWith("]");
        return bracketed ? written.substring(1, written.length() - 1) : written;
    }
}
