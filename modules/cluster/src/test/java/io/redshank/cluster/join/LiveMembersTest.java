package io.redshank.cluster.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LiveMembersTest {
    @Test
    void portsAreTried_untilAMemberIsSeen() {
        LiveMembers members = new LiveMembers(List.of("10.0.0.1", "10.0.0.2:7000", "10.0.0.3"), LiveMembers.KEPT);
        assertThat(members.getMembers())
                .hasSize(11)
                .contains("10.0.0.1:5701", "10.0.0.1:5705", "10.0.0.2:7000", "10.0.0.3:5703");
        members.add(List.of("10.0.0.1:5702"));
        assertThat(members.getMembers()).containsExactly("10.0.0.1:5702", "10.0.0.2:7000", "10.0.0.3:5701");
    }

    @Test
    void nameOfSeveralNodes_standsForEachOfThem_andIsAskedForAnew() throws Exception {
        Map<String, InetAddress[]> known = new HashMap<>();
        known.put("node", new InetAddress[] {InetAddress.getByName("10.0.0.1")});
        known.put("localhost", new InetAddress[] {InetAddress.getLoopbackAddress()});
        LiveMembers members =
                new LiveMembers(List.of("node:5701", "localhost:5701", "nobody:5701", "[::1]:5701"), name -> {
                    if (!known.containsKey(name)) {
                        throw new UnknownHostException(name);
                    }
                    return known.get(name);
                });
        assertThat(members.getMembers())
                .containsExactly("10.0.0.1:5701", "localhost:5701", "nobody:5701", "[::1]:5701");
        known.put("node", new InetAddress[] {InetAddress.getByName("10.0.0.2"), InetAddress.getByName("fd00::1")});
        assertThat(members.getMembers())
                .containsExactly(
                        "10.0.0.2:5701", "[fd00:0:0:0:0:0:0:1]:5701", "localhost:5701", "nobody:5701", "[::1]:5701");
    }
}
