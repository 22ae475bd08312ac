package io.redshank.cluster.join;

import com.hazelcast.config.TcpIpConfig;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Where Hazelcast looks for other members, at start and whenever it looks for parts of a cluster that was split. At a place where
 * nobody is, it then waits for five seconds, so ports are tried only as long as no member has been seen.
 */
final class LiveMembers extends TcpIpConfig {
    private final List<MemberAddress> configured;
    private final CopyOnWriteArrayList<String> seen = new CopyOnWriteArrayList<>();

    LiveMembers(List<String> configured) {
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
        for (MemberAddress address : configured) {
            if (seen.isEmpty() || address.port() > 0) {
                places.addAll(address.places());
            } else if (seen.stream().noneMatch(address::hasHostOf)) {
                places.add(address.places().get(0));
            }
        }
        return List.copyOf(places);
    }
}
