package io.redshank.cluster.join;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a node of a cluster is reached, by Hazelcast and by the event bus alike.
 *
 * @param host what both bind to
 * @param advertised what others connect to instead, where that is not the same (containers, NAT); null if it is
 * @param port of Hazelcast: 0 for any free one; else the next ones are tried when it is taken
 * @param busPort of the event bus; 0 for any free one
 */
public record ClusterAddress(String host, @Nullable String advertised, int port, int busPort) {
    /** Hazelcast's own. */
    public static final int DEFAULT_PORT = 5701;

    private static final Pattern IPV4_LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}");

    /** On this machine only, at the usual port and any free one for the bus. */
    public static ClusterAddress loopback() {
        return new ClusterAddress("127.0.0.1", null, DEFAULT_PORT, 0);
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

    /** Whether it stands for all addresses of the machine. */
    boolean isAny() {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port
                + (advertised == null ? "" : " (advertised as " + advertised + ")");
    }
}
