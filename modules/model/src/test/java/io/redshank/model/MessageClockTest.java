package io.redshank.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageClockTest {
    private static final long NOW = 1_800_000_000_000_000L;
    private static final long DAY = 86_400_000_000L;
    private static final int SEQUENCES = 62 * 62 * 62 * 62;

    private long micros = NOW;
    private final MessageClock clock = clockOf("node-1");

    @Test
    void next_isOurForm() {
        assertThat(clock.next().value()).hasSize(MessageId.LENGTH).matches("[0-9A-Za-z]{20}");
    }

    @Test
    void next_risesStrictly_whateverTheTimeDoes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        MessageId last = clock.next();
        for (int i = 0; i < 100_000; i++) {
            micros += random.nextInt(5) - 2;
            MessageId next = clock.next();
            assertThat(next.isAfter(last))
                    .as("%s after %s, seed %s", next, last, seed)
                    .isTrue();
            last = next;
        }
    }

    @Test
    void next_orderOfBytes_isTheOrderInWhichTheyWereGiven() {
        List<MessageId> given = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            micros += i % 3 == 0 ? i * 1_000_003L : 0;
            given.add(clock.next());
        }
        List<MessageId> sorted = new ArrayList<>(given);
        sorted.sort((a, b) -> Arrays.compareUnsigned(bytes(a), bytes(b)));
        assertThat(sorted).isEqualTo(given);
    }

    @Test
    void next_afterTheClockWasSetBack_stillRises() {
        MessageId before = clock.next();
        micros -= 3600_000_000L;
        assertThat(clock.next().isAfter(before)).isTrue();
    }

    @Test
    void next_afterMoreThanASequenceAtOneTime_movesTheTimeOn() {
        MessageId last = clock.next();
        for (int i = 1; i < SEQUENCES; i++) {
            last = clock.next();
        }
        assertThat(MessageClock.microsOf(last)).isEqualTo(NOW);
        MessageId overflowed = clock.next();
        assertThat(overflowed.isAfter(last)).isTrue();
        assertThat(MessageClock.microsOf(overflowed)).isEqualTo(NOW + 1);
    }

    @Test
    void next_beforeTimeBegan_isOurForm() {
        micros = 0;
        MessageId first = clock.next();
        assertThat(first.value()).matches("[0-9A-Za-z]{20}");
        assertThat(clock.next().isAfter(first)).isTrue();
    }

    @Test
    void next_ofAnotherOrigin_isAnotherId() {
        assertThat(clockOf("node-2").next()).isNotEqualTo(clock.next());
        assertThat(clockOf("node-1/2").next()).isNotEqualTo(clockOf("node-1/1").next());
    }

    @Test
    void observe_anIdAhead_isPassed() {
        micros = NOW + DAY / 2;
        MessageId seen = clockOf("zzz").next();
        micros = NOW;
        clock.observe(seen);
        assertThat(clock.next().isAfter(seen)).isTrue();
    }

    @Test
    void observe_anIdOfTheSameTime_isPassed() {
        MessageClock other = clockOf("zzz");
        MessageId own = clock.next();
        MessageId seen = new MessageId(own.value().substring(0, 10) + "z".repeat(10));
        clock.observe(seen);
        assertThat(clock.next().isAfter(seen)).isTrue();
        clock.observe(other.next()); // behind by now
        assertThat(clock.next().isAfter(seen)).isTrue();
    }

    @Test
    void observe_anIdOfTheFarFuture_isIgnored() {
        micros = NOW + DAY + 1;
        MessageId seen = clockOf("broken").next();
        micros = NOW;
        clock.observe(seen);
        assertThat(MessageClock.microsOf(clock.next())).isEqualTo(NOW);
    }

    @Test
    void observe_anIdOfAnotherForm_isIgnored() {
        clock.observe(new MessageId("zzzzzzzzzz-zzzzzzzzz"));
        clock.observe(new MessageId("z"));
        assertThat(MessageClock.microsOf(clock.next())).isEqualTo(NOW);
    }

    @Test
    void horizon_isAboveWhatIsGivenNow() {
        assertThat(clock.horizon().isAfter(clock.next())).isTrue();
        assertThat(MessageClock.microsOf(clock.horizon())).isEqualTo(NOW + DAY);
    }

    /** Else an id that this clock accepted would lead to one that no other clock accepts. */
    @Test
    void horizon_isAboveWhatIsGiven_afterTheLatestIdThatIsNotIgnored() {
        for (long ahead = DAY - 3; ahead <= DAY; ahead++) {
            micros = NOW + ahead;
            MessageId seen = clockOf("zzz").next();
            micros = NOW;
            clock.observe(seen);
            assertThat(clock.horizon().isAfter(clock.next()))
                    .as("ahead by %d", ahead)
                    .isTrue();
        }
    }

    @Test
    void horizon_isAboveWhatIsGiven_afterTheClockWasSetBackByDays() {
        MessageId before = clock.next();
        micros -= 3 * DAY;
        assertThat(clock.horizon().isAfter(before)).isTrue();
        assertThat(clock.horizon().isAfter(clock.next())).isTrue();
    }

    @Test
    void microsOf_readsBackTheTime() {
        for (long time = 1; time < NOW; time = time * 7 + 3) {
            micros = time;
            assertThat(MessageClock.microsOf(clockOf("any").next())).isEqualTo(time);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "0000000000000000000",
                "000000000000000000000",
                "0000000000000000000-",
                "000000000é0000000000"
            })
    void microsOf_anIdOfAnotherForm_isNegative(String foreign) {
        assertThat(MessageClock.microsOf(new MessageId(foreign))).isEqualTo(-1);
    }

    @Test
    void system_tellsTheTimeOfTheMachine() {
        long before = System.currentTimeMillis() * 1000;
        assertThat(MessageClock.microsOf(MessageClock.system("any").next())).isBetween(before, before + DAY);
    }

    private MessageClock clockOf(String origin) {
        return new MessageClock(origin, () -> micros);
    }

    private static byte[] bytes(MessageId id) {
        return id.value().getBytes(StandardCharsets.UTF_8);
    }
}
