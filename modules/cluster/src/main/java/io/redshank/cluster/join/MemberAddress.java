package io.redshank.cluster.join;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Where another member may be.
 *
 * @param port 0 for those that nodes on one machine take by themselves
 */
public record MemberAddress(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^\\s:\\[\\]/@,*]+))(?::(\\d{1,5}))?");
    private static final int PORTS_TRIED = 5;
    private static final int LAST_PORT = 65_535;

    /** Reads {@code host}, {@code host:port} or, for IPv6, {@code [host]:port}; empty if it is none of them. */
    public static Optional<MemberAddress> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        int port = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
        boolean usable = port <= LAST_PORT && (port > 0 || matcher.group(3) == null);
        return usable ? Optional.of(new MemberAddress(host, port)) : Optional.empty();
    }

    /** Every place that it stands for, as Hazelcast writes it. */
    List<String> places() {
        String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
        if (port > 0) {
            return List.of(shown + ":" + port);
        }
        return IntStream.range(ClusterAddress.DEFAULT_PORT, ClusterAddress.DEFAULT_PORT + PORTS_TRIED)
                .mapToObj(tried -> shown + ":" + tried)
                .toList();
    }

    /** Whether this place is one at the same host. */
    boolean hasHostOf(String place) {
        return parse(place).map(MemberAddress::host).filter(host::equals).isPresent();
    }

    /** All places that these texts stand for; one that is no address stands for none. */
    static List<String> places(List<String> texts) {
        return texts.stream()
                .flatMap(text -> parse(text).stream())
                .flatMap(address -> address.places().stream())
                .distinct()
                .toList();
    }
}
