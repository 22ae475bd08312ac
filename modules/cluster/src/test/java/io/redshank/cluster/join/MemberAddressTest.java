package io.redshank.cluster.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemberAddressTest {
    @Test
    void hostAlone_standsForThePortsOfNodesOnOneMachine() {
        assertThat(MemberAddress.places(List.of("h:7", "[::1]:8", "i")))
                .containsExactly("h:7", "[::1]:8", "i:5701", "i:5702", "i:5703", "i:5704", "i:5705");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":1", "h:", "h:0", "h:65536", "h:1:2", "a b", "a,b", "10.0.0.*", "::1"})
    void whatIsNoAddress_standsForNothing(String text) {
        assertThat(MemberAddress.parse(text)).isEmpty();
    }
}
