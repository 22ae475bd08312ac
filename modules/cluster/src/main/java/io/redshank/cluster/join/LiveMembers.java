package io.redshank.cluster.join;

import com.hazelcast.config.TcpIpConfig;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Where Hazelcast looks for other members, at start and whenever it looks for parts of a cluster that was split; may grow meanwhile. */
final class LiveMembers extends TcpIpConfig {
    private final CopyOnWriteArrayList<String> addresses;

    LiveMembers(List<String> addresses) {
        this.addresses = new CopyOnWriteArrayList<>(addresses);
        setEnabled(true);
    }

    void add(Collection<String> more) {
        addresses.addAllAbsent(more);
    }

    @Override
    public List<String> getMembers() {
        return addresses;
    }
}
