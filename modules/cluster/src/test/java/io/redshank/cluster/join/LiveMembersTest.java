package io.redshank.cluster.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LiveMembersTest {
    @Test
    void portsAreTried_untilAMemberIsSeen() {
        LiveMembers members = new LiveMembers(List.of("10.0.0.1", "10.0.0.2:7000", "10.0.0.3"));
        assertThat(members.getMembers())
                .hasSize(11)
                .contains("10.0.0.1:5701", "10.0.0.1:5705", "10.0.0.2:7000", "10.0.0.3:5703");
        members.add(List.of("10.0.0.1:5702"));
        assertThat(members.getMembers()).containsExactly("10.0.0.1:5702", "10.0.0.2:7000", "10.0.0.3:5701");
    }
}
