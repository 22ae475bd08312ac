package io.redshank.cluster.join;

import com.hazelcast.config.TcpIpConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Where Hazelcast looks for other members, at start and whenever it looks for parts of a cluster that was split. At a place where
 * nobody is, it then waits for five seconds, so ports are tried only as long as no member has been seen.
 *
 * <p>A name may stand for several nodes, as that of a service in containers does. Hazelcast would look at the first of its addresses
 * alone, and a node that is one of them would take the name for its own address, so the name is resolved here, each time anew.
 */
final class LiveMembers extends TcpIpConfig {
    /** Leaves names as they are. */
    static final Names KEPT = name -> new InetAddress[0];

    /** What a name server knows. */
    interface Names {
        InetAddress[] addressesOf(String name) throws UnknownHostException;
    }

    private final List<MemberAddress> configured;
    private final Names names;
    private final CopyOnWriteArrayList<String> seen = new CopyOnWriteArrayList<>();

    LiveMembers(List<String> configured, Names names) {
        this.names = names;
        this.configured = configured.stream()
                .flatMap(text -> MemberAddress.parse(text).stream())
                .toList();
        setEnabled(true);
    }

    /** Members have been seen there. */
    void add(Collection<String> places) {
        seen.addAllAbsent(places);
    }

    @Override
    public List<String> getMembers() {
        Set<String> places = new LinkedHashSet<>(seen);
        for (MemberAddress address : resolved()) {
            if (seen.isEmpty() || address.port() > 0) {
                places.addAll(address.places());
            } else if (seen.stream().noneMatch(address::hasHostOf)) {
                places.add(address.places().get(0));
            }
        }
        return List.copyOf(places);
    }

    private List<MemberAddress> resolved() {
        return configured.stream()
                .flatMap(address -> resolved(address).stream())
                .toList();
    }

    private List<MemberAddress> resolved(MemberAddress address) {
        try {
            InetAddress[] known = names.addressesOf(address.host());
            boolean reached = known.length > 0 && Arrays.stream(known).noneMatch(InetAddress::isLoopbackAddress);
            return reached
                    ? Arrays.stream(known)
                            .map(one -> new MemberAddress(one.getHostAddress(), address.port()))
                            .toList()
                    : List.of(address);
        } catch (UnknownHostException notYet) {
            return List.of(address);
        }
    }
}
