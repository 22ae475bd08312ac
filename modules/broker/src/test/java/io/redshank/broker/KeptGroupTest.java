package io.redshank.broker;

import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.Answer;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.MessagePage;
import io.redshank.events.MessagePublished;
import io.redshank.events.ShareFound;
import io.redshank.events.ShareMoved;
import io.redshank.events.ShareOpened;
import io.redshank.events.UnderwayNoted;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the owner of a shared subscription that is kept and the nodes of its members work together. */
class KeptGroupTest {
    private static final String FILTER = "$share/g/t";
    private static final long ERA = 5;

    private final BrokerFixture broker = new BrokerFixture();
    private final Backends backends = broker.backends;

    @BeforeEach
    void start() throws Exception {
        backends.shareOpened.answering(
                opened -> new ShareFound(ERA, true, false, opened.start().value(), 0, List.of()));
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void memberWithASession_isTold_beforeSuback() throws Exception {
        backends.shareOpened.holding(event -> true);
        try (RawMqtt client = persisting("c")) {
            client.send(subscribe(5, 1, FILTER, 2));
            Stub.Asked<ShareOpened, ShareFound> asked = backends.shareOpened.nextHeld();
            assertThat(asked.event().member()).isEqualTo(new ClientId("c"));
            client.expectNothing();
            asked.answer();
            client.next(RawPacket.SUBACK);
        }
    }

    @Test
    void messageThatAnotherMemberHasClaimed_isNotSent_andIsSettled() throws Exception {
        failFirstClaim(EventFailure.TAKEN);
        try (RawMqtt client = persisting("c");
                RawMqtt publisher = broker.connect(5, "p")) {
            client.send(subscribe(5, 1, FILTER, 2)).next(RawPacket.SUBACK);
            publisher.send(publish(5, "t", 2, 1, "taken")).send(publish(5, "t", 2, 2, "own"));
            assertThat(client.next(RawPacket.PUBLISH).payload(5)).isEqualTo("own");
            UnderwayNoted noted = backends.noted.next();
            assertThat(Objects.requireNonNull(noted.claim()).era()).isEqualTo(ERA);
            assertThat(lastMoved(2)).isEqualTo(published(1).id());
        }
    }

    /** The owner is one still, so it begins a new era, and reads what it had dealt out again. */
    @Test
    void ownerThatIsOvertaken_beginsAnew() throws Exception {
        failFirstClaim(EventFailure.REFUSED);
        try (RawMqtt client = persisting("c");
                RawMqtt publisher = broker.connect(5, "p")) {
            client.send(subscribe(5, 1, FILTER, 2)).next(RawPacket.SUBACK);
            assertThat(backends.shareOpened.next().era()).isZero();
            backends.shareOpened.answering(opened ->
                    new ShareFound(ERA + 2, false, true, opened.start().value(), 0, List.of()));
            backends.backlog.answering(fetch -> new MessagePage(List.of(published(0)), "end", false));
            publisher.send(publish(5, "t", 2, 1, "again"));
            assertThat(backends.shareOpened.next().era()).isEqualTo(ERA);
            assertThat(client.next(RawPacket.PUBLISH).payload(5)).isEqualTo("again");
            assertThat(backends.backlog.next().client()).isEqualTo(new ClientId(FILTER));
            assertThat(Objects.requireNonNull(backends.noted.next().claim()).era())
                    .isEqualTo(ERA);
            assertThat(Objects.requireNonNull(backends.noted.next().claim()).era())
                    .isEqualTo(ERA + 2);
        }
    }

    @Test
    void whatWasAMembersForGood_isLeftOut() throws Exception {
        backends.backlog.answering(fetch ->
                new MessagePage(List.of(Messages.message("t", 1, Qos.EXACTLY_ONCE), own()), "end", false));
        backends.shareOpened.answering(opened -> new ShareFound(ERA, false, false, "0", 0, List.of(Messages.id(1))));
        try (RawMqtt client = persisting("c")) {
            client.send(subscribe(5, 1, FILTER, 2)).next(RawPacket.SUBACK);
            assertThat(client.next(RawPacket.PUBLISH).payload(5)).isEqualTo("2");
            assertThat(lastMoved(2)).isEqualTo(Messages.id(2));
        }
    }

    @Test
    void clientWithTheIdOfASubscription_isRefused() throws Exception {
        try (RawMqtt client = broker.open(5).send(ConnectPacket.of(5, FILTER).bytes())) {
            assertThat(client.next(RawPacket.CONNACK).at(1)).isEqualTo(0x85);
        }
    }

    private static Message own() {
        return Messages.message("t", 2, Qos.EXACTLY_ONCE);
    }

    private void failFirstClaim(EventFailure failure) {
        AtomicInteger claims = new AtomicInteger();
        backends.noted.answering(noted -> {
            if (noted.claim() != null && claims.getAndIncrement() == 0) {
                throw new EventFailedException(failure, "not yours");
            }
            return Answer.DONE;
        });
    }

    private RawMqtt persisting(String client) throws Exception {
        return broker.connect(5, ConnectPacket.of(5, client).expiry(60));
    }

    private Message published(int number) {
        MessagePublished event = backends.published.all().get(number);
        return event.message();
    }

    /** The bookmark, when so many messages at QoS 2 are behind it. */
    private MessageId lastMoved(int count) throws Exception {
        ShareMoved moved = backends.shareMoved.next();
        for (int passed = moved.given().size();
                passed < count;
                passed += moved.given().size()) {
            moved = backends.shareMoved.next();
        }
        return moved.bookmark();
    }
}
