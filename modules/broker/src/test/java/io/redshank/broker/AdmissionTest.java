package io.redshank.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.broker.RefusedConnectException.Refusal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The counting of connections, and the pace of their coming. */
class AdmissionTest {
    private static final int NONE = ConnectionLimits.UNLIMITED;

    private static Admission admission(int most, int perAddress) {
        return new Admission(new ConnectionLimits(Duration.ofSeconds(1), most, perAddress, NONE), false);
    }

    @Test
    void places_areGivenBackOnce() {
        Admission admission = admission(2, NONE);
        Admission.Place first = admission.arrive();
        assertThat(admission.arrive().refusal()).isNull();
        Admission.Place third = admission.arrive();
        assertThat(third.refusal()).isEqualTo(Refusal.BUSY);
        assertThat(third.isTurnedAway()).isFalse();
        first.leave();
        first.leave();
        assertThat(admission.admitted()).isEqualTo(1);
        third.leave();
        assertThat(admission.refused()).isZero();
        assertThat(admission.arrive().refusal()).isNull();
        assertThat(admission.arrive().refusal()).isEqualTo(Refusal.BUSY);
    }

    @Test
    void refusedOnes_waitForTheirAnswerInBoundedNumbers() {
        Admission admission = admission(1, NONE);
        List<Admission.Place> places = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            places.add(admission.arrive());
        }
        assertThat(admission.admitted()).isEqualTo(1);
        assertThat(admission.refused()).isEqualTo(1000);
        assertThat(places).filteredOn(Admission.Place::isTurnedAway).hasSize(3999);
        places.forEach(Admission.Place::leave);
        assertThat(admission.admitted() + admission.refused()).isZero();
    }

    @Test
    void anAddress_isCountedUntilItsLastConnectionEnds() throws Exception {
        Admission admission = admission(NONE, 1);
        InetAddress address = InetAddress.getByName("203.0.113.7");
        Admission.Place first = admission.arrive();
        first.comesFrom(address);
        Admission.Place second = admission.arrive();
        second.comesFrom(address);
        assertThat(second.refusal()).isEqualTo(Refusal.QUOTA);
        assertThat(admission.admitted()).isEqualTo(1);
        assertThat(admission.refused()).isEqualTo(1);
        second.leave();
        first.leave();
        assertThat(admission.addresses()).isZero();
        Admission.Place gone = admission.arrive();
        gone.leave();
        gone.comesFrom(address); // told too late, by a proxy
        assertThat(admission.addresses()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7,203.0.113.7,true",
        "203.0.113.7,203.0.113.8,false",
        "2001:db8:1:2::1,2001:db8:1:2:ffff::9,true",
        "2001:db8:1:2::1,2001:db8:1:3::1,false"
    })
    void addressesOfIpv6_countByTheirNetwork(String one, String other, boolean same) throws Exception {
        InetAddress network = Admission.network(InetAddress.getByName(one));
        assertThat(network.equals(Admission.network(InetAddress.getByName(other))))
                .isEqualTo(same);
    }

    @Test
    void pace_allowsASecondsWorthAtOnceAndThenItsShare() {
        long start = 1_000;
        Pace pace = new Pace(10, start);
        assertThat(allowed(pace, start, 30)).isEqualTo(10);
        assertThat(allowed(pace, start + TimeUnit.MILLISECONDS.toNanos(99), 5)).isZero();
        assertThat(allowed(pace, start + TimeUnit.MILLISECONDS.toNanos(100), 5)).isEqualTo(1);
        assertThat(allowed(pace, start + TimeUnit.MILLISECONDS.toNanos(350), 5)).isEqualTo(2);
        assertThat(allowed(pace, start + TimeUnit.SECONDS.toNanos(100), 30)).isEqualTo(10);
    }

    @Test
    void pace_withoutALimitAllowsEverything() {
        assertThat(allowed(new Pace(NONE, 0), 0, 10_000)).isEqualTo(10_000);
    }

    private static int allowed(Pace pace, long now, int tries) {
        int allowed = 0;
        for (int i = 0; i < tries; i++) {
            allowed += pace.allows(now) ? 1 : 0;
        }
        return allowed;
    }
}
